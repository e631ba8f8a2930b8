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

function isAwaited(value: unknown): value is AwaitedOutcome {
  if (typeof value !== 'object' || value === null) return false;
  const { directions, probabilities, regime, entry } = value as Partial<
    Record<keyof AwaitedOutcome, unknown>
  >;
  const index = Number.isInteger(regime) ? Number(regime) : NaN;
  return (
    isPerExpert(directions, (d) => d === -1 || d === 0 || d === 1) &&
    isPerExpert(probabilities, (p) => p === null || (typeof p === 'number' && p > 0 && p < 1)) &&
    index >= -1 &&
    index < REGIMES.length &&
    (entry === null || (typeof entry === 'number' && entry > 0))
  );
}

function isPerExpert(value: unknown, isFine: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === EXPERTS.length && value.every(isFine);
}
