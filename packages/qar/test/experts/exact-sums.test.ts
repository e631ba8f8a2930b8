import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupedSums, SlidingSums } from '../../src/experts/indicators/exact-sums.ts';

const number = fc.oneof(
  fc.double({ min: -1e-6, max: 1e-6, noNaN: true }),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.constantFrom(0, -0, 1, 0.1, -0.1, 5e-324),
);

test('0.1 three times less 0.3 leaves what exact arithmetic leaves', () => {
  const sums = new SlidingSums(1, 4);
  for (const value of [0.1, 0.1, 0.1, -0.3]) sums.push([value]);
  // 3·0.1 − 0.3 of the doubles themselves, 2^−55; left to right the sum is 5.6e-17.
  expect(sums.sum(0)).toBe(2.7755575615628914e-17);
});

test('a sum that has slid has the bits of one made anew', () => {
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (values, candles) => {
        const slid = new SlidingSums(1, candles);
        for (const value of values) slid.push([value]);
        const anew = new SlidingSums(1, candles);
        for (const value of values.slice(-candles).reverse()) anew.push([value]);
        expect(slid.sum(0)).toBe(anew.sum(0));
      },
    ),
  );
});

test('a sum is right to the last bit that 2^−100 leaves', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), (values) => {
      const sums = new SlidingSums(1, 64);
      for (const value of values) sums.push([value]);
      // Exact, in units of 2^−1074: a double is an integer of them.
      const exact = values.reduce((sum, value) => sum + integerOf(value), 0n);
      const error = integerOf(sums.sum(0)) - exact;
      const size = error < 0n ? -error : error;
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Two roundings of the four units, and half a unit of 2^−100 for each number.
      const bound = 64 * scale * Number.EPSILON * Number.EPSILON;
      const rounding = 2 * Math.abs(sums.sum(0)) * Number.EPSILON;
      expect(size <= integerOf(bound + rounding + 40 * 2 ** -101)).toBe(true);
    }),
  );
});

function integerOf(value: number): bigint {
  let scaled = value;
  let power = 1074;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    power--;
  }
  return BigInt(scaled) << BigInt(power);
}

test('each group counts its own, and one that has left leaves nothing', () => {
  const sums = new GroupedSums(2, 3);
  sums.push(0, 1e6);
  sums.push(1, 3);
  sums.push(-1, NaN);
  expect([sums.count(0), sums.sum(0), sums.count(1), sums.sum(1)]).toEqual([1, 1e6, 1, 3]);
  sums.push(1, 5);
  // 3 and 5: mean 4, variance 2, over two candles 1.
  expect([sums.count(0), sums.sum(0), sums.mean(1), sums.squaredError(1)]).toEqual([0, 0, 4, 1]);
  expect(sums.squaredError(0)).toBeNaN();
});
