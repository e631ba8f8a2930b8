import { MEASUREMENT_LIMIT } from './entry.ts';
import { histogramEntropyBits } from './entropy.ts';

/** Bins of equal width over [0, 1]: bin ⌊50·x⌋, and 1 falls into the last. */
export const HISTOGRAM_BINS = 50;

const LAST_BIN = HISTOGRAM_BINS - 1;
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

/** What a window has kept of its entries' coherence and execution time. */
interface WindowMoments {
  readonly count: number;
  readonly firstNs: number;
  readonly lastNs: number;
  readonly meanCoherence: number;
  readonly maxCoherence: number;
  readonly coherenceDeviation: number;
  readonly meanExecutionNs: number;
  readonly executionDeviation: number;
}

export function windowSummary(moments: WindowMoments, tally: MeasurementTally): WindowSummary {
  const { count, firstNs, lastNs, meanExecutionNs } = moments;
  const spanNs = lastNs - firstNs;
  return {
    count,
    firstNs,
    lastNs,
    meanCoherence: moments.meanCoherence,
    maxCoherence: moments.maxCoherence,
    coherenceStability: 1 / (1 + moments.coherenceDeviation),
    meanExecutionNs,
    executionStability:
      meanExecutionNs === 0 ? 1 : 1 / (1 + moments.executionDeviation / meanExecutionNs),
    meanMeasurements: tally.means(),
    entropyBits: tally.entropyBits(),
    throughputPerSecond: spanNs === 0 ? undefined : ((count - 1) * NS_PER_SECOND) / spanNs,
  };
}

/** Sums of the channels and the histogram of all measurements, of a fixed size. */
export class MeasurementTally {
  readonly #sums = new Float64Array(MEASUREMENT_LIMIT);
  /** How many entries have exactly this many measurements. */
  readonly #lengths = new Float64Array(MEASUREMENT_LIMIT + 1);
  readonly #histogram = new Float64Array(HISTOGRAM_BINS);
  #total = 0;

  /**
   * Counts the first `length` of `values` in, or out again.
   *
   * @param weight - 1 or −1.
   */
  count(values: Float64Array, length: number, weight: 1 | -1): void {
    const sums = this.#sums;
    const histogram = this.#histogram;
    this.#lengths[length] += weight;
    this.#total += weight * length;
    for (let channel = 0; channel < length; channel += 1) {
      const value = values[channel];
      sums[channel] += weight * value;
      const bin = Math.trunc(value * HISTOGRAM_BINS);
      histogram[bin === HISTOGRAM_BINS ? LAST_BIN : bin] += weight;
    }
  }

  means(): Float64Array {
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

  entropyBits(): number | undefined {
    return this.#total === 0 ? undefined : histogramEntropyBits(this.#histogram, this.#total);
  }

  reset(): void {
    this.#sums.fill(0);
    this.#lengths.fill(0);
    this.#histogram.fill(0);
    this.#total = 0;
  }
}
