import { StochasticOscillator } from 'trading-signals';
import { expect, test } from 'vitest';
import { slowStochastic, stochasticOscillator } from '../../src/experts/stochastic-oscillator.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

/** Candles from 100 to 200, whose last five closes are at these percentages of that range. */
function windowAtPercent(lastFive: readonly number[]) {
  const close = [...new Array<number>(13).fill(150), ...lastFive.map((percent) => 100 + percent)];
  return windowOf({ close, high: close.map(() => 200), low: close.map(() => 100) });
}

test('%K is the mean of three fast values and %D the mean of three %K', () => {
  // %K: 5, 6, 11.
  const { k, d } = slowStochastic(windowAtPercent([5, 5, 5, 8, 20]));
  expect(k).toBeCloseTo(11, 12);
  expect(d).toBeCloseTo(22 / 3, 12);
});

test('%K above an oversold %D is followed up, below an overbought %D down', () => {
  expect(stochasticOscillator.opine(windowAtPercent([5, 5, 5, 8, 20]))).toEqual({
    kind: 'opinion',
    direction: 1,
    strength: expect.closeTo((20 - 22 / 3) / 20, 12) as number,
  });
  expect(stochasticOscillator.opine(windowAtPercent([95, 95, 95, 92, 80]))).toEqual({
    kind: 'opinion',
    direction: -1,
    strength: expect.closeTo((20 - 22 / 3) / 20, 12) as number,
  });
});

test('a turn in the middle, or an extreme without a turn, is no signal', () => {
  for (const percents of [
    [40, 40, 40, 45, 60],
    [10, 10, 10, 10, 10],
    [100, 100, 100, 100, 100],
    [20, 15, 10, 5, 0],
    [80, 85, 90, 95, 100],
  ]) {
    expect(stochasticOscillator.opine(windowAtPercent(percents))).toMatchObject({
      reason: 'NO_SIGNAL',
    });
  }
});

test('oversold is below 20, overbought above 80', () => {
  const on = (percents: readonly number[]): unknown =>
    stochasticOscillator.opine(windowAtPercent(percents));
  // %D is (f0 + 2 f1 + 3 f2 + 2 f3 + f4) / 9: 19, 20, 80 and 81.
  expect(on([18, 18, 18, 18, 27])).toMatchObject({ direction: 1 });
  expect(on([19, 19, 19, 19, 28])).toMatchObject({ reason: 'NO_SIGNAL' });
  expect(on([81, 81, 81, 81, 72])).toMatchObject({ reason: 'NO_SIGNAL' });
  expect(on([82, 82, 82, 82, 73])).toMatchObject({ direction: -1 });
});

test('both lines are those of trading-signals', () => {
  const candles = readCandles(SP500_FILE);
  const theirs = new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 });
  for (let i = 0; i < candles.length; i++) {
    const [high, low, close] = [candles.high[i], candles.low[i], candles.close[i]];
    const result = theirs.update({ high, low, close }, false);
    if (result === null) continue;
    const { k, d, lead } = slowStochastic(windowAt(candles, i, 18));
    // A few roundings of percentages.
    expect(k).toBeCloseTo(result.stochK, 9);
    expect(d).toBeCloseTo(result.stochD, 9);
    expect(lead).toBeCloseTo(result.stochK - result.stochD, 9);
  }
});
