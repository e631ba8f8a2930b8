import { log } from '@sema/simulator/elementary';
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
const NORMAL_MEANS = [
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

const VOLATILITY_RETURNS = 20;

/**
 * Bins each past return of the window by the volatility known before it. O(window).
 *
 * One pseudo-observation per bin, at the normal's mean there, keeps every probability above zero.
 */
export function returnDistribution(window: CandleWindow): ReturnDistribution {
  const { close, length } = window;
  const counts = new Float64Array(BIN_COUNT).fill(1);
  const sums = Float64Array.from(NORMAL_MEANS);
  const changes = new Float64Array(length);
  for (let i = 1; i < length; i++) changes[i] = log(close[i] / close[i - 1]);
  for (let i = VOLATILITY_RETURNS + 1; i < length; i++) {
    const sigma = deviation(changes, i - VOLATILITY_RETURNS, i);
    if (!(sigma > 0)) continue;
    const standardized = changes[i] / sigma;
    const bin = binOf(standardized);
    counts[bin] += 1;
    sums[bin] += standardized;
  }
  let total = 0;
  for (const count of counts) total += count;
  return {
    probabilities: counts.map((count) => count / total),
    means: sums.map((sum, bin) => sum / counts[bin]),
  };
}

/** The bin of a return measured in units of its σ. */
function binOf(standardized: number): number {
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

function deviation(changes: Float64Array, from: number, to: number): number {
  let sum = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    sum += changes[i];
    squares += changes[i] * changes[i];
  }
  const count = to - from;
  return Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1)));
}
