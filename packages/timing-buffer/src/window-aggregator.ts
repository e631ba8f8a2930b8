import {
  checkedTimestamp,
  copyMeasurements,
  isTimestamp,
  MEASUREMENT_LIMIT,
  storeExecutionTime,
  storeUnit,
} from './entry.ts';
import { RunningMoments } from './running-moments.ts';
import { FIGURE, MeasurementTally, ReusableSummary } from './window-summary.ts';
import type { WindowSummary } from './window-summary.ts';

const COHERENCE = 0;
const EXECUTION = 1;

/**
 * Tumbling windows, their statistics kept as entries arrive: adding costs the entry's own length,
 * closing costs the same for any number of entries. Adding allocates nothing, and neither does
 * closing into a summary of the caller's.
 *
 * Sums are of non-negative numbers in order of arrival, so the mean of a channel over n entries is
 * right to n·2^-53, relatively; deviations are as good as {@link RunningMoments} says.
 */
export class WindowAggregator {
  readonly #coherence = new RunningMoments();
  readonly #execution = new RunningMoments();
  /** Coherence and execution time of the entry being added. */
  readonly #observed = new Float64Array(2);
  readonly #scratch = new Float64Array(MEASUREMENT_LIMIT);
  readonly #tally = new MeasurementTally();
  readonly #own = new ReusableSummary();
  #count = 0;
  #maxCoherence = 0;
  #firstNs = 0;
  #lastNs = 0;

  /**
   * Adds one entry. When it throws, nothing changed.
   *
   * @param timestampNs - whole nanoseconds in [0, 2^53), not before the previous entry's, also
   *   when that belonged to a window since closed.
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
    if (!isTimestamp(timestampNs, this.#lastNs)) checkedTimestamp(timestampNs, this.#lastNs);
    const observed = this.#observed;
    storeUnit(coherence, 'COHERENCE_OUT_OF_RANGE', observed, COHERENCE);
    storeExecutionTime(executionNs, observed, EXECUTION);
    const length = copyMeasurements(measurements, this.#scratch);

    // Adding 0 turns −0 into 0.
    this.#lastNs = timestampNs + 0;
    if (this.#count === 0) this.#firstNs = this.#lastNs;
    this.#count += 1;
    this.#coherence.add(observed, COHERENCE, this.#count);
    this.#execution.add(observed, EXECUTION, this.#count);
    if (observed[COHERENCE] > this.#maxCoherence) this.#maxCoherence = observed[COHERENCE];
    this.#tally.count(this.#scratch, length, 1);
  }

  /**
   * Reads the statistics out and starts the next window, in the same time for any number of
   * entries.
   *
   * @param into - is written and returned; without it the summary is a new object.
   * @returns undefined for a window without entries, which has no statistics; `into` is then as it
   *   was.
   */
  close(): WindowSummary | undefined;
  close(into: ReusableSummary): ReusableSummary | undefined;
  close(into?: ReusableSummary): WindowSummary | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const summary = into ?? this.#own;
    const figures = summary.take(this.#tally);
    figures[FIGURE.count] = count;
    figures[FIGURE.firstNs] = this.#firstNs;
    figures[FIGURE.lastNs] = this.#lastNs;
    figures[FIGURE.maxCoherence] = this.#maxCoherence;
    this.#coherence.read(count, figures, FIGURE.meanCoherence);
    this.#execution.read(count, figures, FIGURE.meanExecutionNs);
    this.#reset();
    return into ?? summary.copy();
  }

  /** The last timestamp stays: the next window may not begin before this one ended. */
  #reset(): void {
    this.#coherence.reset();
    this.#execution.reset();
    this.#tally.reset();
    this.#count = 0;
    this.#maxCoherence = 0;
  }
}
