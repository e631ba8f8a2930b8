import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoardStream } from '../src/board-stream.ts';
import { EXPERTS } from '../src/experts/board.ts';
import { ReturnBins } from '../src/return-bins.ts';
import { type Candles, type CandleWindow, windowAt } from '../src/market-data/candles.ts';
import { BTC_ABSENT, BTC_FILE, readCandles, SP500_FILE } from './market-data/real-files.ts';
import { randomWindow } from './experts/windows.ts';
import { syntheticCandles } from './synthetic-candles.ts';

const W = 256;

/** What each expert says of the window by itself, and the distribution counted anew. */
function batch(window: CandleWindow) {
  const bins = new ReturnBins(window.length, 3);
  for (let index = 0; index < window.length; index++) bins.take(window, index);
  return {
    opinions: EXPERTS.map((expert) => expert.opine(window)),
    distribution: bins.distribution(),
  };
}

/** Equality of bits: `toEqual` compares numbers by `Object.is`. */
function expectSameBits(candles: Candles, { from = W - 1, length = W, every = 1 } = {}): void {
  const stream = new BoardStream(3);
  for (let end = from; end < candles.length; end++) {
    const window = windowAt(candles, end, length);
    const reading = stream.read(window);
    if ((end - from) % every === 0) expect(reading).toEqual(batch(window));
  }
}

describe('a stream says what each window says by itself, bit for bit', () => {
  test('on random walks with jumps, standstills and no volume', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: W, max: W + 40 }),
        (seed, length) => {
          expectSameBits(randomWindow(600, seed), { from: length - 1, length, every: 29 });
        },
      ),
      { numRuns: 8 },
    );
  });

  test('on calm and wild stretches in turns', () => {
    expectSameBits(syntheticCandles(700, 11), { every: 7 });
  });

  test('on twenty years of the S&P 500', () => {
    expectSameBits(readCandles(SP500_FILE), { every: 41 });
  });

  test.skipIf(BTC_ABSENT !== '')(`on three days of minutes${BTC_ABSENT}`, () => {
    expectSameBits(windowAt(readCandles(BTC_FILE), 44_999, 5000), { every: 97 });
  });

  test('on prices from 1e-9 to 1e12', () => {
    const prices = [1e-9, 1, 1e12, 3, 3, 1.1e-9, 7];
    const candles = randomWindow(700, 5);
    const price = (_: number, i: number): number => prices[(i * i + (i >> 4)) % prices.length];
    const close = candles.close.map(price);
    expectSameBits({ ...candles, open: close, high: close, low: close, close }, { every: 7 });
  });
});

test('a stream that begins anywhere gives the same from there on', () => {
  const candles = syntheticCandles(420, 5);
  const long = new BoardStream(3);
  let late = new BoardStream(3);
  for (let end = W - 1; end < candles.length; end++) {
    if (end % 10 === 0) late = new BoardStream(3);
    const window = windowAt(candles, end, W);
    const { opinions, distribution } = late.read(window);
    expect(long.read(window)).toEqual({ opinions, distribution });
  }
});

test('revised, skipped, repeated and foreign windows are read as they are', () => {
  const candles = structuredClone(syntheticCandles(500, 21));
  const other = syntheticCandles(500, 22);
  const stream = new BoardStream(3);
  const read = (from: Candles, end: number, length = W): void => {
    const window = windowAt(from, end, length);
    expect(stream.read(window)).toEqual(batch(window));
  };
  read(candles, 300);
  read(candles, 301);
  read(candles, 301);
  read(candles, 305);
  read(candles, 304);
  // The same times, other prices.
  read(other, 305);
  read(candles, 306);
  // A candle in the middle of the window is revised in place.
  candles.close[200] *= 1.01;
  read(candles, 307);
  candles.volume[299] += 1;
  read(candles, 308);
  read(candles, 309, 300);
  read(candles, 310, 300);
});

test('a number that no candle may have leaves no trace once it has left', () => {
  for (const poison of [NaN, Infinity, -1, 0, 1e308]) {
    const candles = structuredClone(syntheticCandles(600, 8));
    candles.close[280] = poison;
    const stream = new BoardStream(3);
    for (let end = 270; end < 545; end++) {
      const window = windowAt(candles, end, W);
      const reading = stream.read(window);
      if (end > 535 || end % 61 === 0) expect(reading).toEqual(batch(window));
    }
  }
});
