import { expect, test } from 'vitest';
import { LogReturns } from '../../src/experts/indicators/log-returns.ts';
import { volatilityManagedExposure } from '../../src/experts/volatility-managed-exposure.ts';
import { closesFrom, windowOf } from './windows.ts';

/** A year of log returns ±1 % in turn, the last month of them times `factor`. */
function opinionOn(factor: number): unknown {
  const returns = Array.from({ length: 252 }, (_, index) => {
    const size = index < 230 ? 0.01 : 0.01 * factor;
    return index % 2 === 0 ? size : -size;
  });
  return volatilityManagedExposure.opine(
    windowOf({ close: closesFrom(100, returns.map(Math.expm1)) }),
  );
}

test('the variance of the last returns is around their mean', () => {
  // Log returns 7, 0.1, −0.1, 0.3: the last three have mean 0.1, variance (0 + 0.04 + 0.04) / 3.
  const close = Float64Array.from(closesFrom(100, [7, 0.1, -0.1, 0.3].map(Math.expm1)));
  const returns = new LogReturns(3);
  for (let index = 0; index < close.length; index++) returns.take(close, index);
  expect(returns.variance()).toBeCloseTo(0.08 / 3, 14);
});

test('a calm month is held more, a wild one less, by the ratio of variances', () => {
  const year = (factor: number): number => (230 + 22 * factor * factor) / 252;
  // Returns from rounded closes are exact to 1e-16, their squares to 1e-14 of themselves.
  expect(opinionOn(0.5)).toEqual({
    kind: 'opinion',
    direction: 1,
    strength: expect.closeTo(1 - 0.25 / year(0.5), 10) as number,
  });
  expect(opinionOn(2)).toEqual({
    kind: 'opinion',
    direction: -1,
    strength: expect.closeTo(1 - year(2) / 4, 10) as number,
  });
});

test('growth by the same factor each candle has no variance to manage', () => {
  const close = closesFrom(100, new Array<number>(252).fill(0.01));
  expect(volatilityManagedExposure.opine(windowOf({ close }))).toMatchObject({
    reason: 'DEGENERATE_WINDOW',
  });
});
