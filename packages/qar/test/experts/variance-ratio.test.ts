import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import { logRatio } from '../../src/experts/indicators/log-ratio.ts';
import { varianceRatio, VarianceRatioTest } from '../../src/experts/variance-ratio.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { closesFrom, windowOf } from './windows.ts';

function testOf(steps: readonly number[]): { readonly ratio: number; readonly statistic: number } {
  const test = new VarianceRatioTest(steps.length);
  for (const step of steps) test.step(step);
  return test.result();
}

function logReturns(close: Float64Array): number[] {
  return Array.from(close.subarray(1), (price, i) => logRatio(close[i], price));
}

test('steps that always come back have ratio 0', () => {
  // Steps 1, −1, 1, −1: variance 4/3, changes over two steps all 0, θ(2) = 3/16, z* = −4/√3.
  const { ratio, statistic } = testOf([1, -1, 1, -1]);
  expect(ratio).toBe(0);
  expect(statistic).toBeCloseTo(-4 / Math.sqrt(3), 12);
});

// arch 8.0.0, VarianceRatio(log close, lags=2): index of the last of 256 closes of the S&P 500,
// ratio, statistic (robust, de-biased, overlapping).
test.each([
  [255, 0.9581396551188823, -0.5692490109408184],
  [2225, 0.8425200542067878, -2.0032964258394528],
  [4000, 1.0974240025255177, 0.9823588290554018],
  [5104, 0.6213293492725056, -2.08616946869799],
])('up to day %d the ratio of 2 steps to 1 is that of arch', (end, ratio, statistic) => {
  const { close } = windowAt(readCandles(SP500_FILE), end, 256);
  const ours = testOf(logReturns(close));
  // Returns of 1e-4 from log prices around 7: 2^-53 · 7 / 1e-4 each, and they average out.
  expect(ours.ratio).toBeCloseTo(ratio, 10);
  expect(ours.statistic).toBeCloseTo(statistic, 10);
});

test('a random walk is rejected about once in twenty times, also when its variance changes', () => {
  const random = mulberry32(20_240_501);
  const rejected = [1, 5].map((wild) => {
    let count = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const steps: number[] = [];
      for (let t = 1; t < 256; t++) {
        const scale = t % 64 < 32 ? 1 : wild;
        let step = -6;
        for (let k = 0; k < 12; k++) step += random.next();
        steps.push(scale * step);
      }
      if (Math.abs(testOf(steps).statistic) > 1.959963984540054) count++;
    }
    return count / 2000;
  });
  // The seed is fixed. Four binomial deviations around 5 % are 2 %: one seed in 15 000 would fail.
  for (const rate of rejected) expect(Math.abs(rate - 0.05)).toBeLessThan(0.02);
});

test('a statistic of more than 1.96 decides, with its sign times that of the last move', () => {
  const candles = readCandles(SP500_FILE);
  for (let end = 255; end < candles.length; end += 7) {
    const { close } = windowAt(candles, end, 256);
    const { statistic } = testOf(logReturns(close));
    const opinion = varianceRatio.opine(windowAt(candles, end, 256));
    if (Math.abs(statistic) <= 1.959963984540054) {
      expect(opinion.kind).toBe('abstention');
    } else {
      expect(opinion).toMatchObject({
        direction: Math.sign(statistic * (close[255] - close[254])),
        strength: expect.closeTo(1 - 1.959963984540054 / Math.abs(statistic), 12) as number,
      });
    }
  }
});

/** Closes whose returns are drawn towards `persistence` times the one before. */
function autoregressive(persistence: number, last: number): number[] {
  const random = mulberry32(7);
  const returns: number[] = [];
  for (let t = 0; t < 254; t++) {
    returns.push(persistence * (returns[t - 1] ?? 0) + 0.02 * (random.next() - 0.5));
  }
  return closesFrom(100, [...returns, last]);
}

test('where returns persist the last move goes on, where they revert it comes back', () => {
  const on = (persistence: number, last: number): unknown =>
    varianceRatio.opine(windowOf({ close: autoregressive(persistence, last) }));
  expect(on(0.6, 0.01)).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(on(0.6, -0.01)).toMatchObject({ kind: 'opinion', direction: -1 });
  expect(on(-0.6, 0.01)).toMatchObject({ kind: 'opinion', direction: -1 });
  expect(on(-0.6, -0.01)).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(on(0, 0.01)).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
  expect(on(0.6, 0)).toMatchObject({ reason: 'NO_SIGNAL' });
});
