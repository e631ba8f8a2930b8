import {
  checkedTimestamp,
  copyMeasurements,
  isTimestamp,
  MEASUREMENT_LIMIT,
  storeExecutionTime,
  storeUnit,
} from './entry.ts';
import { TimingBufferError } from './errors.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { FIGURE, MeasurementTally, ReusableSummary } from './window-summary.ts';
import type { WindowSummary } from './window-summary.ts';

/** The most entries that a sliding window may hold: 117 bytes each make that 123 MB. */
export const MAX_WINDOW_ENTRIES = 2 ** 20;

/** Measurements are kept as multiples of this, so that sums of 2^20 of them are exact. */
const GRID = 2 ** 31;

export interface SlidingWindowOptions {
  /** The window at time t holds the entries later than t − spanNs. Infinity: bounded by number. */
  readonly spanNs: number;
  /** A whole number in [1, 2^20]. A new entry in a full window displaces the oldest. */
  readonly capacityEntries: number;
}

/**
 * The statistics of the latest entries, by time, by number, or both. Adding an entry, dropping one
 * and reading the statistics each take the same time for any number of entries, also at worst; all
 * memory is taken when the window is made.
 *
 * Dropping leaves no trace: maximum, means and deviations are merged, not subtracted
 * ({@link SlidingMoments}), and channel sums and histogram are of whole numbers. For that a
 * measurement is rounded to a multiple of 2^-31, before it is counted in a bin too.
 */
export class SlidingWindow {
  readonly spanNs: number;
  readonly capacityEntries: number;
  readonly #mask: number;
  readonly #timestamps: Float64Array;
  readonly #lengths: Uint8Array;
  readonly #measurements: Uint32Array;
  readonly #moments: SlidingMoments;
  readonly #tally = new MeasurementTally();
  readonly #own = new ReusableSummary();
  /** Coherence and execution time of the entry being added. */
  readonly #entry = new Float64Array(2);
  readonly #incoming = new Float64Array(MEASUREMENT_LIMIT);
  readonly #outgoing = new Float64Array(MEASUREMENT_LIMIT);
  #first = 0;
  #next = 0;
  #nowNs = 0;
  #displaced = 0;

  /** @throws {TimingBufferError} `SPAN_OUT_OF_RANGE`, `CAPACITY_OUT_OF_RANGE` */
  constructor({ spanNs, capacityEntries }: SlidingWindowOptions) {
    if (!(spanNs > 0)) {
      throw new TimingBufferError('SPAN_OUT_OF_RANGE', `span ${String(spanNs)} ns is not above 0`);
    }
    const inRange = capacityEntries >= 1 && capacityEntries <= MAX_WINDOW_ENTRIES;
    if (!Number.isInteger(capacityEntries) || !inRange) {
      throw new TimingBufferError(
        'CAPACITY_OUT_OF_RANGE',
        `capacity ${String(capacityEntries)} is not a whole number in [1, ${MAX_WINDOW_ENTRIES}]`,
      );
    }
    this.spanNs = spanNs;
    this.capacityEntries = capacityEntries;
    let slots = 1;
    while (slots < capacityEntries) slots *= 2;
    this.#mask = slots - 1;
    this.#timestamps = new Float64Array(slots);
    this.#lengths = new Uint8Array(slots);
    this.#measurements = new Uint32Array(slots * MEASUREMENT_LIMIT);
    this.#moments = new SlidingMoments(slots);
  }

  /** Entries in the window now. */
  get size(): number {
    return this.#next - this.#first;
  }

  /** How many entries left because the window was full, before their time was up. */
  get displaced(): number {
    return this.#displaced;
  }

  /**
   * Moves the window to `timestampNs` and adds one entry. When it throws, nothing changed.
   *
   * @param timestampNs - whole nanoseconds in [0, 2^53), not before the window's time.
   * @param measurements - up to 16 numbers in [0, 1]; element `i` belongs to channel `i`. An excess
   *   of at most 2^-24 is rounding and is taken as 0 or 1; the same holds for `coherence`.
   * @param coherence - in [0, 1].
   * @param executionNs - in [0, 2^53).
   * @throws {TimingBufferError} `TIMESTAMP_OUT_OF_RANGE`, `TIME_RAN_BACKWARDS`,
   *   `MEASUREMENT_COUNT_OUT_OF_RANGE`, `MEASUREMENT_OUT_OF_RANGE`, `COHERENCE_OUT_OF_RANGE`,
   *   `EXECUTION_TIME_OUT_OF_RANGE`
   */
  add(
    timestampNs: number,
    measurements: ArrayLike<number>,
    coherence: number,
    executionNs: number,
  ): void {
    if (!isTimestamp(timestampNs, this.#nowNs)) checkedTimestamp(timestampNs, this.#nowNs);
    storeUnit(coherence, 'COHERENCE_OUT_OF_RANGE', this.#entry, 0);
    storeExecutionTime(executionNs, this.#entry, 1);
    const length = copyMeasurements(measurements, this.#incoming);
    // Adding 0 turns −0 into 0.
    this.#nowNs = timestampNs + 0;
    this.#expire();
    if (this.size === this.capacityEntries) {
      this.#drop();
      this.#displaced += 1;
    }
    const slot = this.#next & this.#mask;
    this.#timestamps[slot] = this.#nowNs;
    this.#lengths[slot] = length;
    for (let channel = 0; channel < length; channel += 1) {
      const steps = Math.round(this.#incoming[channel] * GRID);
      this.#measurements[slot * MEASUREMENT_LIMIT + channel] = steps;
      this.#incoming[channel] = steps / GRID;
    }
    this.#tally.count(this.#incoming, length, 1);
    this.#moments.push(this.#entry);
    this.#next += 1;
  }

  /**
   * Moves the window to `nowNs`: entries that are `spanNs` old or older leave.
   *
   * @throws {TimingBufferError} `TIMESTAMP_OUT_OF_RANGE`, `TIME_RAN_BACKWARDS`
   */
  advance(nowNs: number): void {
    this.#nowNs = checkedTimestamp(nowNs, this.#nowNs);
    this.#expire();
  }

  #expire(): void {
    const end = this.#nowNs - this.spanNs;
    while (this.size > 0 && this.#timestamps[this.#first & this.#mask] <= end) this.#drop();
  }

  /**
   * The statistics of the entries in the window; undefined without any.
   *
   * @param into - is written and returned, and nothing is allocated; without it the summary is a
   *   new object.
   */
  summary(): WindowSummary | undefined;
  summary(into: ReusableSummary): ReusableSummary | undefined;
  summary(into?: ReusableSummary): WindowSummary | undefined {
    const count = this.size;
    if (count === 0) return undefined;
    const summary = into ?? this.#own;
    const figures = summary.take(this.#tally);
    figures[FIGURE.count] = count;
    figures[FIGURE.firstNs] = this.#timestamps[this.#first & this.#mask];
    figures[FIGURE.lastNs] = this.#timestamps[(this.#next - 1) & this.#mask];
    this.#moments.read(figures);
    return into ?? summary.copy();
  }

  /** Drops the oldest entry. */
  #drop(): void {
    const slot = this.#first & this.#mask;
    const length = this.#lengths[slot];
    for (let channel = 0; channel < length; channel += 1) {
      this.#outgoing[channel] = this.#measurements[slot * MEASUREMENT_LIMIT + channel] / GRID;
    }
    this.#tally.count(this.#outgoing, length, -1);
    this.#moments.pop();
    this.#first += 1;
  }
}
