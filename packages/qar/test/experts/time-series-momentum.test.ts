import { expect, test } from 'vitest';
import { exAnteVolatility, timeSeriesMomentum } from '../../src/experts/time-series-momentum.ts';
import { closesFrom, windowOf } from './windows.ts';

test('of the returns 0 and x the ex-ante volatility is x √δ / (1 + δ), δ = 60/61', () => {
  const close = Float64Array.of(100, 100, 103);
  const decay = 60 / 61;
  // The return 103/100 − 1 is rounded to 1e-16.
  expect(exAnteVolatility(close, 1, 3)).toBeCloseTo((0.03 * Math.sqrt(decay)) / (1 + decay), 15);
});

test('the strength is the year in standard deviations, full at two', () => {
  // 252 returns of ±1 % in turn, but for a start that moves the year by half a deviation.
  const volatility = 0.01;
  const start = Math.exp(0.5 * volatility * Math.sqrt(252)) - 1;
  const returns = Array.from({ length: 252 }, (_, index) => (index % 2 === 0 ? 0.01 : -0.01));
  const balanced = closesFrom(100, returns.slice(2));
  const close = [balanced[0] / (1 + start), balanced[0], ...balanced];
  const opinion = timeSeriesMomentum.opine(windowOf({ close }));
  expect(opinion).toMatchObject({ kind: 'opinion', direction: 1 });
  // Each pair of returns loses 0.01²/2, which the year sums to 0.08 deviations; and the first
  // return is an outlier with a weight of δ^251 = 1.6 % among 60.
  expect(opinion.kind === 'opinion' && opinion.strength).toBeCloseTo((0.5 - 0.08) / 2, 2);
});

test('a year that ends where it began has no momentum', () => {
  const close = Array.from({ length: 253 }, (_, index) => (index % 2 === 0 ? 100 : 101));
  expect(timeSeriesMomentum.opine(windowOf({ close }))).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('growth by the same factor each candle has no volatility to measure by', () => {
  const close = closesFrom(100, new Array<number>(255).fill(0.01));
  expect(timeSeriesMomentum.opine(windowOf({ close }))).toMatchObject({
    reason: 'DEGENERATE_WINDOW',
  });
});
