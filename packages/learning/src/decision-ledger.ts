import { LearningError } from './errors.ts';
import { requireInteger, requireNumber, restoredArray, snapshotFields } from './validation.ts';
import type { Range } from './validation.ts';

/**
 * Why an outcome taught nothing:
 * - `UNKNOWN_DECISION`: no decision of that number, or one so old that it was forgotten;
 * - `DUPLICATE`: its outcome has been learned;
 * - `OUT_OF_ORDER`: not after its decision, or before the last outcome learned;
 * - `NOT_A_NUMBER`: the outcome or its time is NaN, infinite or no number at all.
 */
export type Refusal = 'UNKNOWN_DECISION' | 'DUPLICATE' | 'OUT_OF_ORDER' | 'NOT_A_NUMBER';

/** The whole state of a `DecisionLedger`. */
export interface LedgerSnapshot {
  readonly capacity: number;
  readonly width: number;
  /** The number of the next decision. */
  readonly next: number;
  /** Times of the last decision and of the last outcome; null before the first. */
  readonly lastDecision: number | null;
  readonly lastOutcome: number | null;
  /**
   * capacity × (2 + width): time, 1 if settled, and what was noted; decision n in row n mod
   * capacity.
   */
  readonly rows: Float64Array;
}

const CAPACITY_RANGE: Range = { min: 1, max: 65_536 };
const WIDTH_RANGE: Range = { min: 0, max: 256 };
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/**
 * Decisions that wait for their outcome, the newest `capacity` of them, numbered 0, 1, 2 … It says
 * which outcomes may be learned: each once, after its decision, in the order of market time.
 */
export class DecisionLedger {
  readonly capacity: number;
  readonly width: number;
  #next = 0;
  #lastDecision = -Infinity;
  #lastOutcome = -Infinity;
  #rows: Float64Array;

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor({ capacity, width }: { capacity: number; width: number }) {
    this.capacity = requireInteger(capacity, 'capacity', CAPACITY_RANGE, 'INVALID_OPTION');
    this.width = requireInteger(width, 'width', WIDTH_RANGE, 'INVALID_OPTION');
    this.#rows = new Float64Array(capacity * (2 + width));
  }

  /** Market time of the last outcome settled; −Infinity before the first. */
  get lastOutcome(): number {
    return this.#lastOutcome;
  }

  /**
   * Notes a decision, forgetting the oldest beyond `capacity`.
   *
   * @param time - market time, not before that of the last decision.
   * @param noted - `width` finite numbers; not checked.
   * @returns its number.
   * @throws {LearningError} `INVALID_TIME`
   */
  open(time: number, noted: Float64Array): number {
    requireNumber(time, 'time', FINITE, 'INVALID_TIME');
    if (time < this.#lastDecision) {
      const message = `a decision at ${time} is before the last one at ${this.#lastDecision}`;
      throw new LearningError('INVALID_TIME', message);
    }
    const decision = this.#next;
    const row = this.#row(decision);
    row[0] = time;
    row[1] = 0;
    row.set(noted, 2);
    this.#next += 1;
    this.#lastDecision = time;
    return decision;
  }

  /** Why the outcome of a decision may not be learned at this time; undefined if it may. */
  refusal(decision: number, time: number): Refusal | undefined {
    if (!Number.isFinite(time)) return 'NOT_A_NUMBER';
    const oldest = Math.max(0, this.#next - this.capacity);
    if (!(Number.isInteger(decision) && decision >= oldest && decision < this.#next)) {
      return 'UNKNOWN_DECISION';
    }
    const row = this.#row(decision);
    if (row[1] === 1) return 'DUPLICATE';
    return time > row[0] && time >= this.#lastOutcome ? undefined : 'OUT_OF_ORDER';
  }

  /** What was noted of a decision that `refusal` lets through, as a view. */
  noted(decision: number): Float64Array {
    return this.#row(decision).subarray(2);
  }

  /** Marks such a decision as settled. */
  settle(decision: number, time: number): void {
    this.#row(decision)[1] = 1;
    this.#lastOutcome = time;
  }

  snapshot(): LedgerSnapshot {
    const orNull = (time: number) => (time === -Infinity ? null : time);
    return {
      capacity: this.capacity,
      width: this.width,
      next: this.#next,
      lastDecision: orNull(this.#lastDecision),
      lastOutcome: orNull(this.#lastOutcome),
      rows: this.#rows.slice(),
    };
  }

  /**
   * A ledger that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: LedgerSnapshot): DecisionLedger {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const capacity = requireInteger(fields.capacity, 'capacity', CAPACITY_RANGE, code);
    const width = requireInteger(fields.width, 'width', WIDTH_RANGE, code);
    const ledger = new DecisionLedger({ capacity, width });
    const most = { min: 0, max: Number.MAX_SAFE_INTEGER };
    ledger.#next = requireInteger(fields.next, 'next', most, code);
    const timeOf = (name: string): number =>
      fields[name] === null ? -Infinity : requireNumber(fields[name], name, FINITE, code);
    ledger.#lastDecision = timeOf('lastDecision');
    ledger.#lastOutcome = timeOf('lastOutcome');
    ledger.#rows = restoredArray(fields.rows, 'rows', capacity * (2 + width), FINITE);
    for (let k = 0; k < capacity; k += 1) {
      const settled = ledger.#row(k)[1];
      if (settled !== 0 && settled !== 1) throw new LearningError(code, `row ${k} is half settled`);
    }
    return ledger;
  }

  #row(decision: number): Float64Array {
    const length = 2 + this.width;
    const first = (decision % this.capacity) * length;
    return this.#rows.subarray(first, first + length);
  }
}
