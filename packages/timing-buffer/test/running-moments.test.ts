import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunningMoments } from '../src/running-moments.ts';

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const moments = new RunningMoments();
  const all = Float64Array.from(values);
  values.forEach((_, index) => moments.add(all, index, index + 1));
  const figures = new Float64Array(2);
  moments.read(values.length, figures, 0);
  return { mean: figures[0], deviation: figures[1] };
}

/** NIST's NumAcc2–4: `centre`, then 1000 values alternating 0.1 below and above it. */
function alternating(centre: number, low: number, high: number): number[] {
  return [centre, ...Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? low : high))];
}

describe('NIST Statistical Reference Datasets, univariate summary statistics', () => {
  // The certified deviations divide by n − 1; ours divides by n.
  const population = (sample: number, n: number): number => sample * Math.sqrt((n - 1) / n);

  test.each([
    { name: 'NumAcc1', values: [10000001, 10000003, 10000002], mean: 10000002, deviation: 1 },
    { name: 'NumAcc2', values: alternating(1.2, 1.1, 1.3), mean: 1.2, deviation: 0.1 },
    {
      name: 'NumAcc3',
      values: alternating(1000000.2, 1000000.1, 1000000.3),
      mean: 1000000.2,
      deviation: 0.1,
    },
    {
      name: 'NumAcc4',
      values: alternating(10000000.2, 10000000.1, 10000000.3),
      mean: 10000000.2,
      deviation: 0.1,
    },
  ])('$name: certified mean and deviation', ({ values, mean, deviation }) => {
    const found = momentsOf(values);
    expect(Math.abs(found.mean / mean - 1)).toBeLessThan(1e-14);
    // The data themselves round to 1e-9 near 1e7, which is 1e-8 of the deviation 0.1.
    expect(Math.abs(found.deviation / population(deviation, values.length) - 1)).toBeLessThan(1e-8);
  });
});

test('the mean lies between the extremes and the deviation is a number ≥ 0, always', () => {
  const value = fc.double({ min: 0, max: 2 ** 53, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
      const { mean, deviation } = momentsOf(values);
      expect(mean).toBeGreaterThanOrEqual(Math.min(...values));
      expect(mean).toBeLessThanOrEqual(Math.max(...values));
      expect(deviation).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

test('equal values have exactly their value as mean and no deviation', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2 ** 53, noNaN: true }),
      fc.integer({ min: 1, max: 500 }),
      (value, count) => {
        const { mean, deviation } = momentsOf(Array.from({ length: count }, () => value));
        expect(mean === value).toBe(true);
        expect(deviation).toBe(0);
      },
    ),
  );
});
