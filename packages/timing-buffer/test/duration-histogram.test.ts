import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DurationHistogram } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

test('durations below 64 ns are counted exactly', () => {
  const histogram = new DurationHistogram();
  expect(histogram.quantileNs(0.5)).toBeUndefined();
  for (let duration = 1; duration <= 50; duration += 1) histogram.record(duration);
  expect([0, 0.5, 0.9, 1].map((q) => histogram.quantileNs(q))).toEqual([1, 25, 45, 50]);
  expect(histogram.count).toBe(50);
  expect(histogram.maxNs).toBe(50);
});

const durations = fc.array(
  fc.oneof(
    fc.nat(200),
    fc.nat(10_000_000),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.constantFrom(0, 63, 64, 2 ** 31 - 1, 2 ** 31, 2 ** 47, Number.MAX_SAFE_INTEGER),
  ),
  { minLength: 1, maxLength: 60 },
);

test('any quantile is that of the sorted durations, or at most 1/32 above it', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
      const histogram = new DurationHistogram();
      for (const value of values) histogram.record(value);
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil(quantile * values.length) - 1)];
      const found = histogram.quantileNs(quantile) ?? NaN;
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThanOrEqual(exact + exact / 32);
      expect(histogram.maxNs).toBe(sorted[sorted.length - 1]);
    }),
  );
});

test('a series is the same as recording each of its durations', () => {
  fc.assert(
    fc.property(
      fc.nat(5000),
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(300),
      (first, stepNs, count) => {
        const series = new DurationHistogram();
        const each = new DurationHistogram();
        series.recordSeries(first, stepNs, count);
        for (let index = 0; index < count; index += 1) each.record(first + index * stepNs);
        expect(series.count).toBe(each.count);
        for (let q = 0; q <= 1; q += 1 / 64) {
          expect(series.quantileNs(q)).toBe(each.quantileNs(q));
        }
      },
    ),
  );
});

test('a series of 10⁹ durations is recorded at once', () => {
  const histogram = new DurationHistogram();
  histogram.recordSeries(1000, 1000, 1e9);
  expect(histogram.count).toBe(1e9);
  expect(histogram.maxNs).toBe(1e12);
});

test.each([-1, NaN, Infinity, 2 ** 53])('a duration of %d ns is refused', (duration) => {
  expectCode('DURATION_OUT_OF_RANGE', () => new DurationHistogram().record(duration));
});
