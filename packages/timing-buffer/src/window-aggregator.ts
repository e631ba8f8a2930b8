import {
  checkedExecutionTime,
  checkedTimestamp,
  checkedUnit,
  copyMeasurements,
  MEASUREMENT_LIMIT,
} from './entry.ts';
import { histogramEntropyBits } from './entropy.ts';
import { RunningMoments } from './running-moments.ts';

/** Bins of equal width over [0, 1]: bin ⌊50·x⌋, and 1 falls into the last. */
export const HISTOGRAM_BINS = 50;

const NS_PER_SECOND = 1e9;

/** The statistics of a window that has at least one entry. No number in it is NaN or infinite. */
export interface WindowSummary {
  /** Entries in the window, at least 1. */
  readonly count: number;
  readonly firstNs: number;
  readonly lastNs: number;
  /** In [0, 1], between the smallest and the largest coherence. */
  readonly meanCoherence: number;
  readonly maxCoherence: number;
  /** 1/(1 + σ), σ the population standard deviation of the coherence; 1 is perfectly steady. */
  readonly coherenceStability: number;
  readonly meanExecutionNs: number;
  /** 1/(1 + σ/μ), relative to the mean μ and so free of the unit; 1 when every time is 0. */
  readonly executionStability: number;
  /**
   * Mean of channel `i` over the entries that have it. Its length, 0 to 16, is that of the longest
   * entry: a channel that no entry has is not there.
   */
  readonly meanMeasurements: Float64Array;
  /**
   * Shannon entropy of all measurements over {@link HISTOGRAM_BINS}, from 0 to log2 50, to within
   * 1e-13; undefined when no entry had any.
   */
  readonly entropyBits: number | undefined;
  /** (count − 1) entries over the time from first to last; undefined when that time is 0. */
  readonly throughputPerSecond: number | undefined;
}

/**
 * Window statistics kept as entries arrive: adding costs the entry's own length, closing costs the
 * same for any number of entries. Adding allocates nothing.
 *
 * Sums are of non-negative numbers in order of arrival, so the mean of a channel over n entries is
 * right to n·2^-53, relatively; deviations are as good as {@link RunningMoments} says.
 */
export class WindowAggregator {
  readonly #coherence = new RunningMoments();
  readonly #execution = new RunningMoments();
  readonly #scratch = new Float64Array(MEASUREMENT_LIMIT);
  readonly #sums = new Float64Array(MEASUREMENT_LIMIT);
  /** How many entries have exactly this many measurements. */
  readonly #lengths = new Float64Array(MEASUREMENT_LIMIT + 1);
  /** One bin more than is counted: the value 1 lands there and joins the last bin on closing. */
  readonly #histogram = new Float64Array(HISTOGRAM_BINS + 1);
  #count = 0;
  #measurementTotal = 0;
  #maxCoherence = 0;
  #firstNs = 0;
  #lastNs = 0;

  /**
   * Adds one entry. When it throws, nothing changed.
   *
   * @param timestampNs - whole nanoseconds in [0, 2^53), not before the previous entry's, also
   *   when that belonged to a window since closed.
   * @param measurements - up to 16 numbers in [0, 1]; element `i` belongs to channel `i`. An excess
   *   of at most 1e-9 is rounding and is taken as 0 or 1; the same holds for `coherence`.
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
    const time = checkedTimestamp(timestampNs, this.#lastNs);
    const checkedCoherence = checkedUnit(coherence, 'COHERENCE_OUT_OF_RANGE');
    const checkedExecution = checkedExecutionTime(executionNs);
    const length = copyMeasurements(measurements, this.#scratch);

    if (this.#count === 0) this.#firstNs = time;
    this.#lastNs = time;
    this.#count += 1;
    this.#coherence.add(checkedCoherence, this.#count);
    this.#execution.add(checkedExecution, this.#count);
    if (checkedCoherence > this.#maxCoherence) this.#maxCoherence = checkedCoherence;
    this.#lengths[length] += 1;
    this.#measurementTotal += length;
    const values = this.#scratch;
    const sums = this.#sums;
    const histogram = this.#histogram;
    for (let channel = 0; channel < length; channel += 1) {
      const value = values[channel];
      sums[channel] += value;
      histogram[Math.trunc(value * HISTOGRAM_BINS)] += 1;
    }
  }

  /**
   * Reads the statistics out and starts the next window, in the same time for any number of
   * entries.
   *
   * @returns undefined for a window without entries, which has no statistics.
   */
  close(): WindowSummary | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const meanExecutionNs = this.#execution.mean;
    const executionDeviation = this.#execution.deviation(count);
    const spanNs = this.#lastNs - this.#firstNs;
    const summary: WindowSummary = {
      count,
      firstNs: this.#firstNs,
      lastNs: this.#lastNs,
      meanCoherence: this.#coherence.mean,
      maxCoherence: this.#maxCoherence,
      coherenceStability: 1 / (1 + this.#coherence.deviation(count)),
      meanExecutionNs,
      executionStability:
        meanExecutionNs === 0 ? 1 : 1 / (1 + executionDeviation / meanExecutionNs),
      meanMeasurements: this.#meanMeasurements(),
      entropyBits: this.#measurementTotal === 0 ? undefined : this.#entropyBits(),
      throughputPerSecond: spanNs === 0 ? undefined : ((count - 1) * NS_PER_SECOND) / spanNs,
    };
    this.#reset();
    return summary;
  }

  #meanMeasurements(): Float64Array {
    let longest = MEASUREMENT_LIMIT;
    while (longest > 0 && this.#lengths[longest] === 0) longest -= 1;
    const means = new Float64Array(longest);
    let entriesWithChannel = 0;
    for (let channel = longest - 1; channel >= 0; channel -= 1) {
      entriesWithChannel += this.#lengths[channel + 1];
      means[channel] = this.#sums[channel] / entriesWithChannel;
    }
    return means;
  }

  #entropyBits(): number {
    const histogram = this.#histogram;
    histogram[HISTOGRAM_BINS - 1] += histogram[HISTOGRAM_BINS];
    histogram[HISTOGRAM_BINS] = 0;
    return histogramEntropyBits(histogram, this.#measurementTotal);
  }

  /** The last timestamp stays: the next window may not begin before this one ended. */
  #reset(): void {
    this.#coherence.reset();
    this.#execution.reset();
    this.#sums.fill(0);
    this.#lengths.fill(0);
    this.#histogram.fill(0);
    this.#count = 0;
    this.#measurementTotal = 0;
    this.#maxCoherence = 0;
  }
}
