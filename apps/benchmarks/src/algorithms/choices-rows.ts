import { prospectValue, TVERSKY_KAHNEMAN_1992 } from '@sema/algorithms';
import {
  bootstrapMean,
  crossValidate,
  CUMULATIVE_PROSPECT,
  CUMULATIVE_PROSPECT_WITH_BIAS,
  CUMULATIVE_PROSPECT_WITH_INTERFERENCE,
  dealFolds,
  EXPECTED_UTILITY,
  EXPECTED_VALUE,
  fitChoiceModel,
  standardErrors,
  type ChoiceModel,
  type ObservedChoice,
} from '@sema/algorithms/choice';
import { mulberry32 } from '@sema/simulator';
import { row, type Row, type SuiteOptions } from '../harness.ts';
import {
  CHOICES_FOLDER,
  choices13k,
  choices1979,
  hasChoiceData,
  type PolledChoice,
} from './choices-data.ts';

const FOLDS = { count: 5, seed: 13 };
const BOOTSTRAP = { resamples: 4000, confidence: 0.95, seed: 13_000 };

/** Of a normal distribution, for 95 %. */
const TWO_SIDED = 1.959964;

const MODELS = [
  EXPECTED_VALUE,
  EXPECTED_UTILITY,
  CUMULATIVE_PROSPECT,
  CUMULATIVE_PROSPECT_WITH_BIAS,
  CUMULATIVE_PROSPECT_WITH_INTERFERENCE,
] as const;

/** Each beside the one before it in complexity; the last also beside what a plain bias gains. */
const PAIRS = [
  [EXPECTED_UTILITY, EXPECTED_VALUE],
  [CUMULATIVE_PROSPECT, EXPECTED_UTILITY],
  [CUMULATIVE_PROSPECT_WITH_INTERFERENCE, CUMULATIVE_PROSPECT],
  [CUMULATIVE_PROSPECT_WITH_INTERFERENCE, CUMULATIVE_PROSPECT_WITH_BIAS],
] as const;

/**
 * How well models predict choices that they were not fitted to, on the half of choices13k that is
 * at hand, and whether interference earns its place: the interval of its paired difference is
 * below 0, also beside a plain bias, which costs as much to fit.
 */
export function choicesRows({ quick, skipped }: SuiteOptions): Row[] {
  if (!hasChoiceData()) {
    skipped(`choices: there is no ${CHOICES_FOLDER}`);
    return [];
  }
  const all = choices13k();
  const choices = quick ? all.filter(({ group }) => group % 40 === 0) : all;
  const folds = dealFolds(choices, FOLDS.count, mulberry32(FOLDS.seed));
  const errors = new Map<ChoiceModel, Float64Array>(
    MODELS.map((model) => [model, crossValidate(model, choices, folds)]),
  );
  return [
    row({
      name: 'choices13k, sampling variance: no model is better',
      value: meanOf(choices, ({ samplingVariance }) => samplingVariance),
      unit: 'MSE',
    }),
    ...MODELS.map((model) => errorRow(model, errorsOf(errors, model), choices)),
    ...PAIRS.flatMap(([model, simpler]) => {
      const [own, others] = [errorsOf(errors, model), errorsOf(errors, simpler)];
      const differences = own.map((error, i) => error - others[i]);
      return differenceRows(`${model.name} less ${simpler.name}`, differences, choices);
    }),
    ...coherenceRows(choices),
    ...attractionRows(choices),
  ];
}

function errorsOf(
  errors: ReadonlyMap<ChoiceModel, Float64Array>,
  model: ChoiceModel,
): Float64Array {
  const own = errors.get(model);
  if (own === undefined) throw new Error(`${model.name} was not measured`);
  return own;
}

/** Beside a model that always says ½. */
function errorRow(model: ChoiceModel, errors: Float64Array, choices: readonly PolledChoice[]): Row {
  const { mean, low, high } = interval(errors, choices);
  return row({
    name: `choices13k, 5-fold error: ${model.name}`,
    value: mean,
    unit: `MSE, 95 % ${low.toFixed(4)} … ${high.toFixed(4)}`,
    peer: { name: 'always ½', value: meanOf(choices, ({ shareB }) => (shareB - 0.5) ** 2) },
  });
}

function differenceRows(
  name: string,
  differences: Float64Array,
  choices: readonly ObservedChoice[],
): Row[] {
  const { mean, low, high } = interval(differences, choices);
  return [
    row({ name: `${name}, paired`, value: mean, unit: 'MSE' }),
    row({ name: `${name}, 95 % from`, value: low, unit: 'MSE' }),
    row({ name: `${name}, 95 % to`, value: high, unit: 'MSE', target: { atMost: 0 } }),
  ];
}

function interval(
  values: Float64Array,
  choices: readonly ObservedChoice[],
): ReturnType<typeof bootstrapMean> {
  return bootstrapMean(values, {
    groups: choices.map(({ group }) => group),
    ...BOOTSTRAP,
    random: mulberry32(BOOTSTRAP.seed),
  });
}

function coherenceRows(choices: readonly ObservedChoice[]): Row[] {
  const model = CUMULATIVE_PROSPECT_WITH_INTERFERENCE;
  const { values } = fitChoiceModel(model, choices);
  const place = values.length - 1;
  const error = standardErrors(model, choices, values)[place];
  return [
    row({ name: 'coherence of outcomes, fitted', value: values[place], unit: '1' }),
    row({ name: 'coherence, 95 % from', value: values[place] - TWO_SIDED * error, unit: '1' }),
    row({ name: 'coherence, 95 % to', value: values[place] + TWO_SIDED * error, unit: '1' }),
  ];
}

/** Mean |p − f|, f by the medians of 1992 and a fitted sensitivity, beside the quarter law. */
function attractionRows(choices: readonly ObservedChoice[]): Row[] {
  return [
    { name: 'mean attraction, choices13k', observed: choices },
    { name: 'mean attraction, problems of 1979', observed: choices1979() },
  ].map(({ name, observed }) => {
    const { values } = fitChoiceModel(MEDIANS_OF_1992, observed);
    const attraction = meanOf(observed, (choice) =>
      Math.abs(choice.shareB - MEDIANS_OF_1992.probabilityOfB(choice, values)),
    );
    return row({ name, value: attraction, unit: '1', peer: { name: 'quarter law', value: 0.25 } });
  });
}

const MEDIANS_OF_1992: ChoiceModel = {
  name: 'prospect theory with the medians of 1992',
  parameters: [{ name: 'sensitivity', from: 0, to: 1, start: 1e-3 }],
  probabilityOfB({ a, b }, values) {
    const [ofA, ofB] = [a, b].map((lottery) => prospectValue(lottery, TVERSKY_KAHNEMAN_1992));
    return 1 / (1 + Math.exp(values[0] * (ofA - ofB)));
  },
};

function meanOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}
