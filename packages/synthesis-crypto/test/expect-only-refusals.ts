import { expect } from 'vitest';
import { SynthesisCryptoError } from '../src/index.ts';

/** Runs `action` and returns its refusal, if any; whatever else it throws fails the test. */
export function expectOnlyRefusals(action: () => unknown): SynthesisCryptoError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SynthesisCryptoError);
    // Just checked.
    return error as SynthesisCryptoError;
  }
}
