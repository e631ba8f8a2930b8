import { expect, test } from 'vitest';
import { buyAndHold, holdCash } from '../src/baselines.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { inferIntervalMs, periodsPerYear } from '../src/interval.ts';
import { DAY_MS, prefix, syntheticCandles } from './synthetic-candles.ts';

const candles = syntheticCandles(400, 5);
const required = {
  pair: 'TEST',
  intervalMs: DAY_MS,
  periodsPerYear: 365.25,
  path: 'twin',
} as const;

test('without costs, buy-and-hold returns what the market did from the first fill on', () => {
  const free = engineConfiguration(required, { feeRate: 0, slippageRate: 0 });
  const { metrics, time } = buyAndHold(candles, free);
  expect(metrics.totalReturn).toBeCloseTo(candles.close[399] / candles.open[256] - 1, 10);
  expect(time[0]).toBe(candles.time[255]);
});

test('costs are paid once, and cash stays what it was', () => {
  const costly = engineConfiguration(required);
  const market = candles.close[399] / candles.open[256];
  const { metrics } = buyAndHold(candles, costly);
  expect(metrics.totalReturn).toBeCloseTo(market / (1.0005 * 1.001) - 1, 10);
  expect(metrics.trades).toBe(1);
  expect(holdCash(candles, costly).metrics).toMatchObject({ totalReturn: 0, trades: 0 });
});

test('too few candles and an exposure that is no fraction are refused', () => {
  const configuration = engineConfiguration(required);
  expect(() => buyAndHold(prefix(candles, 256), configuration)).toThrow(/1 candles/);
  expect(() => buyAndHold(candles, configuration, 1.5)).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIGURATION' }),
  );
});

test('a market that never closes has the calendar year, one with weekends 252 sessions', () => {
  expect(inferIntervalMs(candles)).toBe(DAY_MS);
  expect(periodsPerYear(candles)).toBeCloseTo(365.25, 10);
  const sessions = prefix(candles, 250);
  // Monday to Friday: every fifth step is three days long.
  sessions.time.forEach((_, i) => {
    sessions.time[i] = (i + 2 * Math.floor(i / 5)) * DAY_MS;
  });
  expect(periodsPerYear(sessions)).toBe(252);
  sessions.time.forEach((_, i) => {
    sessions.time[i] = i * 60_000;
  });
  expect(periodsPerYear(sessions)).toBeCloseTo(525_960, 6);
});
