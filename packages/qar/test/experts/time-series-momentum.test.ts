import { expect, test } from 'vitest';
import { timeSeriesMomentum } from '../../src/experts/time-series-momentum.ts';
import { closesFrom, windowOf } from './windows.ts';

test('the strength is the year in standard deviations, full at two', () => {
  // 252 log returns of d ± 1 %: the year is 252 d, its deviation 1 % · √252.
  const yearIn = (deviations: number): unknown => {
    const drift = (deviations * 0.01) / Math.sqrt(252);
    const returns = Array.from({ length: 252 }, (_, i) =>
      Math.expm1(drift + (i % 2 === 0 ? 0.01 : -0.01)),
    );
    return timeSeriesMomentum.opine(windowOf({ close: closesFrom(100, returns) }));
  };
  for (const deviations of [-3, -1.5, -0.5, 0.5, 1.5, 3]) {
    expect(yearIn(deviations)).toEqual({
      kind: 'opinion',
      direction: Math.sign(deviations),
      strength: expect.closeTo(Math.min(1, Math.abs(deviations) / 2), 10) as number,
    });
  }
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
