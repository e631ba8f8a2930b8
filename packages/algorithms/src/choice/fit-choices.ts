import type { RandomSource } from '@sema/simulator';
import { checkInteger, checkLength, checkRange } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import type { BinaryChoice, ChoiceModel } from './choice-models.ts';
import { solveCholesky } from '../solve-cholesky.ts';
import { leastSquares } from './least-squares.ts';

/** A choice that many people made. */
export interface ObservedChoice extends BinaryChoice {
  /** How many of them took B, as a share in [0, 1]. */
  readonly shareB: number;
  /** Observations of one group, of the same problem say, are never split between fit and test. */
  readonly group: number;
}

export interface FittedModel {
  /** Of the parameters, in the model's order. */
  readonly values: Float64Array;
  /** Mean squared error of the shares, on what it was fitted to. */
  readonly meanSquaredError: number;
}

const SHARE = { from: 0, to: 1 };
const FOLDS = { from: 2, to: 1000 };
const RESAMPLES = { from: 100, to: 1_000_000 };
const CONFIDENCE = { from: 0.5, to: 0.9999 };

/**
 * Fits a model to observed shares by least squares: a local minimum, and the same values for the
 * same input on every machine. Some hundred passes over the choices.
 *
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function fitChoiceModel(
  model: ChoiceModel,
  choices: readonly ObservedChoice[],
): FittedModel {
  if (choices.length === 0) throw new AlgorithmError('EMPTY', 'there are no choices to fit');
  for (const { shareB } of choices) checkRange('shareB', shareB, SHARE);
  const { values, sumOfSquares } = leastSquares(
    (tried, into) => {
      for (let i = 0; i < choices.length; i += 1) {
        into[i] = model.probabilityOfB(choices[i], tried) - choices[i].shareB;
      }
    },
    choices.length,
    model.parameters,
  );
  return { values, meanSquaredError: sumOfSquares / choices.length };
}

/**
 * Standard errors of fitted values, from the curvature at the minimum and the scatter of whole
 * groups, so that neither unequal nor dependent errors make them too small.
 *
 * @returns one for each value, `Infinity` where the choices say nothing about it.
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 * @see Liang & Zeger (1986), "Longitudinal data analysis using generalized linear models"
 */
export function standardErrors(
  model: ChoiceModel,
  choices: readonly ObservedChoice[],
  values: ArrayLike<number>,
): Float64Array {
  if (choices.length === 0) throw new AlgorithmError('EMPTY', 'there are no choices');
  checkLength('values', values, model.parameters.length);
  const size = values.length;
  const normal = new Float64Array(size * size);
  const scores = new Map<number, Float64Array>();
  for (const choice of choices) {
    const slope = gradient(model, choice, values);
    const residual = model.probabilityOfB(choice, values) - choice.shareB;
    const score = scores.get(choice.group) ?? new Float64Array(size);
    for (let j = 0; j < size; j += 1) {
      score[j] += slope[j] * residual;
      for (let k = 0; k < size; k += 1) normal[j * size + k] += slope[j] * slope[k];
    }
    scores.set(choice.group, score);
  }
  return Float64Array.from(values, (_, k) => {
    const row = new Float64Array(size);
    row[k] = 1;
    solveCholesky(normal.slice(), row);
    let variance = 0;
    for (const score of scores.values()) {
      let part = 0;
      for (let j = 0; j < size; j += 1) part += row[j] * score[j];
      variance += part * part;
    }
    return Number.isFinite(variance) ? Math.sqrt(variance) : Infinity;
  });
}

const DIFFERENCE = 1e-6;

/** Central differences of the probability of B. */
function gradient(
  model: ChoiceModel,
  choice: BinaryChoice,
  values: ArrayLike<number>,
): Float64Array {
  const shifted = Float64Array.from(values);
  return Float64Array.from(values, (value, k) => {
    shifted[k] = value + DIFFERENCE;
    const above = model.probabilityOfB(choice, shifted);
    shifted[k] = value - DIFFERENCE;
    const below = model.probabilityOfB(choice, shifted);
    shifted[k] = value;
    return (above - below) / (2 * DIFFERENCE);
  });
}

/**
 * Deals groups to folds at random, as evenly as it can.
 *
 * @param folds - 2 … 1000, at most one per group.
 * @param random - draws one number per group.
 * @returns the fold of each choice.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function dealFolds(
  choices: readonly ObservedChoice[],
  folds: number,
  random: RandomSource,
): Uint16Array {
  const groups = [...new Set(choices.map(({ group }) => group))];
  checkInteger('folds', folds, { from: FOLDS.from, to: Math.min(FOLDS.to, groups.length) });
  for (let i = groups.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random.next() * (i + 1));
    [groups[i], groups[j]] = [groups[j], groups[i]];
  }
  const foldOf = new Map(groups.map((group, i) => [group, i % folds]));
  return Uint16Array.from(choices, ({ group }) => foldOf.get(group) ?? 0);
}

/**
 * Squared error of each choice under the model fitted to the other folds.
 *
 * @param folds - of each choice, as {@link dealFolds} gives them.
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function crossValidate(
  model: ChoiceModel,
  choices: readonly ObservedChoice[],
  folds: ArrayLike<number>,
): Float64Array {
  checkLength('folds', folds, choices.length);
  const errors = new Float64Array(choices.length);
  for (const held of new Set(Array.from(folds))) {
    const { values } = fitChoiceModel(
      model,
      choices.filter((_, i) => folds[i] !== held),
    );
    for (let i = 0; i < choices.length; i += 1) {
      if (folds[i] !== held) continue;
      const error = model.probabilityOfB(choices[i], values) - choices[i].shareB;
      errors[i] = error * error;
    }
  }
  return errors;
}

export interface ConfidenceInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap of a mean, drawing whole groups with replacement. Of the differences between
 * two models' errors on the same choices, it says whether one predicts better.
 *
 * @param values - finite, one for each choice.
 * @param options - groups: of each value. resamples: 100 … 1e6. confidence: in [0.5, 0.9999].
 * random: draws resamples × groups numbers.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 * @see Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  {
    groups,
    resamples,
    confidence,
    random,
  }: {
    readonly groups: ArrayLike<number>;
    readonly resamples: number;
    readonly confidence: number;
    readonly random: RandomSource;
  },
): ConfidenceInterval {
  if (values.length === 0) throw new AlgorithmError('EMPTY', 'there are no values');
  checkLength('groups', groups, values.length);
  checkInteger('resamples', resamples, RESAMPLES);
  checkRange('confidence', confidence, CONFIDENCE);
  const { sums, counts } = totalsByGroup(values, groups);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r += 1) {
    let sum = 0;
    let count = 0;
    for (let g = 0; g < sums.length; g += 1) {
      const drawn = Math.floor(random.next() * sums.length);
      sum += sums[drawn];
      count += counts[drawn];
    }
    means[r] = sum / count;
  }
  means.sort();
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i];
  const tail = Math.floor(((1 - confidence) / 2) * resamples);
  return { mean: total / values.length, low: means[tail], high: means[resamples - 1 - tail] };
}

function totalsByGroup(
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
): { sums: Float64Array; counts: Float64Array } {
  const places = new Map<number, number>();
  for (let i = 0; i < groups.length; i += 1) {
    if (!places.has(groups[i])) places.set(groups[i], places.size);
  }
  const sums = new Float64Array(places.size);
  const counts = new Float64Array(places.size);
  for (let i = 0; i < values.length; i += 1) {
    checkRange(`values[${i}]`, values[i], { from: -1e100, to: 1e100 });
    const place = places.get(groups[i]) ?? 0;
    sums[place] += values[i];
    counts[place] += 1;
  }
  return { sums, counts };
}
