import { REGIMES } from '@sema/learning';
import type { Decision } from './decide.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import type { MarketOutcome } from './model.ts';

/** What was said at a decision whose outcome is still open. */
export interface AwaitedOutcome {
  /** Direction per expert, 0 where it named none. */
  readonly directions: readonly number[];
  /** Probability of a gain per voter, null elsewhere. */
  readonly probabilities: readonly (number | null)[];
  /** Index into `REGIMES`, −1 when the window had none. */
  readonly regime: number;
  /** Open at which its order would fill; null until that candle comes. */
  readonly entry: number | null;
}

/**
 * Decisions that wait for their outcome. One made at a close enters at the next open and settles at the open
 * after that, so at most two ever wait.
 */
export class OutcomeQueue {
  #waiting: AwaitedOutcome[] = [];

  static restore(waiting: readonly AwaitedOutcome[]): OutcomeQueue {
    if (!Array.isArray(waiting) || waiting.length > 2 || !waiting.every(isAwaited)) {
      throw new QarError('BAD_SNAPSHOT', 'the awaited outcomes are not what a queue holds');
    }
    const queue = new OutcomeQueue();
    queue.#waiting = [...waiting];
    return queue;
  }

  get waiting(): readonly AwaitedOutcome[] {
    return this.#waiting;
  }

  add(decision: Decision): void {
    const directions = decision.seats.map((seat) => seat.direction ?? 0);
    const probabilities = decision.seats.map((seat) =>
      seat.kind === 'vote' ? seat.probabilityUp : null,
    );
    const regime = decision.regime === undefined ? -1 : REGIMES.indexOf(decision.regime);
    this.#waiting.push({ directions, probabilities, regime, entry: null });
  }

  /** Takes a candle's open: it is the exit of the older decision and the entry of the newer. */
  settle(open: number): MarketOutcome | undefined {
    const settled = this.#waiting.find((awaited) => awaited.entry !== null);
    this.#waiting = this.#waiting
      .filter((awaited) => awaited !== settled)
      .map((awaited) => ({ ...awaited, entry: open }));
    if (settled?.entry === undefined || settled.entry === null) return undefined;
    return {
      directions: Int8Array.from(settled.directions),
      probabilities: Float64Array.from(settled.probabilities, (p) => p ?? NaN),
      regime: settled.regime < 0 ? undefined : REGIMES[settled.regime],
      change: open / settled.entry - 1,
    };
  }
}

function isAwaited(value: AwaitedOutcome): boolean {
  const { directions, probabilities, regime, entry } = value;
  return (
    Array.isArray(directions) &&
    directions.length === EXPERTS.length &&
    directions.every((direction) => [-1, 0, 1].includes(direction)) &&
    Array.isArray(probabilities) &&
    probabilities.length === EXPERTS.length &&
    probabilities.every((p: unknown) => p === null || (typeof p === 'number' && p > 0 && p < 1)) &&
    Number.isInteger(regime) &&
    regime >= -1 &&
    regime < REGIMES.length &&
    (entry === null || entry > 0)
  );
}
