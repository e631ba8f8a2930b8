import { expect } from 'vitest';
import { TimingBufferError } from '../src/index.ts';
import type { TimingBufferErrorCode } from '../src/index.ts';

/** Runs `action` and expects it to throw a {@link TimingBufferError} with `code`. */
export function expectCode(code: TimingBufferErrorCode, action: () => unknown): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TimingBufferError);
  expect(thrown).toHaveProperty('code', code);
}
