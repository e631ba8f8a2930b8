import { LearningError } from './errors.ts';
import {
  requireBoolean,
  requireInteger,
  requireNumber,
  restoredArray,
  snapshotFields,
  type Range,
} from './validation.ts';

export interface TrackRecordOptions {
  /** How many experts, in [1, 32768]. */
  readonly experts: number;
  /**
   * Effective number of outcomes remembered, an integer in [2, 1000000], 100 if not given. Each new
   * outcome of the same expert and direction multiplies the older ones by 1 − 1/memory.
   */
  readonly memory?: number;
  /**
   * Effective observations below which no probability is stated, in [1, memory/2]; 10 or memory/2,
   * whichever is smaller, if not given. Half the memory is reached after 0.7·memory outcomes.
   */
  readonly minimumObservations?: number;
}

/** The whole state of a `TrackRecord`. Counts are at 2·expert for −1 and at 2·expert + 1 for 1. */
export interface TrackRecordSnapshot {
  readonly experts: number;
  readonly memory: number;
  readonly minimumObservations: number;
  readonly right: Float64Array;
  readonly wrong: Float64Array;
}

const EXPERTS_RANGE: Range = { min: 1, max: 32_768 };
const MEMORY_RANGE: Range = { min: 2, max: 1_000_000 };

/** Rounding in a sum of `memory` terms, relative. */
const COUNT_TOLERANCE = 1e-9;

/**
 * How often each expert was right when it said up, and when it said down: exponentially forgotten
 * counts, from which a stated direction becomes a calibrated probability. Every operation is O(1).
 *
 * The clock is the record itself: an expert that says nothing forgets nothing.
 */
export class TrackRecord {
  readonly experts: number;
  readonly memory: number;
  readonly minimumObservations: number;
  #right: Float64Array;
  #wrong: Float64Array;

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor({ experts, memory = 100, minimumObservations }: TrackRecordOptions) {
    const code = 'INVALID_OPTION';
    this.experts = requireInteger(experts, 'experts', EXPERTS_RANGE, code);
    this.memory = requireInteger(memory, 'memory', MEMORY_RANGE, code);
    this.minimumObservations = requireNumber(
      minimumObservations ?? Math.min(10, memory / 2),
      'minimumObservations',
      { min: 1, max: memory / 2 },
      code,
    );
    this.#right = new Float64Array(2 * experts);
    this.#wrong = new Float64Array(2 * experts);
  }

  /**
   * Records what happened after an expert stated a direction.
   *
   * @param direction - what the expert said: 1 for up, −1 for down.
   * @param wentUp - whether the return was positive.
   * @throws {LearningError} `INDEX_OUT_OF_RANGE`, `INVALID_DIRECTION`
   * @throws {TypeError} when `wentUp` is not a boolean
   */
  record(expert: number, direction: 1 | -1, wentUp: boolean): void {
    const index = this.#index(expert, direction);
    const wasRight = requireBoolean(wentUp, 'wentUp') === (direction === 1);
    const keep = 1 - 1 / this.memory;
    this.#right[index] = this.#right[index] * keep + (wasRight ? 1 : 0);
    this.#wrong[index] = this.#wrong[index] * keep + (wasRight ? 0 : 1);
  }

  /**
   * The probability that the next return is positive, given that this expert states this direction:
   * the posterior mean (up + 1)/(up + down + 2) of a Beta distribution with a uniform prior, so
   * always in [1/(memory + 2), 1 − 1/(memory + 2)].
   *
   * @returns undefined while fewer than `minimumObservations` effective outcomes are on record.
   * @throws {LearningError} `INDEX_OUT_OF_RANGE`, `INVALID_DIRECTION`
   * @see Laplace (1774), the rule of succession
   */
  probabilityUp(expert: number, direction: 1 | -1): number | undefined {
    const index = this.#index(expert, direction);
    const observations = this.#right[index] + this.#wrong[index];
    if (observations < this.minimumObservations) return undefined;
    const ups = direction === 1 ? this.#right[index] : this.#wrong[index];
    return (ups + 1) / (observations + 2);
  }

  snapshot(): TrackRecordSnapshot {
    return {
      experts: this.experts,
      memory: this.memory,
      minimumObservations: this.minimumObservations,
      right: this.#right.slice(),
      wrong: this.#wrong.slice(),
    };
  }

  /**
   * A record that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: TrackRecordSnapshot): TrackRecord {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const memory = requireInteger(fields.memory, 'memory', MEMORY_RANGE, code);
    const record = new TrackRecord({
      experts: requireInteger(fields.experts, 'experts', EXPERTS_RANGE, code),
      memory,
      minimumObservations: requireNumber(
        fields.minimumObservations,
        'minimumObservations',
        { min: 1, max: memory / 2 },
        code,
      ),
    });
    const countRange: Range = { min: 0, max: memory * (1 + COUNT_TOLERANCE) };
    record.#right = restoredArray(fields.right, 'right', 2 * record.experts, countRange);
    record.#wrong = restoredArray(fields.wrong, 'wrong', 2 * record.experts, countRange);
    for (let i = 0; i < 2 * record.experts; i += 1) {
      requireNumber(record.#right[i] + record.#wrong[i], `right + wrong at ${i}`, countRange, code);
    }
    return record;
  }

  #index(expert: number, direction: 1 | -1): number {
    const range = { min: 0, max: this.experts - 1 };
    const row = requireInteger(expert, 'expert', range, 'INDEX_OUT_OF_RANGE');
    const stated: unknown = direction;
    if (stated !== 1 && stated !== -1) {
      throw new LearningError(
        'INVALID_DIRECTION',
        `direction is ${String(direction)}, not 1 or -1`,
      );
    }
    return 2 * row + (direction === 1 ? 1 : 0);
  }
}
