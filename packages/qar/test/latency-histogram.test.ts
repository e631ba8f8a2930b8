import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyHistogram } from '../src/latency-histogram.ts';

test('a percentile is the sorted value, too high by at most 1/64 of it', () => {
  const durations = fc.array(fc.integer({ min: 0, max: 2 ** 47 }), { minLength: 1 });
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
      const histogram = new LatencyHistogram();
      for (const value of values) histogram.record(value);
      const rank = Math.max(1, Math.ceil(quantile * values.length));
      const exact = [...values].sort((a, b) => a - b)[rank - 1];
      const found = histogram.percentileNs(quantile) ?? NaN;
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 64));
    }),
  );
});

test('an empty histogram has no percentile, and a clock that runs backwards is refused', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.percentileNs(0.5)).toBeUndefined();
  for (const wrong of [-1, NaN]) {
    expect(() => {
      histogram.record(wrong);
    }).toThrow(expect.objectContaining({ code: 'OUT_OF_ORDER' }));
  }
  expect(histogram.count).toBe(0);
});

test('durations beyond the last bucket count in it', () => {
  const histogram = new LatencyHistogram();
  histogram.record(2 ** 60);
  expect(histogram.maximumNs).toBe(2 ** 60);
  expect(histogram.percentileNs(1)).toBe(2 ** 48 - 1);
});
