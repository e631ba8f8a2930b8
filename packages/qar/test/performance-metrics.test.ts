import fc from 'fast-check';
import { expect, test } from 'vitest';
import { performanceMetrics } from '../src/performance-metrics.ts';

function metricsOf(equity: number[], periodsPerYear = 252) {
  return performanceMetrics({
    equity: Float64Array.from(equity),
    exposure: new Float64Array(equity.length),
    tradedNotional: 0,
    trades: 0,
    periodsPerYear,
  });
}

test('a worked example: +10 %, −10 %, +20 %', () => {
  const metrics = metricsOf([100, 110, 99, 118.8], 3);
  expect(metrics.totalReturn).toBeCloseTo(0.188, 12);
  // Three periods are one year.
  expect(metrics.annualReturn).toBeCloseTo(0.188, 12);
  expect(metrics.maximumDrawdown).toBeCloseTo(0.1, 12);
  // Mean 1/15; sample deviation of (0.1, −0.1, 0.2) = √(0.07/3); downside √(0.01/3).
  const mean = 0.2 / 3;
  expect(metrics.sharpe).toBeCloseTo((mean / Math.sqrt(0.07 / 3)) * Math.sqrt(3), 12);
  expect(metrics.sortino).toBeCloseTo((mean / Math.sqrt(0.01 / 3)) * Math.sqrt(3), 12);
});

test('equity that never moves has no Sharpe ratio, and one without a loss no Sortino ratio', () => {
  expect(metricsOf([5, 5, 5])).toMatchObject({
    totalReturn: 0,
    annualReturn: 0,
    sharpe: undefined,
    sortino: undefined,
    maximumDrawdown: 0,
  });
  expect(metricsOf([1, 2, 3]).sortino).toBeUndefined();
});

test('turnover is traded notional per year over mean equity', () => {
  const metrics = performanceMetrics({
    equity: Float64Array.of(100, 100, 100),
    exposure: Float64Array.of(0.5, -0.5, 0),
    tradedNotional: 50,
    trades: 2,
    periodsPerYear: 4,
  });
  expect(metrics.turnover).toBe(1);
  expect(metrics.meanExposure).toBeCloseTo(1 / 3, 15);
});

test('figures do not depend on the unit of money', () => {
  const curve = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 3 });
  fc.assert(
    fc.property(curve, fc.double({ min: 0.001, max: 1000, noNaN: true }), (equity, scale) => {
      const before = metricsOf(equity);
      const after = metricsOf(equity.map((value) => value * scale));
      expect(after.totalReturn).toBeCloseTo(before.totalReturn, 9);
      expect(after.maximumDrawdown).toBeCloseTo(before.maximumDrawdown, 9);
    }),
  );
});
