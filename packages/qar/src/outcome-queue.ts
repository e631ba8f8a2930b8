import { REGIMES } from '@sema/learning';
import type { Decision } from './decide.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import type { MarketOutcome } from './model.ts';

/** None, of three algorithms, or of two fusions besides. */
const FORECAST_COUNTS = [0, 3, 5];

/** What was said at a decision whose outcome is still open. */
export interface AwaitedOutcome {
  /** The number under which the model learns the outcome. */
  readonly lesson: number;
  /** Direction per expert, 0 where it named none. */
  readonly directions: readonly number[];
  /** Index into `REGIMES`. */
  readonly regime: number;
  /** What the algorithms said, for the model to judge them by; empty where they said nothing. */
  readonly forecasts: readonly number[];
  /** Open at which its order would fill; null until that candle comes. */
  readonly entry: number | null;
}

/**
 * Decisions that wait for their outcome. One made at a close enters at the next open and settles at
 * the open after that, so at most two ever wait.
 */
export class OutcomeQueue {
  #waiting: AwaitedOutcome[] = [];

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(waiting: unknown): OutcomeQueue {
    const held: readonly unknown[] = Array.isArray(waiting) ? waiting : [undefined];
    if (held.length > 2 || !held.every(isAwaited)) {
      throw new QarError('BAD_SNAPSHOT', 'the awaited outcomes are not what a queue holds');
    }
    const queue = new OutcomeQueue();
    queue.#waiting = [...held];
    return queue;
  }

  get waiting(): readonly AwaitedOutcome[] {
    return this.#waiting;
  }

  /** A window without a regime taught the model nothing to wait for, so it is not added. */
  add(decision: Decision): void {
    const { seats, regime, lesson } = decision;
    if (regime === undefined || lesson === undefined) return;
    const directions = seats.map((seat) => seat.direction ?? 0);
    const forecasts = decision.kind === 'decided' ? Array.from(decision.forecasts) : [];
    const index = REGIMES.indexOf(regime);
    this.#waiting.push({ lesson, directions, forecasts, regime: index, entry: null });
  }

  /**
   * Takes a candle's open: it is the exit of the older decision and the entry of the newer.
   *
   * @param time - the candle's open time, ms.
   */
  settle(open: number, time: number): MarketOutcome | undefined {
    const settled = this.#waiting.find((awaited) => awaited.entry !== null);
    this.#waiting = this.#waiting
      .filter((awaited) => awaited !== settled)
      .map((awaited) => ({ ...awaited, entry: open }));
    if (settled?.entry === undefined || settled.entry === null) return undefined;
    return {
      lesson: settled.lesson,
      time,
      directions: Int8Array.from(settled.directions),
      forecasts: Float64Array.from(settled.forecasts),
      regime: REGIMES[settled.regime],
      change: open / settled.entry - 1,
    };
  }
}

function isAwaited(value: unknown): value is AwaitedOutcome {
  if (typeof value !== 'object' || value === null) return false;
  const { lesson, directions, forecasts, regime, entry } = value as Partial<
    Record<keyof AwaitedOutcome, unknown>
  >;
  return (
    isIndex(lesson, Number.MAX_SAFE_INTEGER) &&
    Array.isArray(directions) &&
    directions.length === EXPERTS.length &&
    directions.every((d) => d === -1 || d === 0 || d === 1) &&
    Array.isArray(forecasts) &&
    FORECAST_COUNTS.includes(forecasts.length) &&
    forecasts.every((p) => typeof p === 'number' && p >= 0 && p <= 1) &&
    isIndex(regime, REGIMES.length) &&
    (entry === null || (typeof entry === 'number' && entry > 0))
  );
}

function isIndex(value: unknown, count: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < count;
}
