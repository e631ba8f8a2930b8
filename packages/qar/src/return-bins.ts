import { GroupedSums } from './experts/indicators/exact-sums.ts';
import { standardizedReturn, VOLATILITY_RETURNS } from './experts/indicators/volatility-before.ts';
import type { CandleWindow } from './market-data/candles.ts';
import { normalEdges, normalMeans } from './normal-bins.ts';

/** Octiles: the bins of `qstar`. */
export const BIN_COUNT = 8;
const OCTILE_QUBITS = 3;
const OCTILES = normalEdges(OCTILE_QUBITS);

/** Mean of a standard normal within each octile: what one pseudo-observation a bin contributes. */
export const NORMAL_MEANS = normalMeans(OCTILE_QUBITS);

/** Pseudo-observations in all. */
const PRIOR_WEIGHT = 8;

/** The window's own history of standardised returns, as a distribution over 2^k bins. */
export interface ReturnDistribution {
  /** Smoothed relative frequency per bin, all > 0, sum 1. */
  readonly probabilities: Float64Array;
  /** Mean standardised return per bin, in units of σ. */
  readonly means: Float64Array;
}

/**
 * Bins each past return of a window by the volatility known before it, candle by candle. O(1) a
 * candle, with the bits of a count made anew.
 *
 * Eight pseudo-observations, spread evenly over the bins and each at the normal's mean there, keep
 * every probability above zero. Merging neighbouring bins gives what fewer bins count.
 */
export class ReturnBins {
  readonly #returns: GroupedSums;
  readonly #edges: Float64Array;
  readonly #normalMeans: Float64Array;

  /**
   * @param windowCandles - how many candles the window has, in [22, 4096].
   * @param qubits - k in [2, 6], for 2^k bins.
   */
  constructor(windowCandles: number, qubits: number) {
    this.#edges = normalEdges(qubits);
    this.#normalMeans = normalMeans(qubits);
    this.#returns = new GroupedSums(1 << qubits, windowCandles - VOLATILITY_RETURNS - 1);
  }

  /** Takes candle `index`, the one after the last that was taken. */
  take({ close }: CandleWindow, index: number): void {
    if (index <= VOLATILITY_RETURNS) return;
    const standardized = standardizedReturn(close, index);
    this.#returns.push(
      Number.isNaN(standardized) ? -1 : binOf(standardized, this.#edges),
      standardized,
    );
  }

  distribution(): ReturnDistribution {
    const bins = this.#normalMeans.length;
    const pseudo = PRIOR_WEIGHT / bins;
    const probabilities = new Float64Array(bins);
    const means = new Float64Array(bins);
    let total = 0;
    for (let bin = 0; bin < bins; bin++) {
      const count = this.#returns.count(bin) + pseudo;
      means[bin] = (this.#returns.sum(bin) + pseudo * this.#normalMeans[bin]) / count;
      probabilities[bin] = count;
      total += count;
    }
    for (let bin = 0; bin < bins; bin++) probabilities[bin] /= total;
    return { probabilities, means };
  }
}

/** The bin of a return measured in units of its σ; of the octiles without edges of its own. */
export function binOf(standardized: number, edges = OCTILES): number {
  let bin = 0;
  while (bin < edges.length && standardized >= edges[bin]) bin++;
  return bin;
}

/** Probability of a gain: of the upper half of any number of bins. */
export function gainProbability(probabilities: Float64Array): number {
  let sum = 0;
  for (let bin = probabilities.length / 2; bin < probabilities.length; bin++) {
    sum += probabilities[bin];
  }
  return sum;
}
