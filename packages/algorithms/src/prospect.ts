import { powInto } from '@sema/simulator/elementary';
import {
  checkDistribution,
  checkInteger,
  checkLength,
  checkRange,
  checkValues,
  isOutside,
} from './argument-checks.ts';
import { AlgorithmError } from './errors.ts';
import { checkWeighting, weighingMemory, weighProbabilities } from './probability-weighting.ts';
import type {
  ProbabilityWeighting,
  TverskyKahnemanWeighting,
  WeighingMemory,
} from './probability-weighting.ts';
import { sortDescending } from './rank-order.ts';

/** What may happen, and with which probability. */
export interface Lottery {
  /** ≥ 0, sum 1; at most 65 536. */
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
const OUTCOMES = { from: 1, to: 1 << 16 };
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

/** The same, in memory for lotteries of one number of outcomes that may be filled again. */
export interface SubjectiveMemory extends SubjectiveLottery {
  /** Outcomes, the highest payoff first. */
  readonly order: Uint16Array;
  /** Probability of what ranks before each rank, and of what ranks from it on; n + 1 of each. */
  readonly better: Float64Array;
  readonly worse: Float64Array;
  readonly weighing: WeighingMemory;
}

/** @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE` for more than 65 536 outcomes. */
export function subjectiveMemory(outcomes: number): SubjectiveMemory {
  if (outcomes === 0) throw new AlgorithmError('EMPTY', 'a lottery has no outcomes');
  checkInteger('outcomes', outcomes, OUTCOMES);
  return {
    weights: new Float64Array(outcomes),
    values: new Float64Array(outcomes),
    order: Uint16Array.from({ length: outcomes }, (_, outcome) => outcome),
    better: new Float64Array(outcomes + 1),
    worse: new Float64Array(outcomes + 1),
    weighing: weighingMemory(outcomes),
  };
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
  const memory = subjectiveMemory(lottery.probabilities.length);
  writeSubjectiveLottery(lottery, parameters, memory);
  return memory;
}

/**
 * The same without allocating.
 *
 * @param into - for as many outcomes as the lottery has.
 * @throws {AlgorithmError} as {@link prospectValue}; the memory is then unchanged.
 */
export function writeSubjectiveLottery(
  lottery: Lottery,
  parameters: ProspectParameters,
  into: SubjectiveMemory,
): void {
  checkLottery(lottery);
  checkLength('probabilities', lottery.probabilities, into.values.length);
  checkParameters(parameters);
  writeSubjectiveValues(lottery.payoffs, parameters, into);
  writeDecisionWeights(lottery, parameters, into);
}

function writeSubjectiveValues(
  payoffs: Float64Array,
  { alpha, beta, lambda }: ValueParameters,
  { values, weighing: { exponents } }: SubjectiveMemory,
): void {
  for (let i = 0; i < payoffs.length; i += 1) {
    values[i] = payoffs[i] === 0 ? 1 : Math.abs(payoffs[i]);
    exponents[i] = payoffs[i] > 0 ? alpha : beta;
  }
  powInto(values, exponents, values);
  for (let i = 0; i < payoffs.length; i += 1) {
    if (payoffs[i] === 0) values[i] = 0;
    else if (payoffs[i] < 0) values[i] *= -lambda;
  }
}

function writeDecisionWeights(
  { probabilities, payoffs }: Lottery,
  weighting: ProbabilityWeighting,
  { weights, order, better, worse, weighing }: SubjectiveMemory,
): void {
  const count = payoffs.length;
  sortDescending(order, payoffs);
  // Both tails are summed: w is steep at 0 and at 1, where 1 − p would have lost its digits.
  for (let rank = 0; rank < count; rank += 1) {
    better[rank + 1] = better[rank] + probabilities[order[rank]];
  }
  for (let rank = count - 1; rank >= 0; rank -= 1) {
    worse[rank] = worse[rank + 1] + probabilities[order[rank]];
  }
  let gains = 0;
  while (gains < count && payoffs[order[gains]] >= 0) gains += 1;
  const { inside, outside } = weighing;
  for (let rank = 0; rank < count; rank += 1) {
    inside[rank] = rank < gains ? better[rank + 1] : worse[rank];
    outside[rank] = rank < gains ? worse[rank + 1] : better[rank];
  }
  weighProbabilities(weighting, gains, weighing);
  let highest = 0;
  for (let rank = 0; rank < gains; rank += 1) {
    weights[order[rank]] = Math.max(0, inside[rank] - highest);
    highest = Math.max(highest, inside[rank]);
  }
  highest = 0;
  for (let rank = count - 1; rank >= gains; rank -= 1) {
    weights[order[rank]] = Math.max(0, inside[rank] - highest);
    highest = Math.max(highest, inside[rank]);
  }
}

/** @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE` */
export function checkLottery({ probabilities, payoffs }: Lottery): void {
  checkDistribution('probabilities', probabilities);
  checkLength('payoffs', payoffs, probabilities.length);
  checkValues('payoffs', payoffs, PAYOFF);
}

function checkParameters(parameters: ProspectParameters): void {
  const { alpha, beta, lambda } = parameters;
  if (isOutside(alpha, CURVATURE)) checkRange('alpha', alpha, CURVATURE);
  if (isOutside(beta, CURVATURE)) checkRange('beta', beta, CURVATURE);
  if (isOutside(lambda, LOSS_AVERSION)) checkRange('lambda', lambda, LOSS_AVERSION);
  checkWeighting(parameters);
}
