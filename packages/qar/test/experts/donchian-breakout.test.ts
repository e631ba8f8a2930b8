import { DonchianChannels, TR } from 'trading-signals';
import { expect, test } from 'vitest';
import { donchianBreakout } from '../../src/experts/donchian-breakout.ts';
import { trueRange } from '../../src/experts/indicators/true-range.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

/** 21 candles between 99 and 101 that close at 100, then one that closes at `last`. */
function opinionOn(last: number): unknown {
  const before = new Array<number>(21).fill(100);
  return donchianBreakout.opine(
    windowOf({
      close: [...before, last],
      high: [...before.map(() => 101), Math.max(101, last)],
      low: [...before.map(() => 99), Math.min(99, last)],
    }),
  );
}

test('a close outside the channel is followed, at full strength one average range out', () => {
  expect(opinionOn(102)).toEqual({ kind: 'opinion', direction: 1, strength: 0.5 });
  expect(opinionOn(98.5)).toEqual({ kind: 'opinion', direction: -1, strength: 0.25 });
  expect(opinionOn(110)).toMatchObject({ direction: 1, strength: 1 });
});

test('a close on the edge of the channel is still inside', () => {
  expect(opinionOn(101)).toMatchObject({ reason: 'NO_SIGNAL' });
  expect(opinionOn(99)).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('it breaks out of the channel of trading-signals, of the 20 candles before', () => {
  const candles = readCandles(SP500_FILE);
  const channel = new DonchianChannels(20);
  for (let i = 0; i < candles.length; i++) {
    const [high, low, close] = [candles.high[i], candles.low[i], candles.close[i]];
    const bounds = i > 0 && channel.isStable ? channel.getResultOrThrow() : undefined;
    if (bounds !== undefined && i >= 21) {
      const opinion = donchianBreakout.opine(windowAt(candles, i, 22));
      const direction = close > bounds.upper ? 1 : close < bounds.lower ? -1 : undefined;
      expect(opinion.kind === 'opinion' ? opinion.direction : undefined).toBe(direction);
    }
    channel.update({ high, low }, false);
  }
});

test('the true range is that of trading-signals', () => {
  const candles = readCandles(SP500_FILE);
  const theirs = new TR();
  for (let i = 0; i < candles.length; i++) {
    const [high, low, close] = [candles.high[i], candles.low[i], candles.close[i]];
    const range = theirs.update({ high, low, close }, false);
    if (i > 0) expect(trueRange(candles, i)).toBe(range);
  }
});
