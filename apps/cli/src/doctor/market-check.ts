import { inferIntervalMs } from '@sema/qar';
import { count, day } from '../figures.ts';
import { readCandles } from '../read-candles.ts';
import type { Outcome } from './checks.ts';

/**
 * Reads a candle file to its end, as a backtest does.
 *
 * @param now - the wall clock, ms since the Unix epoch.
 */
export async function checkMarketData(
  path: string,
  windowCandles: number,
  now: number,
): Promise<Outcome> {
  const { candles } = await readCandles(path);
  const { length, time, volume } = candles;
  // Two decisions are the least a run can be judged by.
  const least = windowCandles + 1;
  if (length < least) {
    return {
      passed: false,
      found: `${count(length)} candles; at least ${count(least)} are needed`,
    };
  }
  const [first = NaN, last = NaN] = [time[0], time[length - 1]];
  if (!(last + inferIntervalMs(candles) <= now)) {
    return { passed: false, found: `the newest candle, ${day(last)}, has not closed yet` };
  }
  const idle = volume.reduce((total, traded) => total + (traded > 0 ? 0 : 1), 0);
  if (idle === length) return { passed: false, found: 'no candle has any volume' };
  return {
    passed: true,
    found: `${count(length)} candles, ${day(first)} to ${day(last)}, ${count(idle)} without volume`,
  };
}
