import { QarError } from './errors.ts';
import type { Candles } from './market-data/candles.ts';

const DAY_MS = 86_400_000;
const CALENDAR_YEAR_MS = 365.25 * DAY_MS;
/** Sessions of a stock exchange in a year. */
const SESSIONS = 252;

/**
 * The candles' spacing: the smallest there is, since closures and gaps only lengthen it. O(n).
 *
 * @throws {QarError} `NOT_ENOUGH_CANDLES` with fewer than two.
 */
export function inferIntervalMs(candles: Candles): number {
  if (candles.length < 2) {
    throw new QarError('NOT_ENOUGH_CANDLES', `${candles.length} candles have no spacing`);
  }
  let smallest = Infinity;
  for (let i = 1; i < candles.length; i++) {
    smallest = Math.min(smallest, candles.time[i] - candles.time[i - 1]);
  }
  return smallest;
}

/**
 * Candles in a year. Markets that never close have the calendar's; with daily candles that skip
 * weekends it is the exchange's 252 sessions.
 */
export function periodsPerYear(candles: Candles): number {
  const interval = inferIntervalMs(candles);
  const span = candles.time[candles.length - 1] - candles.time[0];
  const held = (candles.length - 1) / (span / interval);
  // Five sessions in seven days, less holidays, fill 69 % of the calendar; a market that never
  // closes, all of it.
  return interval === DAY_MS && held < 0.8 ? SESSIONS : CALENDAR_YEAR_MS / interval;
}
