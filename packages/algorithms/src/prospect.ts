import { pow } from '@sema/simulator/elementary';
import { checkDistribution, checkLength, checkRange, checkValues } from './argument-checks.ts';
import { checkWeighting, weighProbability } from './probability-weighting.ts';
import type { ProbabilityWeighting, TverskyKahnemanWeighting } from './probability-weighting.ts';

/** What may happen, and with which probability. */
export interface Lottery {
  /** ≥ 0, sum 1. */
  readonly probabilities: Float64Array;
  /** As many; gains and losses from the status quo, within ±1e100. */
  readonly payoffs: Float64Array;
}

/** How payoffs are felt: v(x) = x^alpha for gains and −lambda·(−x)^beta for losses. */
export interface ValueParameters {
  /** Curvature of gains; in (0, 2]. */
  readonly alpha: number;
  /** Curvature of losses; in (0, 2]. */
  readonly beta: number;
  /** Loss aversion; in (0, 1e6]. */
  readonly lambda: number;
}

/** Parameters of cumulative prospect theory. */
export type ProspectParameters = ValueParameters & ProbabilityWeighting;

/** The medians of Tversky & Kahneman (1992). */
export const TVERSKY_KAHNEMAN_1992: ValueParameters & TverskyKahnemanWeighting = Object.freeze({
  alpha: 0.88,
  beta: 0.88,
  lambda: 2.25,
  gammaGain: 0.61,
  gammaLoss: 0.69,
});

const PAYOFF = { from: -1e100, to: 1e100 };
const CURVATURE = { from: Number.MIN_VALUE, to: 2 };
const LOSS_AVERSION = { from: Number.MIN_VALUE, to: 1e6 };

/**
 * Value of a lottery in cumulative prospect theory: Σ πᵢ v(xᵢ), with v(x) = x^alpha for gains and
 * −lambda·(−x)^beta for losses, and rank-dependent decision weights π: gains cumulate w from the
 * best on, losses from the worst. w is that of 1992 or Prelec's. The classical twin of
 * `QuantumProspect.value`. O(n log n).
 *
 * Below γ ≈ 0.279 the w of 1992 dips between its ends; there a decision weight that would be
 * negative is 0, and the next one counts from the highest w so far.
 *
 * @returns the value, in payoff units to the power alpha or beta.
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 * @see Tversky & Kahneman (1992), "Advances in Prospect Theory"; Prelec (1998), "The
 * Probability Weighting Function"
 */
export function prospectValue(lottery: Lottery, parameters: ProspectParameters): number {
  const { weights, values } = subjectiveLottery(lottery, parameters);
  let value = 0;
  for (let i = 0; i < weights.length; i += 1) value += weights[i] * values[i];
  return value;
}

/** A lottery as the decision maker sees it. */
export interface SubjectiveLottery {
  /** π: ≥ 0, but the sum need not be 1. In the order of the lottery. */
  readonly weights: Float64Array;
  /** v(x). In the order of the lottery. */
  readonly values: Float64Array;
}

/**
 * Decision weights and subjective values; arguments and errors as {@link prospectValue}.
 *
 * At least one weight is positive: a lottery has a chance ≥ ½ of a gain or of a loss, and w of it
 * is > 0.
 */
export function subjectiveLottery(
  lottery: Lottery,
  parameters: ProspectParameters,
): SubjectiveLottery {
  checkLottery(lottery);
  checkParameters(parameters);
  const values = lottery.payoffs.map((payoff) => subjectiveValue(payoff, parameters));
  return { weights: decisionWeights(lottery, parameters), values };
}

function decisionWeights(
  { probabilities, payoffs }: Lottery,
  weighting: ProbabilityWeighting,
): Float64Array {
  const count = payoffs.length;
  // Equal payoffs rank by index, so that rounding does not depend on how the engine sorts.
  const ranked = Uint32Array.from(payoffs, (_, i) => i).sort(
    (a, b) => payoffs[a] - payoffs[b] || a - b,
  );
  // Both tails are summed: w is steep at 0 and at 1, where 1 − p would have lost its digits.
  const below = new Float64Array(count + 1);
  const above = new Float64Array(count + 1);
  for (let r = 0; r < count; r += 1) below[r + 1] = below[r] + probabilities[ranked[r]];
  for (let r = count - 1; r >= 0; r -= 1) above[r] = above[r + 1] + probabilities[ranked[r]];

  const weights = new Float64Array(count);
  let losses = 0;
  let highest = 0;
  for (; losses < count && payoffs[ranked[losses]] < 0; losses += 1) {
    const cumulated = weighProbability(below[losses + 1], above[losses + 1], weighting, 'loss');
    weights[ranked[losses]] = Math.max(0, cumulated - highest);
    highest = Math.max(highest, cumulated);
  }
  highest = 0;
  for (let r = count - 1; r >= losses; r -= 1) {
    const cumulated = weighProbability(above[r], below[r], weighting, 'gain');
    weights[ranked[r]] = Math.max(0, cumulated - highest);
    highest = Math.max(highest, cumulated);
  }
  return weights;
}

function subjectiveValue(payoff: number, { alpha, beta, lambda }: ProspectParameters): number {
  if (payoff > 0) return pow(payoff, alpha);
  return payoff < 0 ? -lambda * pow(-payoff, beta) : 0;
}

/** @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE` */
export function checkLottery({ probabilities, payoffs }: Lottery): void {
  checkDistribution('probabilities', probabilities);
  checkLength('payoffs', payoffs, probabilities.length);
  checkValues('payoffs', payoffs, PAYOFF);
}

function checkParameters(parameters: ProspectParameters): void {
  checkRange('alpha', parameters.alpha, CURVATURE);
  checkRange('beta', parameters.beta, CURVATURE);
  checkRange('lambda', parameters.lambda, LOSS_AVERSION);
  checkWeighting(parameters);
}
