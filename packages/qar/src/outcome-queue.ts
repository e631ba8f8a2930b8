import { REGIMES } from '@sema/learning';
import type { Decision } from './decide.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import type { MarketOutcome } from './model.ts';

/** What was said at a decision whose outcome is still open. */
export interface AwaitedOutcome {
  /** The number under which the model learns the outcome. */
  readonly lesson: number;
  /** Direction per expert, 0 where it named none. */
  readonly directions: readonly number[];
  /** Index into `REGIMES`. */
  readonly regime: number;
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
  add({ seats, regime, lesson }: Decision): void {
    if (regime === undefined || lesson === undefined) return;
    const directions = seats.map((seat) => seat.direction ?? 0);
    this.#waiting.push({ lesson, directions, regime: REGIMES.indexOf(regime), entry: null });
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
      regime: REGIMES[settled.regime],
      change: open / settled.entry - 1,
    };
  }
}

function isAwaited(value: unknown): value is AwaitedOutcome {
  if (typeof value !== 'object' || value === null) return false;
  const { lesson, directions, regime, entry } = value as Partial<
    Record<keyof AwaitedOutcome, unknown>
  >;
  return (
    isIndex(lesson, Number.MAX_SAFE_INTEGER) &&
    Array.isArray(directions) &&
    directions.length === EXPERTS.length &&
    directions.every((d) => d === -1 || d === 0 || d === 1) &&
    isIndex(regime, REGIMES.length) &&
    (entry === null || (typeof entry === 'number' && entry > 0))
  );
}

function isIndex(value: unknown, count: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < count;
}
