import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QarError } from '../../src/errors.ts';
import { type Candles, windowAt } from '../../src/market-data/candles.ts';

function countingCandles(length: number): Candles {
  const column = (first: number): Float64Array =>
    Float64Array.from({ length }, (_, index) => first + index);
  return {
    time: column(0),
    open: column(1000),
    high: column(2000),
    low: column(3000),
    close: column(4000),
    volume: column(5000),
    length,
  };
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

test('a window holds the candles up to and including its end', () => {
  const window = windowAt(countingCandles(10), 6, 3);
  expect(window.length).toBe(3);
  expect([...window.time]).toEqual([4, 5, 6]);
  expect([...window.volume]).toEqual([5004, 5005, 5006]);
});

test('a window is the same slice of every column, and shares its memory', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }).chain((total) =>
        fc.integer({ min: 0, max: total - 1 }).chain((end) =>
          fc.record({
            total: fc.constant(total),
            end: fc.constant(end),
            length: fc.integer({ min: 1, max: end + 1 }),
          }),
        ),
      ),
      ({ total, end, length }) => {
        const candles = countingCandles(total);
        const window = windowAt(candles, end, length);
        for (const name of COLUMNS) {
          expect(window[name]).toEqual(candles[name].slice(end + 1 - length, end + 1));
          expect(window[name].buffer).toBe(candles[name].buffer);
        }
      },
    ),
  );
});

test.each([
  [10, 3, 'BAD_WINDOW'],
  [-1, 3, 'BAD_WINDOW'],
  [2.5, 1, 'BAD_WINDOW'],
  [NaN, 1, 'BAD_WINDOW'],
  [5, 0, 'BAD_WINDOW'],
  [5, -2, 'BAD_WINDOW'],
  [5, 1.5, 'BAD_WINDOW'],
  [5, Infinity, 'BAD_WINDOW'],
  [5, 7, 'NOT_ENOUGH_CANDLES'],
])('a window of ten candles with end %d and length %d is refused as %s', (end, length, code) => {
  expect(() => windowAt(countingCandles(10), end, length)).toThrow(
    expect.objectContaining({ name: 'QarError', code }),
  );
  expect(() => windowAt(countingCandles(10), end, length)).toThrow(QarError);
});
