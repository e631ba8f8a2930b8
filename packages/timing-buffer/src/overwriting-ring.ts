import {
  checkedExecutionTime,
  checkedMeasurementCount,
  checkedTimestamp,
  checkedUnit,
  copyMeasurements,
  MEASUREMENT_LIMIT,
} from './entry.ts';
import { TimingBufferError } from './errors.ts';
import { areSixteenUnit, storeSixteen } from './unit-floats.ts';

/** The largest ring, 2^20 slots: 89 bytes a slot make that 93 MB. */
export const MAX_CAPACITY_SLOTS = 2 ** 20;

/** What a ring knows of one sequence number. */
export type RingRead =
  | {
      readonly status: 'entry';
      readonly timestampNs: number;
      /** A copy of the entry's own measurements, 0 to 16 of them, as kept in float32. */
      readonly measurements: Float32Array;
      readonly coherence: number;
      readonly executionNs: number;
    }
  /** The writer has lapped the reader: entries before `oldestSequence` are gone. */
  | { readonly status: 'overwritten'; readonly oldestSequence: number }
  /** No entry has this sequence number yet; `nextSequence` is the one to be written next. */
  | { readonly status: 'unwritten'; readonly nextSequence: number };

/**
 * The most recent entries, the oldest overwritten by the newest: the writer never waits, and a
 * reader that falls behind is told so. For one thread. Inserting allocates nothing.
 *
 * Of its slots one is always spare: the next entry is written there and counts only once it has
 * been checked, so a refused entry costs no other. A ring of 2^k slots holds 2^k − 1 entries.
 *
 * Entry `s` lies in slot `s mod capacitySlots` of one array per field:
 *   timestamp          f64        whole nanoseconds, never decreasing from entry to entry
 *   measurements       f32 × 16   in [0, 1]; past the entry's count they are stale, and never read
 *   measurement count  u8         0 to 16
 *   coherence          f64        in [0, 1]
 *   execution time     f64        nanoseconds, in [0, 2^53)
 */
export class OverwritingRing {
  readonly capacitySlots: number;
  /**
   * The measurements of all slots, 16 to a slot, for writing in place between {@link claim} and
   * {@link commit} only. The ring owns it; to read an entry, use {@link read}.
   */
  readonly measurements: Float32Array;
  readonly #measurementBits: Uint32Array;
  readonly #timestamps: Float64Array;
  readonly #counts: Uint8Array;
  readonly #coherences: Float64Array;
  readonly #executionTimes: Float64Array;
  readonly #scratch = new Float64Array(MEASUREMENT_LIMIT);
  #next = 0;
  #lastNs = 0;
  #claimed = false;

  /**
   * @param capacitySlots - a power of two in [2, 2^20]. All memory is taken here.
   * @throws {TimingBufferError} `CAPACITY_OUT_OF_RANGE`
   */
  constructor(capacitySlots: number) {
    const inRange = capacitySlots >= 2 && capacitySlots <= MAX_CAPACITY_SLOTS;
    if (!Number.isInteger(capacitySlots) || !inRange || capacitySlots & (capacitySlots - 1)) {
      throw new TimingBufferError(
        'CAPACITY_OUT_OF_RANGE',
        `capacity ${String(capacitySlots)} is not a power of two in [2, ${MAX_CAPACITY_SLOTS}]`,
      );
    }
    this.capacitySlots = capacitySlots;
    this.measurements = new Float32Array(capacitySlots * MEASUREMENT_LIMIT);
    this.#measurementBits = new Uint32Array(this.measurements.buffer);
    this.#timestamps = new Float64Array(capacitySlots);
    this.#counts = new Uint8Array(capacitySlots);
    this.#coherences = new Float64Array(capacitySlots);
    this.#executionTimes = new Float64Array(capacitySlots);
  }

  /** How many entries can be read now, at most `capacitySlots − 1`. */
  get size(): number {
    return this.#next - this.overwritten;
  }

  /** The sequence number that the next entry gets; equally, how many were ever written. */
  get nextSequence(): number {
    return this.#next;
  }

  /** How many entries were lost to newer ones; equally, the oldest sequence not yet lost. */
  get overwritten(): number {
    return Math.max(0, this.#next - (this.capacitySlots - 1));
  }

  /**
   * Copies one entry in, over the oldest when the ring is full. When it throws, nothing changed.
   * Fastest for a Float32Array or Float64Array of 16.
   *
   * @param timestampNs - whole nanoseconds in [0, 2^53), not before the previous entry's.
   * @param measurements - up to 16 numbers in [0, 1], kept in float32. An excess of at most 2^-24
   *   is rounding and is taken as 0 or 1; the same holds for `coherence`.
   * @param coherence - in [0, 1].
   * @param executionNs - in [0, 2^53).
   * @returns the entry's sequence number; the first is 0.
   * @throws {TimingBufferError} `CLAIM_OPEN`, `TIMESTAMP_OUT_OF_RANGE`, `TIME_RAN_BACKWARDS`,
   *   `MEASUREMENT_COUNT_OUT_OF_RANGE`, `MEASUREMENT_OUT_OF_RANGE`, `COHERENCE_OUT_OF_RANGE`,
   *   `EXECUTION_TIME_OUT_OF_RANGE`
   */
  insert(
    timestampNs: number,
    measurements: ArrayLike<number>,
    coherence: number,
    executionNs: number,
  ): number {
    this.#requireNoClaim();
    const offset = this.#spareSlot() * MEASUREMENT_LIMIT;
    const count = this.#store(offset, measurements);
    return this.#publish(timestampNs, count, coherence, executionNs);
  }

  /**
   * Opens the spare slot for writing the next entry's measurements in place: element `i` goes to
   * `ring.measurements[offset + i]`. Then call {@link commit} or {@link abandon}.
   *
   * @returns the offset of the slot's first measurement in {@link measurements}.
   * @throws {TimingBufferError} `CLAIM_OPEN` when it is already claimed.
   */
  claim(): number {
    this.#requireNoClaim();
    this.#claimed = true;
    return this.#spareSlot() * MEASUREMENT_LIMIT;
  }

  /**
   * Publishes the claimed slot, of which the caller has written the first `measurementCount`
   * measurements. When it throws, the claim stays open: correct the entry and commit again.
   *
   * @returns the entry's sequence number.
   * @throws {TimingBufferError} `CLAIM_MISSING`, and what {@link insert} throws for an entry.
   */
  commit(
    timestampNs: number,
    measurementCount: number,
    coherence: number,
    executionNs: number,
  ): number {
    this.#requireClaim();
    const offset = this.#spareSlot() * MEASUREMENT_LIMIT;
    if (measurementCount !== MEASUREMENT_LIMIT || !areSixteenUnit(this.#measurementBits, offset)) {
      const end = offset + checkedMeasurementCount(measurementCount);
      for (let index = offset; index < end; index += 1) {
        const value = this.measurements[index];
        this.measurements[index] = checkedUnit(value, 'MEASUREMENT_OUT_OF_RANGE');
      }
    }
    const sequence = this.#publish(timestampNs, measurementCount, coherence, executionNs);
    this.#claimed = false;
    return sequence;
  }

  /**
   * Gives the claimed slot back without an entry.
   *
   * @throws {TimingBufferError} `CLAIM_MISSING`
   */
  abandon(): void {
    this.#requireClaim();
    this.#claimed = false;
  }

  /**
   * Looks up one entry by its sequence number and copies it out. A reader that works through the
   * ring asks for one sequence after another and, when lapped, goes on from `oldestSequence`.
   *
   * @throws {TimingBufferError} `SEQUENCE_OUT_OF_RANGE` unless a whole number in [0, 2^53).
   */
  read(sequence: number): RingRead {
    if (!(Number.isSafeInteger(sequence) && sequence >= 0)) {
      throw new TimingBufferError(
        'SEQUENCE_OUT_OF_RANGE',
        `sequence ${String(sequence)} is not a whole number in [0, 2^53)`,
      );
    }
    const oldestSequence = this.overwritten;
    if (sequence < oldestSequence) return { status: 'overwritten', oldestSequence };
    if (sequence >= this.#next) return { status: 'unwritten', nextSequence: this.#next };
    const slot = sequence & (this.capacitySlots - 1);
    const offset = slot * MEASUREMENT_LIMIT;
    return {
      status: 'entry',
      timestampNs: this.#timestamps[slot],
      measurements: this.measurements.slice(offset, offset + this.#counts[slot]),
      coherence: this.#coherences[slot],
      executionNs: this.#executionTimes[slot],
    };
  }

  #requireNoClaim(): void {
    if (this.#claimed) {
      throw new TimingBufferError('CLAIM_OPEN', 'a slot is claimed: commit or abandon it first');
    }
  }

  #requireClaim(): void {
    if (!this.#claimed) throw new TimingBufferError('CLAIM_MISSING', 'no slot is claimed');
  }

  /** Where the next entry goes. The mask is right also for sequences above 2^31. */
  #spareSlot(): number {
    return this.#next & (this.capacitySlots - 1);
  }

  /** Writes checked measurements into the spare slot and returns their count. */
  #store(offset: number, measurements: ArrayLike<number>): number {
    const isFloats = measurements instanceof Float32Array || measurements instanceof Float64Array;
    if (isFloats && measurements.length === MEASUREMENT_LIMIT) {
      storeSixteen(this.measurements, offset, measurements);
      if (areSixteenUnit(this.#measurementBits, offset)) return MEASUREMENT_LIMIT;
    }
    const count = copyMeasurements(measurements, this.#scratch);
    for (let index = 0; index < count; index += 1) {
      this.measurements[offset + index] = this.#scratch[index];
    }
    return count;
  }

  /** Checks the other fields, writes them into the spare slot and makes it the newest entry. */
  #publish(timestampNs: number, count: number, coherence: number, executionNs: number): number {
    const time = checkedTimestamp(timestampNs, this.#lastNs);
    const checkedCoherence = checkedUnit(coherence, 'COHERENCE_OUT_OF_RANGE');
    const checkedExecution = checkedExecutionTime(executionNs);
    const sequence = this.#next;
    const slot = this.#spareSlot();
    this.#timestamps[slot] = time;
    this.#counts[slot] = count;
    this.#coherences[slot] = checkedCoherence;
    this.#executionTimes[slot] = checkedExecution;
    this.#lastNs = time;
    this.#next = sequence + 1;
    return sequence;
  }
}
