import type { Lottery } from '@sema/algorithms';
import { log } from '@sema/simulator/elementary';
import type { Seat } from './board.ts';
import type { EngineConfiguration } from './configuration.ts';
import type { MarketFeatures } from './market-features.ts';
import type { EntanglementPattern } from './resources/entanglement-pattern.ts';
import { hearVoters } from './resources/heard-voters.ts';
import type { QubitPlan } from './resources/qubit-plan.ts';
import { atResolution, pricesOver } from './resources/return-resolution.ts';
import type { ReturnDistribution } from './return-bins.ts';
import { gainProbability } from './return-bins.ts';

/** Everything the three algorithms need, in the form both the circuits and their twins take. */
export interface PathQuestion {
  readonly plan: QubitPlan;
  /** How the algorithms' marks are entangled before the fusion. */
  readonly pattern: EntanglementPattern;
  /** θ of the pattern, radians. */
  readonly patternAngle: number;
  /** Distribution of returns before the board trades, over the bins of LMSR. */
  readonly prior: Float64Array;
  /** Shares the board buys per bin. */
  readonly shares: Float64Array;
  readonly liquidity: number;
  /** The same over the bins of the lottery that prospect theory values. */
  readonly outcomes: Float64Array;
  /** Mean standardised return in each of those, σ. */
  readonly means: Float64Array;
  /** Square root of the evaluation horizon in candles. */
  readonly horizonRoot: number;
  /** Cost of one round trip, in units of the evaluation horizon's σ. */
  readonly cost: number;
  readonly choiceSensitivity: number;
  /** Weights of the voters that Hedge hears, as many as its register holds, sum 1. */
  readonly weights: Float64Array;
  /** Each one's probability of a gain, 0 where the weight is 0. */
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
  resources: DecisionResources,
): PathQuestion | undefined {
  let total = 0;
  for (let i = 0; i < seats.length; i++) if (seats[i].kind === 'vote') total += expertWeights[i];
  if (!(total > 0)) return undefined;
  const { registers } = resources.plan;
  const prior = atResolution(distribution, registers.lmsr).probabilities;
  const lottery = atResolution(distribution, registers.prospect);
  const priorUp = gainProbability(prior);
  let up = 0;
  let down = 0;
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i];
    if (seat.kind !== 'vote' || expertWeights[i] === 0) continue;
    const weight = expertWeights[i] / total;
    up += weight * log(seat.probabilityUp / priorUp);
    down += weight * log((1 - seat.probabilityUp) / (1 - priorUp));
  }
  const { liquidity, feeRate, slippageRate } = configuration;
  const shares = new Float64Array(prior.length);
  for (let bin = 0; bin < prior.length; bin++) {
    shares[bin] = liquidity * (bin < prior.length / 2 ? down : up);
  }
  const horizonRoot = Math.sqrt(configuration.evaluationCandles);
  return {
    ...resources,
    prior,
    shares,
    liquidity,
    outcomes: lottery.probabilities,
    means: lottery.means,
    horizonRoot,
    cost: (2 * (feeRate + slippageRate)) / (features.sigma * horizonRoot),
    choiceSensitivity: configuration.choiceSensitivity,
    ...hearVoters(seats, expertWeights, registers.hedge),
  };
}

/** What a decision has to compute with. */
export type DecisionResources = Pick<PathQuestion, 'plan' | 'pattern' | 'patternAngle'>;

/**
 * The lottery of going long or short: prices over its outcomes, and what one unit pays in each.
 *
 * @param prices - of LMSR.
 * @param side - 1 for long, −1 for short.
 */
export function lotteryOf(question: PathQuestion, prices: Float64Array, side: 1 | -1): Lottery {
  const probabilities = pricesOver(prices, question.outcomes);
  return { probabilities, payoffs: horizonPayoffs(question, probabilities, side) };
}

/**
 * Standardised payoffs of one unit of position over the evaluation horizon.
 *
 * Over H candles the drift grows as H and the dispersion as √H, so in units of σ√H a bin's mean z
 * becomes z + μ(√H − 1), where μ = Σ p z is the drift of one candle.
 *
 * @param prices - over the outcomes of the lottery.
 * @param side - 1 for long, −1 for short.
 */
export function horizonPayoffs(
  { means, horizonRoot, cost }: PathQuestion,
  prices: Float64Array,
  side: 1 | -1,
): Float64Array {
  let drift = 0;
  for (let bin = 0; bin < prices.length; bin++) drift += prices[bin] * means[bin];
  const shift = drift * (horizonRoot - 1);
  const payoffs = new Float64Array(means.length);
  for (let bin = 0; bin < means.length; bin++) payoffs[bin] = side * (means[bin] + shift) - cost;
  return payoffs;
}
