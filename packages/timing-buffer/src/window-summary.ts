import { MEASUREMENT_LIMIT } from './entry.ts';
import { histogramEntropyBits } from './entropy.ts';

/** Bins of equal width over [0, 1]: bin ⌊50·x⌋, and 1 falls into the last. */
export const HISTOGRAM_BINS = 50;

const LAST_BIN = HISTOGRAM_BINS - 1;
/** An entry has 0 to 16 measurements. */
const LENGTHS = MEASUREMENT_LIMIT + 1;
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

/** Where a {@link ReusableSummary} keeps its figures: a deviation behind its mean. */
export const FIGURE = {
  count: 0,
  firstNs: 1,
  lastNs: 2,
  maxCoherence: 3,
  meanCoherence: 4,
  coherenceDeviation: 5,
  meanExecutionNs: 6,
  executionDeviation: 7,
  entropyBits: 8,
} as const;

/**
 * A summary that a window writes into again and again without allocating anything. It reads like
 * any other; what it says holds until the next window is written into it. {@link copy} keeps it.
 */
export class ReusableSummary implements WindowSummary {
  readonly #figures = new Float64Array(Object.keys(FIGURE).length);
  readonly #means = new Float64Array(MEASUREMENT_LIMIT);
  /** The first 0, 1 … 16 of the means, so that no view need be made when a window is closed. */
  readonly #views = Array.from({ length: MEASUREMENT_LIMIT + 1 }, (_, length) =>
    this.#means.subarray(0, length),
  );
  #channels = 0;

  get count(): number {
    return this.#figures[FIGURE.count];
  }

  get firstNs(): number {
    return this.#figures[FIGURE.firstNs];
  }

  get lastNs(): number {
    return this.#figures[FIGURE.lastNs];
  }

  get meanCoherence(): number {
    return this.#figures[FIGURE.meanCoherence];
  }

  get maxCoherence(): number {
    return this.#figures[FIGURE.maxCoherence];
  }

  get coherenceStability(): number {
    return 1 / (1 + this.#figures[FIGURE.coherenceDeviation]);
  }

  get meanExecutionNs(): number {
    return this.#figures[FIGURE.meanExecutionNs];
  }

  get executionStability(): number {
    const mean = this.meanExecutionNs;
    return mean === 0 ? 1 : 1 / (1 + this.#figures[FIGURE.executionDeviation] / mean);
  }

  /** A view of what the next window overwrites. */
  get meanMeasurements(): Float64Array {
    return this.#views[this.#channels];
  }

  get entropyBits(): number | undefined {
    const bits = this.#figures[FIGURE.entropyBits];
    return Number.isNaN(bits) ? undefined : bits;
  }

  get throughputPerSecond(): number | undefined {
    const spanNs = this.lastNs - this.firstNs;
    return spanNs === 0 ? undefined : ((this.count - 1) * NS_PER_SECOND) / spanNs;
  }

  /** The same statistics as a plain object that nothing overwrites. */
  copy(): WindowSummary {
    return {
      count: this.count,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      meanCoherence: this.meanCoherence,
      maxCoherence: this.maxCoherence,
      coherenceStability: this.coherenceStability,
      meanExecutionNs: this.meanExecutionNs,
      executionStability: this.executionStability,
      meanMeasurements: this.meanMeasurements.slice(),
      entropyBits: this.entropyBits,
      throughputPerSecond: this.throughputPerSecond,
    };
  }

  /**
   * For the windows: takes over the statistics of the measurements.
   *
   * @returns the array for the other figures, at the places of `FIGURE`. Numbers written into
   *   an array are never boxed, as arguments and results may be.
   */
  take(tally: MeasurementTally): Float64Array {
    this.#channels = tally.means(this.#means);
    tally.entropyBits(this.#figures);
    return this.#figures;
  }
}

/** Sums of the channels and the histogram of all measurements, of a fixed size. */
export class MeasurementTally {
  /** Sums, lengths and histogram lie in one array, so that one call clears them. */
  readonly #counters = new Float64Array(MEASUREMENT_LIMIT + LENGTHS + HISTOGRAM_BINS);
  readonly #sums = this.#counters.subarray(0, MEASUREMENT_LIMIT);
  /** How many entries have exactly this many measurements. */
  readonly #lengths = this.#counters.subarray(MEASUREMENT_LIMIT, MEASUREMENT_LIMIT + LENGTHS);
  readonly #histogram = this.#counters.subarray(MEASUREMENT_LIMIT + LENGTHS);
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

  /**
   * Writes the mean of each channel.
   *
   * @returns how many channels there are; what lies behind them in `into` is left as it was.
   */
  means(into: Float64Array): number {
    let longest = MEASUREMENT_LIMIT;
    while (longest > 0 && this.#lengths[longest] === 0) longest -= 1;
    let entriesWithChannel = 0;
    for (let channel = longest - 1; channel >= 0; channel -= 1) {
      entriesWithChannel += this.#lengths[channel + 1];
      into[channel] = this.#sums[channel] / entriesWithChannel;
    }
    return longest;
  }

  /** Writes the entropy, NaN without any measurement, to its place among the figures. */
  entropyBits(figures: Float64Array): void {
    if (this.#total === 0) figures[FIGURE.entropyBits] = NaN;
    else histogramEntropyBits(this.#histogram, this.#total, figures, FIGURE.entropyBits);
  }

  reset(): void {
    this.#counters.fill(0);
    this.#total = 0;
  }
}
