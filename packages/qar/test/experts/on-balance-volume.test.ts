import { OBV, SMA } from 'trading-signals';
import { expect, test } from 'vitest';
import { onBalanceVolume, onBalanceVolumeGap } from '../../src/experts/on-balance-volume.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

test('the gap is the last on-balance volume less the mean of all', () => {
  // On-balance volume 0, 2, −1, 4, mean 1.25; with every candle up it would be 0, 2, 5, 10.
  const window = windowOf({ close: [10, 11, 10, 12], volume: [7, 2, 3, 5] });
  expect(onBalanceVolumeGap(window, 0)).toEqual({ gap: 2.75, largest: 5.75 });
});

test('the gap is that of OBV and SMA of trading-signals', () => {
  const candles = readCandles(SP500_FILE);
  const theirs = new OBV(2);
  const average = new SMA(50);
  for (let i = 0; i < candles.length; i++) {
    const { open, high, low, close, volume } = windowAt(candles, i, 1);
    const value = theirs.update(
      { open: open[0], high: high[0], low: low[0], close: close[0], volume: volume[0] },
      false,
    );
    const middle = value === null ? null : average.update(value, false);
    if (value === null || middle === null) continue;
    const { gap, largest } = onBalanceVolumeGap(windowAt(candles, i, 50), 0);
    // Their running total reaches 1e12 or so, with 2^-53 of it lost at each of 5000 steps.
    expect(Math.abs(gap - (value - middle))).toBeLessThan(1e-9 * largest);
  }
});

test('only rises are as strong as can be, and only falls', () => {
  const close = Array.from({ length: 50 }, (_, index) => 100 + index);
  expect(onBalanceVolume.opine(windowOf({ close }))).toMatchObject({ direction: 1, strength: 1 });
  expect(onBalanceVolume.opine(windowOf({ close: close.toReversed() }))).toMatchObject({
    direction: -1,
    strength: 1,
  });
});

test('without volume there is nothing to weigh', () => {
  const close = Array.from({ length: 50 }, (_, index) => 100 + index);
  const window = windowOf({ close, volume: close.map(() => 0) });
  expect(onBalanceVolume.opine(window)).toMatchObject({ reason: 'NO_VOLUME' });
});
