import { GroupedSums } from './experts/indicators/exact-sums.ts';
import { standardizedReturn, VOLATILITY_RETURNS } from './experts/indicators/volatility-before.ts';
import type { CandleWindow } from './market-data/candles.ts';

/** Qubits that index the bins. */
export const BIN_QUBITS = 3;
export const BIN_COUNT = 8;
/** The first bin of gains: bins below it are losses. */
export const FIRST_GAIN = 4;

/** Octiles of the standard normal distribution, in units of σ. */
const EDGES = [
  -1.1503493803760079, -0.6744897501960817, -0.31863936396437514, 0, 0.31863936396437514,
  0.6744897501960817, 1.1503493803760079,
];

/** Mean of a standard normal within each octile: what one pseudo-observation a bin contributes. */
export const NORMAL_MEANS = [
  -1.6468282413731494, -0.8953843400997064, -0.49134935698390914, -0.1579763047546967,
  0.1579763047546967, 0.49134935698390914, 0.8953843400997064, 1.6468282413731494,
];

/** The window's own history of standardised returns, as a distribution over eight bins. */
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
 * One pseudo-observation per bin, at the normal's mean there, keeps every probability above zero.
 */
export class ReturnBins {
  readonly #returns: GroupedSums;

  /** @param windowCandles - how many candles the window has, in [22, 4096]. */
  constructor(windowCandles: number) {
    this.#returns = new GroupedSums(BIN_COUNT, windowCandles - VOLATILITY_RETURNS - 1);
  }

  /** Takes candle `index`, the one after the last that was taken. */
  take({ close }: CandleWindow, index: number): void {
    if (index <= VOLATILITY_RETURNS) return;
    const standardized = standardizedReturn(close, index);
    this.#returns.push(Number.isNaN(standardized) ? -1 : binOf(standardized), standardized);
  }

  distribution(): ReturnDistribution {
    const probabilities = new Float64Array(BIN_COUNT);
    const means = new Float64Array(BIN_COUNT);
    let total = 0;
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      const count = this.#returns.count(bin) + 1;
      means[bin] = (this.#returns.sum(bin) + NORMAL_MEANS[bin]) / count;
      probabilities[bin] = count;
      total += count;
    }
    for (let bin = 0; bin < BIN_COUNT; bin++) probabilities[bin] /= total;
    return { probabilities, means };
  }
}

/** The bin of a return measured in units of its σ. */
export function binOf(standardized: number): number {
  let bin = 0;
  while (bin < EDGES.length && standardized >= EDGES[bin]) bin++;
  return bin;
}

/** Probability of a gain. */
export function gainProbability(probabilities: Float64Array): number {
  let sum = 0;
  for (let bin = FIRST_GAIN; bin < BIN_COUNT; bin++) sum += probabilities[bin];
  return sum;
}
