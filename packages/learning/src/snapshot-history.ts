import { LearningError } from './errors.ts';
import { requireInteger, requireNumber, type Range } from './validation.ts';

const CAPACITY_RANGE: Range = { min: 1, max: 65_536 };
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/**
 * The newest snapshots, by market time: `asOf(t)` is what was known at candle t. A snapshot is held
 * as it was given; those of this package share no memory with what they were taken of.
 */
export class SnapshotHistory<Snapshot> {
  readonly capacity: number;
  readonly #times: number[] = [];
  readonly #snapshots: Snapshot[] = [];

  /**
   * @param capacity - snapshots kept at most, in [1, 65536].
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor(capacity: number) {
    this.capacity = requireInteger(capacity, 'capacity', CAPACITY_RANGE, 'INVALID_OPTION');
  }

  get count(): number {
    return this.#times.length;
  }

  /**
   * Keeps a snapshot, forgetting the oldest beyond `capacity`. O(capacity).
   *
   * @param time - market time, after that of the last one.
   * @throws {LearningError} `INVALID_TIME`
   */
  record(time: number, snapshot: Snapshot): void {
    requireNumber(time, 'time', FINITE, 'INVALID_TIME');
    const last = this.#times.at(-1) ?? -Infinity;
    if (!(time > last)) {
      throw new LearningError('INVALID_TIME', `a snapshot at ${time} is not after ${last}`);
    }
    if (this.#times.length === this.capacity) {
      this.#times.shift();
      this.#snapshots.shift();
    }
    this.#times.push(time);
    this.#snapshots.push(snapshot);
  }

  /** The newest snapshot taken at or before a time; undefined if none that old is kept. */
  asOf(time: number): Snapshot | undefined {
    requireNumber(time, 'time', { min: -Infinity, max: Infinity }, 'INVALID_TIME');
    const index = this.#times.findLastIndex((taken) => taken <= time);
    return index < 0 ? undefined : this.#snapshots[index];
  }
}
