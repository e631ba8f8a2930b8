import {
  checkedExecutionTime,
  checkedMeasurementCount,
  checkedTimestamp,
  checkedUnit,
  MEASUREMENT_LIMIT,
} from './entry.ts';
import { TimingBufferError } from './errors.ts';
import { RingCursor } from './ring-cursor.ts';
import { storeSixteen } from './store-sixteen.ts';

/** The largest ring, 2^20 slots: 96 bytes a slot make that 101 MB. */
export const MAX_CAPACITY_SLOTS = 2 ** 20;

const SAFE_END = 2 ** 53;
// Shifts and not products, because the engine cannot know that a product stays below 2^31.
const MEASUREMENT_SHIFT = 4;
const HEADER_SHIFT = 2;
const COHERENCE = 1;
const EXECUTION = 2;
const COUNT = 3;

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
 * Entry `s` lies in slot `s mod capacitySlots` of two arrays:
 *   headers       f64 × 4    timestamp in whole ns, never decreasing; coherence in [0, 1];
 *                            execution time in ns; measurement count, 0 to 16
 *   measurements  f32 × 16   past the entry's count they are stale, and never read
 */
export class OverwritingRing {
  readonly capacitySlots: number;
  /**
   * The measurements of all slots, 16 to a slot. Entry `s` begins at {@link measurementOffset}.
   * The ring owns it: write only the claimed slot, between {@link claim} and {@link commit}.
   */
  readonly measurements: Float32Array;
  readonly #headers: Float64Array;
  readonly #mask: number;
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
    this.#mask = capacitySlots - 1;
    this.measurements = new Float32Array(capacitySlots * MEASUREMENT_LIMIT);
    this.#headers = new Float64Array(capacitySlots << HEADER_SHIFT);
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
    return Math.max(0, this.#next - this.#mask);
  }

  /**
   * Copies one entry in, over the oldest when the ring is full. When it throws, nothing changed.
   * Fastest for a Float32Array of 16. The ring checks what it relies on; measurements it only
   * keeps, and a window refuses those outside [0, 1] when they are added to it.
   *
   * @param timestampNs - whole nanoseconds in [0, 2^53), not before the previous entry's.
   * @param measurements - up to 16 numbers, kept in float32.
   * @param coherence - in [0, 1]; an excess of at most 2^-24 is rounding and is taken as 0 or 1.
   * @param executionNs - in [0, 2^53).
   * @returns the entry's sequence number; the first is 0.
   * @throws {TimingBufferError} `CLAIM_OPEN`, `TIMESTAMP_OUT_OF_RANGE`, `TIME_RAN_BACKWARDS`,
   *   `MEASUREMENT_COUNT_OUT_OF_RANGE`, `COHERENCE_OUT_OF_RANGE`, `EXECUTION_TIME_OUT_OF_RANGE`
   */
  insert(
    timestampNs: number,
    measurements: ArrayLike<number>,
    coherence: number,
    executionNs: number,
  ): number {
    if (this.#claimed) refuseClaimed();
    const offset = this.#spareSlot() << MEASUREMENT_SHIFT;
    if (measurements instanceof Float32Array && measurements.length === MEASUREMENT_LIMIT) {
      storeSixteen(this.measurements, offset, measurements);
      return this.#publish(timestampNs, MEASUREMENT_LIMIT, coherence, executionNs);
    }
    const count = this.#storeAny(offset, measurements);
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
    if (this.#claimed) refuseClaimed();
    this.#claimed = true;
    return this.#spareSlot() << MEASUREMENT_SHIFT;
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
    if (!this.#claimed) refuseUnclaimed();
    if (measurementCount !== MEASUREMENT_LIMIT) checkedMeasurementCount(measurementCount);
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
    if (!this.#claimed) refuseUnclaimed();
    this.#claimed = false;
  }

  /**
   * Looks up one entry by its sequence number and copies it out.
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
    const offset = this.measurementOffset(sequence);
    return {
      status: 'entry',
      timestampNs: this.timestampNs(sequence),
      measurements: this.measurements.slice(offset, offset + this.measurementCount(sequence)),
      coherence: this.coherence(sequence),
      executionNs: this.executionNs(sequence),
    };
  }

  /**
   * The field of an entry, read where it lies; like it the four below.
   *
   * @throws {TimingBufferError} `ENTRY_UNREADABLE` for a sequence that is overwritten or unwritten.
   */
  timestampNs(sequence: number): number {
    return this.#headers[this.#header(sequence)];
  }

  coherence(sequence: number): number {
    return this.#headers[this.#header(sequence) + COHERENCE];
  }

  executionNs(sequence: number): number {
    return this.#headers[this.#header(sequence) + EXECUTION];
  }

  measurementCount(sequence: number): number {
    return this.#headers[this.#header(sequence) + COUNT];
  }

  /** Where the entry's measurements begin in {@link measurements}. */
  measurementOffset(sequence: number): number {
    return this.#header(sequence) << (MEASUREMENT_SHIFT - HEADER_SHIFT);
  }

  /**
   * The first sequence not yet overwritten whose timestamp is at least `timestampNs`, or
   * {@link nextSequence}. O(log size).
   */
  firstSequenceAt(timestampNs: number): number {
    let low = this.overwritten;
    let high = this.#next;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (this.timestampNs(middle) < timestampNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A reader that starts at the oldest entry and follows the writer. */
  cursor(): RingCursor {
    return new RingCursor(this, this.overwritten, Infinity);
  }

  /** A reader of the present entries with timestamps in [`fromNs`, `toNs`). O(log size). */
  cursorBetween(fromNs: number, toNs: number): RingCursor {
    return new RingCursor(this, this.firstSequenceAt(fromNs), this.firstSequenceAt(toNs));
  }

  /** Where the entry's header begins. The mask is right also for sequences above 2^31. */
  #header(sequence: number): number {
    if (!(sequence < this.#next && sequence >= this.#next - this.#mask && sequence >= 0)) {
      throw new TimingBufferError(
        'ENTRY_UNREADABLE',
        `sequence ${String(sequence)} is not in [${this.overwritten}, ${this.#next})`,
      );
    }
    return (sequence & this.#mask) << HEADER_SHIFT;
  }

  /** Where the next entry goes. Masking once more tells the engine how large a slot can be. */
  #spareSlot(): number {
    return this.#next & this.#mask & (MAX_CAPACITY_SLOTS - 1);
  }

  /** Writes any list of measurements into the spare slot and returns their count. */
  #storeAny(offset: number, measurements: ArrayLike<number>): number {
    const count = checkedMeasurementCount(measurements.length);
    for (let index = 0; index < count; index += 1) {
      const value: unknown = measurements[index];
      if (typeof value !== 'number') throw new TypeError(`expected a number, got ${typeof value}`);
      this.measurements[offset + index] = value;
    }
    return count;
  }

  /** Checks the other fields, writes them into the spare slot and makes it the newest entry. */
  #publish(timestampNs: number, count: number, coherence: number, executionNs: number): number {
    // Adding 0 turns −0 into 0.
    const time = timestampNs + 0;
    const unit = coherence + 0;
    const duration = executionNs + 0;
    const isPlain =
      time >= this.#lastNs &&
      time < SAFE_END &&
      Math.floor(time) === time &&
      unit >= 0 &&
      unit <= 1 &&
      duration >= 0 &&
      duration < SAFE_END;
    // What is out of the ordinary is refused, or put right and then plain.
    if (!isPlain || typeof coherence !== 'number' || typeof executionNs !== 'number') {
      return this.#publish(
        checkedTimestamp(time, this.#lastNs),
        count,
        checkedUnit(unit, 'COHERENCE_OUT_OF_RANGE'),
        checkedExecutionTime(duration),
      );
    }
    const sequence = this.#next;
    const header = this.#spareSlot() << HEADER_SHIFT;
    const headers = this.#headers;
    headers[header] = time;
    headers[header + COHERENCE] = unit;
    headers[header + EXECUTION] = duration;
    headers[header + COUNT] = count;
    this.#lastNs = time;
    this.#next = sequence + 1;
    return sequence;
  }
}

function refuseClaimed(): never {
  throw new TimingBufferError('CLAIM_OPEN', 'a slot is claimed: commit or abandon it first');
}

function refuseUnclaimed(): never {
  throw new TimingBufferError('CLAIM_MISSING', 'no slot is claimed');
}
