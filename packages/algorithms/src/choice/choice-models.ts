import { exp, pow } from '@sema/simulator/elementary';
import { checkLottery, prospectValue } from '../prospect.ts';
import type { Lottery } from '../prospect.ts';

/** A choice between two lotteries. */
export interface BinaryChoice {
  readonly a: Lottery;
  readonly b: Lottery;
}

/** A parameter that is fitted: strictly between its bounds. */
export interface ModelParameter {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Where a fit starts. */
  readonly start: number;
}

/** Says how often B is chosen. */
export interface ChoiceModel {
  readonly name: string;
  readonly parameters: readonly ModelParameter[];
  /**
   * @param values - of the parameters, in their order.
   * @returns in [0, 1].
   * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
   */
  probabilityOfB(choice: BinaryChoice, values: ArrayLike<number>): number;
}

const SENSITIVITY: ModelParameter = { name: 'sensitivity', from: 0, to: 10, start: 0.1 };
const ALPHA: ModelParameter = { name: 'alpha', from: 0.05, to: 2, start: 0.8 };

const PROSPECT: readonly ModelParameter[] = [
  SENSITIVITY,
  ALPHA,
  { name: 'beta', from: 0.05, to: 2, start: 0.8 },
  { name: 'lambda', from: 0.05, to: 10, start: 1.3 },
  { name: 'gammaGain', from: 0.28, to: 2, start: 0.8 },
  { name: 'gammaLoss', from: 0.28, to: 2, start: 0.8 },
];

/** Expected value, and the logit rule. */
export const EXPECTED_VALUE: ChoiceModel = Object.freeze({
  name: 'expected value',
  parameters: [SENSITIVITY],
  probabilityOfB({ a, b }: BinaryChoice, values: ArrayLike<number>) {
    return logistic(values[0] * (expectedUtility(b, 1) - expectedUtility(a, 1)));
  },
});

/** Expected utility of ±|x|^alpha, and the logit rule. */
export const EXPECTED_UTILITY: ChoiceModel = Object.freeze({
  name: 'expected utility',
  parameters: [SENSITIVITY, ALPHA],
  probabilityOfB({ a, b }: BinaryChoice, values: ArrayLike<number>) {
    return logistic(values[0] * (expectedUtility(b, values[1]) - expectedUtility(a, values[1])));
  },
});

/** Cumulative prospect theory with the weighting of 1992, and the logit rule. */
export const CUMULATIVE_PROSPECT: ChoiceModel = Object.freeze({
  name: 'cumulative prospect theory',
  parameters: PROSPECT,
  probabilityOfB: prospectChoice,
});

/** The same, and a plain lean towards B that looks at neither lottery: what a bias alone gains. */
export const CUMULATIVE_PROSPECT_WITH_BIAS: ChoiceModel = Object.freeze({
  name: 'prospect theory and a bias',
  parameters: [...PROSPECT, { name: 'bias', from: -0.99, to: 2, start: 0 }],
  probabilityOfB(choice: BinaryChoice, values: ArrayLike<number>) {
    return tilted(prospectChoice(choice, values), 1, 1 + values[PROSPECT.length]);
  },
});

/**
 * The same as prospect theory, and interference. The outcomes of a lottery are the modes in which
 * it may be enjoyed; their overlap, the coherence c, is the same for any two. Then
 * p ∝ f·(1 + c·((Σ √pᵢ)² − 1)), where f is the logit rule's. At c = 0 the modes are resolved and
 * nothing changes; above it a lottery attracts for being uncertain, below it repels. The least c
 * that quantum theory allows nine modes is −1/8.
 */
export const CUMULATIVE_PROSPECT_WITH_INTERFERENCE: ChoiceModel = Object.freeze({
  name: 'prospect theory and interference',
  parameters: [...PROSPECT, { name: 'coherence', from: -0.125, to: 1, start: 0 }],
  probabilityOfB(choice: BinaryChoice, values: ArrayLike<number>) {
    const coherence = values[PROSPECT.length];
    return tilted(
      prospectChoice(choice, values),
      Math.max(0, 1 + coherence * modeOverlap(choice.a)),
      Math.max(0, 1 + coherence * modeOverlap(choice.b)),
    );
  },
});

function prospectChoice({ a, b }: BinaryChoice, values: ArrayLike<number>): number {
  const parameters = {
    alpha: values[1],
    beta: values[2],
    lambda: values[3],
    gammaGain: values[4],
    gammaLoss: values[5],
  };
  return logistic(values[0] * (prospectValue(b, parameters) - prospectValue(a, parameters)));
}

/** f with the odds of the options multiplied by their tilts. */
function tilted(f: number, tiltOfA: number, tiltOfB: number): number {
  return (f * tiltOfB) / ((1 - f) * tiltOfA + f * tiltOfB);
}

function logistic(difference: number): number {
  return 1 / (1 + exp(-difference));
}

function expectedUtility(lottery: Lottery, alpha: number): number {
  checkLottery(lottery);
  const { probabilities, payoffs } = lottery;
  let sum = 0;
  for (let i = 0; i < payoffs.length; i += 1) {
    const size = Math.abs(payoffs[i]);
    const felt = alpha === 1 || size === 0 ? size : pow(size, alpha);
    sum += probabilities[i] * (payoffs[i] < 0 ? -felt : felt);
  }
  return sum;
}

/** (Σ √p)² − 1 over different payoffs: 0 for a sure one, n − 1 for n equally likely ones. */
function modeOverlap({ probabilities, payoffs }: Lottery): number {
  let amplitude = 0;
  for (let i = 0; i < payoffs.length; i += 1) {
    if (payoffs.indexOf(payoffs[i]) < i) continue;
    let together = 0;
    for (let j = i; j < payoffs.length; j += 1) {
      if (payoffs[j] === payoffs[i]) together += probabilities[j];
    }
    amplitude += Math.sqrt(together);
  }
  return Math.max(0, amplitude * amplitude - 1);
}
