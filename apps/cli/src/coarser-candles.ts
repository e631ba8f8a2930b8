import { inferIntervalMs, type Candles } from '@sema/qar';
import { CliError } from './cli-error.ts';

/**
 * Candles of a longer interval, that start at its multiples since the Unix epoch. What is missing
 * inside one is missing; the first and the last are left out where they are not whole.
 *
 * @throws {CliError} `BAD_OPTION` when the interval is no multiple of that of the candles
 * @throws {QarError} `NOT_ENOUGH_CANDLES`
 */
export function coarserCandles(candles: Candles, intervalMs: number): Candles {
  const finest = inferIntervalMs(candles);
  if (!Number.isInteger(intervalMs / finest)) {
    throw new CliError(
      'BAD_OPTION',
      `candles of ${String(finest)} ms do not join to ones of ${String(intervalMs)} ms`,
      'give a multiple of the interval that the file has',
    );
  }
  const { time, open, high, low, close, volume } = candles;
  const rows: number[][] = [];
  for (let from = 0; from < candles.length;) {
    const start = Math.floor(time[from] / intervalMs) * intervalMs;
    let end = from;
    let [most, least, traded] = [-Infinity, Infinity, 0];
    for (; end < candles.length && time[end] < start + intervalMs; end++) {
      most = Math.max(most, high[end]);
      least = Math.min(least, low[end]);
      traded += volume[end];
    }
    const isWhole =
      (from > 0 || time[from] === start) &&
      (end < candles.length || time[end - 1] + finest === start + intervalMs);
    if (isWhole) rows.push([start, open[from], most, least, close[end - 1], traded]);
    from = end;
  }
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index]);
  return {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    length: rows.length,
  };
}
