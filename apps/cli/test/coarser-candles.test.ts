import type { Candles } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { coarserCandles } from '../src/coarser-candles.ts';

const MINUTE = 60_000;

/** Of the rows [minute, open, high, low, close, volume]. */
function candlesOf(rows: readonly (readonly number[])[]): Candles {
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index]);
  return {
    time: column(0).map((minute) => minute * MINUTE),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    length: rows.length,
  };
}

describe('candles joined to longer ones', () => {
  test('open with the first, close with the last, and hold the extremes and all volume', () => {
    const fine = candlesOf([
      [0, 10, 12, 9, 11, 1],
      [1, 11, 15, 10, 14, 2],
      [2, 14, 14, 8, 9, 4],
      [3, 9, 10, 9, 10, 8],
    ]);
    expect(coarserCandles(fine, 2 * MINUTE)).toEqual(
      candlesOf([
        [0, 10, 15, 9, 14, 3],
        [2, 14, 14, 8, 10, 12],
      ]),
    );
  });

  test('begin at multiples of their interval and leave out what is not whole at either end', () => {
    const fine = candlesOf(
      [4, 5, 6, 7, 8, 9, 10].map((minute) => [minute, minute, minute, minute, minute, 1]),
    );
    expect(coarserCandles(fine, 5 * MINUTE)).toEqual(candlesOf([[5, 5, 9, 5, 9, 5]]));
  });

  test('are made of what there is where one is missing inside', () => {
    const fine = candlesOf([0, 2, 3, 4, 6, 8].map((minute) => [minute, 1, 1, 1, 1, 1]));
    const { time, volume } = coarserCandles(fine, 4 * MINUTE);
    // The last has one candle at its start, and nobody knows what came after.
    expect([...time]).toEqual([0, 4 * MINUTE]);
    expect([...volume]).toEqual([3, 2]);
  });

  test('of the same interval are the same', () => {
    const fine = candlesOf([0, 1, 2].map((minute) => [minute, 1, 2, 1, 2, 5]));
    expect(coarserCandles(fine, MINUTE)).toEqual(fine);
  });

  test.each([90_000, 30_000])('do not come at %i ms of minutes', (intervalMs) => {
    const fine = candlesOf([0, 1, 2].map((minute) => [minute, 1, 1, 1, 1, 1]));
    expect(() => coarserCandles(fine, intervalMs)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});
