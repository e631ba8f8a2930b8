import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineStreamingExpert, exceed } from './expert.ts';
import type { ExpertStream, Opinion } from './expert.ts';
import { GroupedSums, SlidingSums } from './indicators/exact-sums.ts';
import { logRatio } from './indicators/log-ratio.ts';

const CANDLES = 256;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Trading days at the start of a month that belong to its turn; the last one before does too. */
const FIRST_DAYS = 3;
/**
 * One-sided 5 % point of the normal distribution: 20 % for the family of the four seasons that the
 * paper tests (turns of the week, month and year, and holidays), shared among them (Bonferroni).
 */
const CRITICAL = 1.6448536269514722;

/**
 * Up for the last trading day of a month and the first three of the next, the days that the paper
 * documents, and silent on all others: no other part of the calendar is tried.
 *
 * Even then the turns inside the window must have been better than its other days by more than
 * chance allows one of four seasons (Welch's statistic). The date of a candle is the UTC date of
 * its open time. The next trading day is the next weekday that the window trades on; holidays are
 * not known.
 */
export const turnOfMonth = defineStreamingExpert({
  name: 'turn-of-month',
  title: 'Turn of the month, daily candles',
  source:
    'Lakonishok & Smidt (1988), Are seasonal anomalies real? A ninety-year perspective, ' +
    'Review of Financial Studies 1(4)',
  lookback: CANDLES,
  stream: () => new TurnOfMonth(),
});

const TURN = 0;
const REST = 1;

/**
 * A candle belongs to the turn when the one FIRST_DAYS before it, or the next, is of another month.
 * So the last candle of the window has no group yet, and its first few have none any more.
 */
class TurnOfMonth implements ExpertStream {
  readonly #returns = new GroupedSums(2, CANDLES - FIRST_DAYS - 1);
  /** Spacings below a day, spacings of a day. */
  readonly #spacings = new SlidingSums(2, CANDLES - 1);
  readonly #weekdays = new SlidingSums(7, CANDLES);
  readonly #spacing = new Float64Array(2);
  readonly #weekday = new Float64Array(7);
  /** Month of the last candles, latest last. */
  readonly #months = new Float64Array(FIRST_DAYS + 2);

  take({ time, close }: CandleWindow, index: number): void {
    const months = this.#months;
    months.copyWithin(0, 1);
    months[FIRST_DAYS + 1] = monthStart(time[index]);
    this.#weekday.fill(0);
    this.#weekday[weekday(time[index])] = 1;
    this.#weekdays.push(this.#weekday);
    if (index === 0) return;
    // A change of the clocks makes a day 23 or 25 hours long.
    const hours = (time[index] - time[index - 1]) / HOUR_MS;
    this.#spacing[0] = hours >= 23 ? 0 : 1;
    this.#spacing[1] = hours >= 23 && hours <= 25 ? 1 : 0;
    this.#spacings.push(this.#spacing);
    if (index <= FIRST_DAYS) return;
    const month = months[FIRST_DAYS];
    const isTurn = months[0] < month || months[FIRST_DAYS + 1] > month;
    this.#returns.push(isTurn ? TURN : REST, logRatio(close[index - 2], close[index - 1]));
  }

  opinion({ time, length }: CandleWindow): Opinion {
    if (this.#spacings.sum(0) > 0 || this.#spacings.sum(1) === 0) {
      return abstain('UNSUITABLE_INTERVAL');
    }
    const next = this.#nextTradingDay(time[length - 1]);
    const month = monthStart(next);
    const isLastOfMonth = monthStart(this.#nextTradingDay(next)) > month;
    const isAmongFirst = this.#months[2] < month;
    if (!isLastOfMonth && !isAmongFirst) return abstain('OUT_OF_SEASON');
    const sums = this.#returns;
    const error = Math.sqrt(sums.squaredError(TURN) + sums.squaredError(REST));
    const excess = (sums.mean(TURN) - sums.mean(REST)) / error;
    if (!Number.isFinite(excess)) return abstain('DEGENERATE_WINDOW');
    return exceed(Math.max(0, excess), CRITICAL, 'NOT_SIGNIFICANT');
  }

  /** The first day after `time` that is a weekday on which the window traded. */
  #nextTradingDay(time: number): number {
    let next = time + DAY_MS;
    for (let days = 1; days < 7 && this.#weekdays.sum(weekday(next)) === 0; days++) next += DAY_MS;
    return next;
  }
}

/** In [0, 7), 0 = Thursday, the day of the epoch. */
function weekday(time: number): number {
  const days = Math.floor(time / DAY_MS);
  return days - 7 * Math.floor(days / 7);
}

/** Start of the month that `time` is in (UTC). */
function monthStart(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
