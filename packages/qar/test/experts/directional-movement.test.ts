import { ADX } from 'trading-signals';
import { expect, test } from 'vitest';
import { directionalIndex, directionalMovement } from '../../src/experts/directional-movement.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

/** 256 candles of range 2 around these closes. */
function rangeTwo(closeAt: (index: number) => number) {
  const close = Array.from({ length: 256 }, (_, index) => closeAt(index));
  return windowOf({
    close,
    high: close.map((price) => price + 1),
    low: close.map((price) => price - 1),
  });
}

test('a staircase with steps of half its range has +DI ½, −DI 0 and index 100', () => {
  const window = rangeTwo((index) => 100 + index);
  const { plus, minus, adx } = directionalIndex(window, 0, 14);
  expect(plus).toBeCloseTo(0.5, 12);
  expect(minus).toBe(0);
  expect(adx).toBeCloseTo(100, 9);
  expect(directionalMovement.opine(window)).toMatchObject({ direction: 1 });
  expect(directionalMovement.opine(rangeTwo((index) => 900 - index))).toMatchObject({
    direction: -1,
  });
});

test('steps up and down in turn are no trend, and neither are candles all alike', () => {
  const zigzag = rangeTwo((index) => 100 + (index % 2));
  expect(directionalMovement.opine(zigzag)).toMatchObject({ reason: 'NO_SIGNAL' });
  const same = rangeTwo(() => 100);
  expect(directionalMovement.opine(same)).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('an outside day counts on its longer side only', () => {
  const window = windowOf({ close: [10, 10, 10], high: [11, 13, 13], low: [9, 8, 8] });
  // Up 2, down 1; then nothing. Ranges 5 and 5.
  expect(directionalIndex(window, 0, 2)).toMatchObject({ plus: 0.2, minus: 0 });
});

test('indicators and index are those of trading-signals', () => {
  const candles = readCandles(SP500_FILE);
  const theirs = new ADX(14);
  // Where the two moves tie, as on 2005-05-09, Wilder counts neither and they count both. That, and
  // the first candle, which they count as a movement of 0, is forgotten by (13/14)^400 = 1e-13.
  let lastDifference = 0;
  let compared = 0;
  for (let i = 0; i < candles.length; i++) {
    const [high, low, close] = [candles.high[i], candles.low[i], candles.close[i]];
    const adx = theirs.update({ high, low, close }, false);
    const up = high - candles.high[i - 1];
    if (up > 0 && up === candles.low[i - 1] - low) lastDifference = i;
    if (adx === null || i < lastDifference + 400 || i % 50 !== 0) continue;
    const ours = directionalIndex(windowAt(candles, i, i + 1), 0, 14);
    expect(ours.plus).toBeCloseTo(theirs.pdi ?? NaN, 9);
    expect(ours.minus).toBeCloseTo(theirs.mdi ?? NaN, 9);
    expect(ours.adx).toBeCloseTo(adx, 9);
    compared++;
  }
  expect(compared).toBeGreaterThan(80);
});

test('above 25 the strength is the way to 100, on the side of the larger indicator', () => {
  const candles = readCandles(SP500_FILE);
  for (let end = 255; end < candles.length; end += 3) {
    const window = windowAt(candles, end, 256);
    const { plus, minus, adx } = directionalIndex(window, 0, 14);
    const opinion = directionalMovement.opine(window);
    if (adx <= 25) expect(opinion).toMatchObject({ reason: 'NO_SIGNAL' });
    else {
      expect(opinion).toMatchObject({
        direction: plus > minus ? 1 : -1,
        strength: expect.closeTo((adx - 25) / 75, 12) as number,
      });
    }
  }
});

test('after 256 candles the index no longer depends on where it started', () => {
  const candles = readCandles(SP500_FILE);
  for (let end = 300; end < candles.length; end += 97) {
    const whole = directionalIndex(windowAt(candles, end, end + 1), 0, 14);
    const window = directionalIndex(windowAt(candles, end, 256), 0, 14);
    // Smoothed twice: about 240/14 · (13/14)^240 = 3e-7 of an index of up to 100.
    expect(window.adx).toBeCloseTo(whole.adx, 3);
  }
});
