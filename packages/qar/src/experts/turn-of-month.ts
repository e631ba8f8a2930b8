import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineExpert, lean } from './expert.ts';
import { SMALLEST_SPREAD, simpleReturn } from './indicators/returns.ts';

const CANDLES = 256;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Trading days at the start of a month that belong to its turn; the last one before does too. */
const FIRST_DAYS = 3;
/** Standard errors at which the opinion is at full strength. */
const FULL_STRENGTH = 2;

/**
 * Up for the last trading day of a month and the first three of the next, the days that the paper
 * documents, and silent on all others: no other part of the calendar is tried.
 *
 * Even then the turns inside the window must have been better than its other days; the strength is
 * how much so, in standard errors. The date of a candle is the UTC date of its open time. The next
 * trading day is the next weekday that the window trades on; holidays are not known.
 */
export const turnOfMonth = defineExpert({
  name: 'turn-of-month',
  title: 'Turn of the month, daily candles',
  source:
    'Lakonishok & Smidt (1988), Are seasonal anomalies real? A ninety-year perspective, ' +
    'Review of Financial Studies 1(4)',
  lookback: CANDLES,
  rule: (window, from) => {
    if (!isDaily(window.time, from)) return abstain('UNSUITABLE_INTERVAL');
    const last = window.time[window.length - 1];
    const traded = tradedWeekdays(window.time, from);
    const next = nextTradingDay(last, traded);
    const month = monthStart(next);
    const isLastOfMonth = monthStart(nextTradingDay(next, traded)) > month;
    const isAmongFirst = window.time[window.length - FIRST_DAYS] < month;
    if (!isLastOfMonth && !isAmongFirst) return abstain('OUT_OF_SEASON');
    const excess = turnExcess(window, from, last < month);
    return Number.isNaN(excess)
      ? abstain('DEGENERATE_WINDOW')
      : lean(Math.max(0, excess), FULL_STRENGTH);
  },
});

/** Whether the smallest spacing is a day, which a change of the clocks makes 23 or 25 hours. */
function isDaily(time: Float64Array, from: number): boolean {
  let smallest = Infinity;
  for (let i = from + 1; i < time.length; i++) smallest = Math.min(smallest, time[i] - time[i - 1]);
  return smallest >= 23 * HOUR_MS && smallest <= 25 * HOUR_MS;
}

/** The weekdays of time[from, …end), one bit each. */
function tradedWeekdays(time: Float64Array, from: number): number {
  let traded = 0;
  for (let i = from; i < time.length; i++) traded |= 1 << weekday(time[i]);
  return traded;
}

/** The first day after `time` that is one of the `traded` weekdays. */
function nextTradingDay(time: number, traded: number): number {
  let next = time + DAY_MS;
  while ((traded & (1 << weekday(next))) === 0) next += DAY_MS;
  return next;
}

/** In [0, 7), 0 = Thursday, the day of the epoch. */
function weekday(time: number): number {
  const days = Math.floor(time / DAY_MS);
  return days - 7 * Math.floor(days / 7);
}

/** Start of the month, `ahead` months on, that `time` is in (UTC). */
function monthStart(time: number, ahead = 0): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1);
}

/**
 * Mean return of the days at the turns of months less that of the other days, in standard errors
 * (Welch), from the first month that starts inside the window. `lastIsTurn` says whether the last
 * candle is the last of its month. NaN when returns do not vary.
 */
function turnExcess({ time, close, length }: CandleWindow, from: number, lastIsTurn: boolean) {
  const turn = { count: 0, sum: 0, squares: 0 };
  const rest = { count: 0, sum: 0, squares: 0 };
  let nextMonth = monthStart(time[from], 1);
  let dayOfMonth = -Infinity;
  for (let i = from + 1; i < length; i++) {
    if (time[i] >= nextMonth) {
      dayOfMonth = 0;
      nextMonth = monthStart(time[i], 1);
    }
    dayOfMonth++;
    if (dayOfMonth < 1) continue;
    const isLast = i === length - 1 ? lastIsTurn : time[i + 1] >= nextMonth;
    const group = dayOfMonth <= FIRST_DAYS || isLast ? turn : rest;
    const value = simpleReturn(close, i);
    group.count++;
    group.sum += value;
    group.squares += value * value;
  }
  const squaredError = squaredStandardError(turn) + squaredStandardError(rest);
  if (!(squaredError > SMALLEST_SPREAD * SMALLEST_SPREAD)) return NaN;
  return (turn.sum / turn.count - rest.sum / rest.count) / Math.sqrt(squaredError);
}

function squaredStandardError(group: { count: number; sum: number; squares: number }): number {
  const { count, sum, squares } = group;
  return (squares - (sum * sum) / count) / (count - 1) / count;
}
