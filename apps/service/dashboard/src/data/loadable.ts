import { ServiceProblem } from './service-problem.ts';

/** Something that is asked for, and what came of it. */
export type Loadable<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: ServiceProblem }
  | { readonly kind: 'ready'; readonly value: Value };

export const LOADING: Loadable<never> = { kind: 'loading' };

/** The answer, or the problem that came instead; whatever else is thrown is a fault of ours. */
export async function loaded<Value>(answer: Promise<Value>): Promise<Loadable<Value>> {
  try {
    return { kind: 'ready', value: await answer };
  } catch (problem) {
    if (problem instanceof ServiceProblem) return { kind: 'failed', problem };
    throw problem;
  }
}

/** The value when it is there. */
export function valueOf<Value>(loadable: Loadable<Value>): Value | undefined {
  return loadable.kind === 'ready' ? loadable.value : undefined;
}
