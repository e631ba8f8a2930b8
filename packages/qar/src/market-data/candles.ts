import { QarError } from '../errors.ts';

/**
 * Candles of one market and one interval, oldest first, as columns of equal length.
 *
 * Prices are in the quote currency, finite and above zero, with low ≤ open, close ≤ high; volume
 * is finite and not negative; times strictly increase.
 */
export interface Candles {
  /** Open time, milliseconds since the Unix epoch (UTC). */
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** How many candles: the length of every column. */
  readonly length: number;
}

/** The latest candles that a decision may look at. Its columns are views, never copies. */
export type CandleWindow = Candles;

/**
 * The `length` candles that end with candle `end`, that is (end − length, end]. O(1): the columns
 * share memory with `candles`, so writing to one writes to the other.
 *
 * @param end - index of the last candle of the window, in [0, candles.length).
 * @param length - how many candles, at least 1.
 * @throws {QarError} `BAD_WINDOW` when end or length is not such a number, `NOT_ENOUGH_CANDLES`
 *   when fewer than `length` candles lie at or before `end`.
 */
export function windowAt(candles: Candles, end: number, length: number): CandleWindow {
  if (!Number.isInteger(end) || end < 0 || end >= candles.length) {
    throw new QarError('BAD_WINDOW', `window end ${end} is not in [0, ${candles.length})`);
  }
  if (!Number.isInteger(length) || length < 1) {
    throw new QarError('BAD_WINDOW', `window length ${length} is not an integer ≥ 1`);
  }
  const from = end + 1 - length;
  if (from < 0) {
    throw new QarError(
      'NOT_ENOUGH_CANDLES',
      `a window of ${length} candles cannot end at candle ${end}: only ${end + 1} are there`,
    );
  }
  return {
    time: candles.time.subarray(from, end + 1),
    open: candles.open.subarray(from, end + 1),
    high: candles.high.subarray(from, end + 1),
    low: candles.low.subarray(from, end + 1),
    close: candles.close.subarray(from, end + 1),
    volume: candles.volume.subarray(from, end + 1),
    length,
  };
}
