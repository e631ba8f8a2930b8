import { ResourcePoolError } from '@sema/resource-pool';

/** The code that `action` fails with; undefined when it does not. Any other error passes on. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof ResourcePoolError) return error.code;
    throw error;
  }
  return undefined;
}
