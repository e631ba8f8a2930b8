import { log } from '@sema/simulator/elementary';
import type { Seat } from './board.ts';
import { EXPERT_QUBITS } from './board.ts';
import type { EngineConfiguration } from './configuration.ts';
import type { MarketFeatures } from './market-features.ts';
import type { ReturnDistribution } from './return-bins.ts';
import { BIN_COUNT, FIRST_GAIN, gainProbability } from './return-bins.ts';

/** Everything the three algorithms need, in the form both the circuits and their twins take. */
export interface PathQuestion {
  /** Distribution of returns before the board trades, 8 bins. */
  readonly prior: Float64Array;
  /** Shares the board buys per bin. */
  readonly shares: Float64Array;
  readonly liquidity: number;
  /** Mean standardised return per bin, σ. */
  readonly means: Float64Array;
  /** Square root of the evaluation horizon in candles. */
  readonly horizonRoot: number;
  /** Cost of one round trip, in units of the evaluation horizon's σ. */
  readonly cost: number;
  readonly choiceSensitivity: number;
  /** Expert weights over the votes, 16 of them, sum 1, 0 for an abstention. */
  readonly weights: Float64Array;
  /** Each vote's probability of a gain, 16 of them, 0 where the weight is 0. */
  readonly probabilities: Float64Array;
}

/**
 * Puts the board's votes as trades on the window's own distribution of returns.
 *
 * A voter with probability p reweights gains and losses to p and 1 − p and leaves the shape of each
 * side. Trading the fraction w of the way there costs w·b·ln(belief/prior) shares, so that after
 * all have traded the market price is their weighted logarithmic opinion pool.
 *
 * `undefined` when nobody voted.
 */
export function pathQuestion(
  seats: readonly Seat[],
  expertWeights: Float64Array,
  distribution: ReturnDistribution,
  features: MarketFeatures,
  configuration: EngineConfiguration,
): PathQuestion | undefined {
  const { weights, probabilities } = votes(seats, expertWeights);
  if (weights === undefined) return undefined;
  const prior = distribution.probabilities;
  const priorUp = gainProbability(prior);
  let up = 0;
  let down = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    up += weights[i] * log(probabilities[i] / priorUp);
    down += weights[i] * log((1 - probabilities[i]) / (1 - priorUp));
  }
  const { liquidity, feeRate, slippageRate } = configuration;
  const shares = new Float64Array(BIN_COUNT);
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    shares[bin] = liquidity * (bin < FIRST_GAIN ? down : up);
  }
  const horizonRoot = Math.sqrt(configuration.evaluationCandles);
  return {
    prior,
    shares,
    liquidity,
    means: distribution.means,
    horizonRoot,
    cost: (2 * (feeRate + slippageRate)) / (features.sigma * horizonRoot),
    choiceSensitivity: configuration.choiceSensitivity,
    weights,
    probabilities,
  };
}

/** Weights of those who voted, scaled to sum 1. */
function votes(seats: readonly Seat[], expertWeights: Float64Array) {
  const weights = new Float64Array(1 << EXPERT_QUBITS);
  const probabilities = new Float64Array(1 << EXPERT_QUBITS);
  let total = 0;
  for (let index = 0; index < seats.length; index++) {
    const seat = seats[index];
    if (seat.kind !== 'vote') continue;
    weights[index] = expertWeights[index];
    probabilities[index] = seat.probabilityUp;
    total += expertWeights[index];
  }
  if (!(total > 0)) return { weights: undefined, probabilities };
  for (let i = 0; i < weights.length; i++) weights[i] /= total;
  return { weights, probabilities };
}

/**
 * Standardised payoffs of one unit of position over the evaluation horizon.
 *
 * Over H candles the drift grows as H and the dispersion as √H, so in units of σ√H a bin's mean z
 * becomes z + μ(√H − 1), where μ = Σ p z is the drift of one candle.
 *
 * @param side - 1 for long, −1 for short.
 */
export function horizonPayoffs(
  { means, horizonRoot, cost }: PathQuestion,
  prices: Float64Array,
  side: 1 | -1,
): Float64Array {
  let drift = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) drift += prices[bin] * means[bin];
  const shift = drift * (horizonRoot - 1);
  const payoffs = new Float64Array(BIN_COUNT);
  for (let bin = 0; bin < BIN_COUNT; bin++) payoffs[bin] = side * (means[bin] + shift) - cost;
  return payoffs;
}
