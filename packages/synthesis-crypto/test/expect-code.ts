import { expect } from 'vitest';
import { SynthesisCryptoError } from '../src/index.ts';
import type { SynthesisCryptoErrorCode } from '../src/index.ts';

/** Runs `action`, expects a {@link SynthesisCryptoError} with `code` and returns it. */
export function expectCode(
  code: SynthesisCryptoErrorCode,
  action: () => unknown,
): SynthesisCryptoError {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SynthesisCryptoError);
  expect(thrown).toHaveProperty('code', code);
  // Just checked.
  return thrown as SynthesisCryptoError;
}
