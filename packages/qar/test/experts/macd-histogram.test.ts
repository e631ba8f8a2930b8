import { EMA, MACD } from 'trading-signals';
import { expect, test } from 'vitest';
import { Macd, macdHistogram } from '../../src/experts/macd-histogram.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

function macdOf(close: Float64Array): Macd {
  const macd = new Macd();
  macd.start(close[0]);
  for (const price of close.subarray(1)) macd.step(price);
  return macd;
}

test('on a line the averages lag by 5.5 and 12.5 candles, and the histogram vanishes', () => {
  const close = Float64Array.from({ length: 1000 }, (_, index) => 100 + 0.5 * index);
  const { line, histogram } = macdOf(close);
  // The start is forgotten by (25/27)^999 = 4e-34.
  expect(line).toBeCloseTo(0.5 * (12.5 - 5.5), 10);
  expect(histogram).toBeCloseTo(0, 10);
});

test('line and histogram are those of trading-signals', () => {
  const { close } = readCandles(SP500_FILE);
  const theirs = new MACD(new EMA(12), new EMA(26), new EMA(9));
  for (let i = 0; i < 1000; i++) {
    const result = theirs.update(close[i], false);
    if (result === null || i < 200) continue;
    const { line, histogram } = macdOf(close.subarray(0, i + 1));
    expect(line).toBeCloseTo(result.macd, 9);
    // Their signal line starts 25 candles later than ours: 0.8^175 = 1e-17 of it is left.
    expect(histogram).toBeCloseTo(result.histogram, 9);
  }
});

test('a trend that speeds up is followed, one that turns is not', () => {
  const line = Array.from({ length: 251 }, (_, index) => 100 + index);
  const ending = (moves: readonly number[]): unknown => {
    const close = [...line];
    for (const move of moves) close.push(close[close.length - 1] + move);
    return macdHistogram.opine(windowOf({ close }));
  };
  expect(ending([2, 3, 4, 5, 6])).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(ending([0, -1, -2, -3, -4])).toMatchObject({ kind: 'opinion', direction: -1 });
});

test('the largest histogram of the window has strength 1', () => {
  const close = [...new Array<number>(255).fill(100), 105];
  expect(macdHistogram.opine(windowOf({ close }))).toMatchObject({ direction: 1, strength: 1 });
});
