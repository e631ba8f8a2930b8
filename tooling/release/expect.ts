import { equals, iterableEquality } from '@vitest/expect';

// Bundled beside the examples of a README, which import it in Node and in browsers.
let count = 0;

/** As many assertions as held since this module was loaded. */
export function held(): number {
  return count;
}

/** What the tests of this repository call `toEqual`, and nothing else of theirs. */
export function expect(actual: unknown, where: string): { toEqual(expected: unknown): void } {
  return {
    toEqual(expected) {
      if (!equals(actual, expected, [iterableEquality])) {
        throw new Error(`${where} does not hold: it is ${String(actual)}`);
      }
      count += 1;
    },
  };
}
