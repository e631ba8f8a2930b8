import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceProbabilities } from '../src/index.ts';
import { finite, floats } from './arbitraries.ts';

test('of two options the first is chosen with the logistic function of the difference', () => {
  fc.assert(
    fc.property(finite(-20, 20), finite(-20, 20), finite(0, 3), (a, b, sensitivity) => {
      const [first, second] = choiceProbabilities([a, b], sensitivity);
      expect(first).toBeCloseTo(1 / (1 + Math.exp(-sensitivity * (a - b))), 12);
      expect(first + second).toBeCloseTo(1, 14);
    }),
  );
});

test('adding the same to every value changes nothing', () => {
  fc.assert(
    fc.property(floats(4, -10, 10), finite(0, 10), (values, sensitivity) => {
      const shifted = choiceProbabilities(
        values.map((value) => value + 8),
        sensitivity,
      );
      choiceProbabilities(values, sensitivity).forEach((probability, i) =>
        expect(shifted[i]).toBeCloseTo(probability, 12),
      );
    }),
  );
});

test('no sensitivity chooses evenly', () => {
  expect(choiceProbabilities([1e300, 0, -1e300, 3], 0)).toEqual(new Float64Array(4).fill(0.25));
});

test('a huge sensitivity takes the best, and evenly among equals', () => {
  expect(choiceProbabilities([1, 3, 2, 3], 1e300)).toEqual(Float64Array.of(0, 0.5, 0, 0.5));
  expect(choiceProbabilities([1e300, -1e300], 1e300)).toEqual(Float64Array.of(1, 0));
  expect(choiceProbabilities([1e12 + 1, 1e12], 50)[0]).toBeCloseTo(1, 14);
});

describe('bad input is refused', () => {
  test.each([
    ['no options', [], 1, 'EMPTY'],
    ['a value that is NaN', [1, NaN], 1, 'OUT_OF_RANGE'],
    ['an infinite value', [Infinity, 0], 1, 'OUT_OF_RANGE'],
    ['a negative sensitivity', [1, 2], -1, 'OUT_OF_RANGE'],
    ['a sensitivity that is NaN', [1, 2], NaN, 'OUT_OF_RANGE'],
    ['an infinite sensitivity', [1, 2], Infinity, 'OUT_OF_RANGE'],
  ])('%s', (_, values, sensitivity, code) => {
    expect(() => choiceProbabilities(values, sensitivity)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
