import { mulberry32 } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
} from '../../src/choice.ts';
import type { ChoiceModel, ObservedChoice } from '../../src/choice.ts';
import type { Lottery } from '../../src/index.ts';
import { distribution, finite, floats, normalised } from '../arbitraries.ts';
import { ABSENT, choices13k } from './choices13k.ts';

const MODELS: readonly ChoiceModel[] = [
  EXPECTED_VALUE,
  EXPECTED_UTILITY,
  CUMULATIVE_PROSPECT,
  CUMULATIVE_PROSPECT_WITH_BIAS,
  CUMULATIVE_PROSPECT_WITH_INTERFERENCE,
];

const TYPICAL = [0.25, 0.81, 0.7, 1.4, 0.8, 0.72];

function randomLottery(random: RandomSource): Lottery {
  const count = 1 + Math.floor(4 * random.next());
  return {
    probabilities: normalised(Array.from({ length: count }, () => 0.02 + random.next())),
    payoffs: Float64Array.from({ length: count }, () => Math.round(100 * random.next() - 40)),
  };
}

/** Choices that follow a model exactly. */
function simulated(model: ChoiceModel, values: readonly number[], count: number): ObservedChoice[] {
  const random = mulberry32(1979);
  return Array.from({ length: count }, (_, group) => {
    const choice = { a: randomLottery(random), b: randomLottery(random) };
    return { ...choice, shareB: model.probabilityOfB(choice, values), group };
  });
}

describe('a fit finds the parameters that made the choices', () => {
  test.each([
    { model: EXPECTED_VALUE, values: [0.07] },
    { model: EXPECTED_UTILITY, values: [0.3, 0.7] },
    { model: CUMULATIVE_PROSPECT, values: TYPICAL },
    { model: CUMULATIVE_PROSPECT_WITH_BIAS, values: [...TYPICAL, 0.3] },
    { model: CUMULATIVE_PROSPECT_WITH_INTERFERENCE, values: [...TYPICAL, 0.2] },
  ])('$model.name', ({ model, values }) => {
    const fitted = fitChoiceModel(model, simulated(model, values, 150));
    // Where steps stop to gain, the squares are far below those of one part in 1e4.
    values.forEach((value, k) => expect(fitted.values[k]).toBeCloseTo(value, 3));
    expect(fitted.meanSquaredError).toBeLessThan(1e-9);
  });
});

const lottery = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    probabilities: distribution(count),
    payoffs: floats(count, -100, 100),
  }),
);

test('every model gives a probability, whatever its parameters', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...MODELS),
      lottery,
      lottery,
      fc.array(finite(0, 1), { minLength: 7, maxLength: 7 }),
      (model, a, b, shares) => {
        const values = model.parameters.map(({ from, to }, k) => {
          const share = 0.001 + 0.998 * shares[k];
          return from + share * (to - from);
        });
        const p = model.probabilityOfB({ a, b }, values);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('without coherence interference changes nothing', () => {
  fc.assert(
    fc.property(lottery, lottery, (a, b) => {
      const f = CUMULATIVE_PROSPECT.probabilityOfB({ a, b }, TYPICAL);
      const p = CUMULATIVE_PROSPECT_WITH_INTERFERENCE.probabilityOfB({ a, b }, [...TYPICAL, 0]);
      expect(p).toBeCloseTo(f, 14);
    }),
  );
});

test('coherence multiplies the odds by 1 + c((Σ√p)² − 1) of different payoffs', () => {
  const sure = { probabilities: Float64Array.of(1), payoffs: Float64Array.of(10) };
  const split = {
    probabilities: Float64Array.of(0.25, 0.5, 0.25),
    payoffs: Float64Array.of(0, 20, 0),
  };
  const choice = { a: sure, b: split };
  const f = CUMULATIVE_PROSPECT.probabilityOfB(choice, TYPICAL);
  const p = CUMULATIVE_PROSPECT_WITH_INTERFERENCE.probabilityOfB(choice, [...TYPICAL, 0.4]);
  // Two modes of ½: (2√½)² − 1 = 1.
  expect(p / (1 - p)).toBeCloseTo((f / (1 - f)) * 1.4, 12);
});

test('folds hold whole groups, and as many of them', () => {
  const choices = simulated(EXPECTED_VALUE, [0.1], 103).map((choice, i) => ({
    ...choice,
    group: Math.floor(i / 2),
  }));
  const folds = dealFolds(choices, 5, mulberry32(1));
  for (let i = 0; i + 1 < 103; i += 2) expect(folds[i]).toBe(folds[i + 1]);
  const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(3);
});

test('an error is that of the model fitted without its fold', () => {
  const choices = simulated(EXPECTED_UTILITY, [0.2, 0.8], 40).map((choice, i) => ({
    ...choice,
    shareB: i % 3 === 0 ? 1 - choice.shareB : choice.shareB,
  }));
  const folds = dealFolds(choices, 4, mulberry32(2));
  const errors = crossValidate(EXPECTED_UTILITY, choices, folds);
  const held = 2;
  const { values } = fitChoiceModel(
    EXPECTED_UTILITY,
    choices.filter((_, i) => folds[i] !== held),
  );
  choices.forEach((choice, i) => {
    if (folds[i] !== held) return;
    const error = EXPECTED_UTILITY.probabilityOfB(choice, values) - choice.shareB;
    expect(errors[i]).toBe(error ** 2);
  });
});

test('a 95 % bootstrap interval holds the true mean about 95 times in 100', () => {
  const random = mulberry32(95);
  const runs = 300;
  let covered = 0;
  for (let r = 0; r < runs; r += 1) {
    // Groups of two that share a shift, so that intervals for single values would be too narrow.
    const shifts = Array.from({ length: 40 }, () => random.next() - 0.5);
    const values = shifts.flatMap((shift) => [shift + 0.1 * random.next(), shift]);
    const groups = values.map((_, i) => Math.floor(i / 2));
    const { low, high } = bootstrapMean(values, {
      groups,
      resamples: 400,
      confidence: 0.95,
      random,
    });
    if (low <= 0.025 && 0.025 <= high) covered += 1;
  }
  // Percentile intervals of 40 groups hold some 94 %; 0.90 … 0.98 is over three standard errors
  // of 1.3 % to each side: a false alarm in about 400 seeds.
  expect(covered / runs).toBeGreaterThan(0.9);
  expect(covered / runs).toBeLessThan(0.98);
});

test('a fit is within standard errors of the truth, and doubled choices add no certainty', () => {
  const random = mulberry32(44);
  const truth = [0.05, 0.8];
  const choices = simulated(EXPECTED_UTILITY, truth, 400).map((choice) => ({
    ...choice,
    shareB: Math.min(1, Math.max(0, choice.shareB + 0.2 * (random.next() - 0.5))),
  }));
  const { values } = fitChoiceModel(EXPECTED_UTILITY, choices);
  const errors = standardErrors(EXPECTED_UTILITY, choices, values);
  values.forEach((value, k) => {
    expect(errors[k]).toBeGreaterThan(0);
    // Four standard errors: a false alarm in some 8000 seeds. Clipped shares pull a little.
    expect(Math.abs(value - truth[k])).toBeLessThan(4 * errors[k]);
  });
  const doubled = standardErrors(EXPECTED_UTILITY, [...choices, ...choices], values);
  doubled.forEach((error, k) => expect(error).toBeCloseTo(errors[k], 10));
});

test('what the choices say nothing about has no standard error', () => {
  const sure = { probabilities: Float64Array.of(1), payoffs: Float64Array.of(10) };
  const choices = [{ a: sure, b: sure, shareB: 0.4, group: 1 }];
  expect(Array.from(standardErrors(EXPECTED_VALUE, choices, [0.1]))).toEqual([Infinity]);
});

test.skipIf(ABSENT !== '')(`EV and EU fit choices13k as published figures say${ABSENT}`, () => {
  const choices = choices13k();
  // Of all 14 568 rows EV leaves .02970 at sensitivity .1225, EU .02633 at α = .849. This is every
  // second problem: squared errors vary by .04, so a mean of 7277 varies by .0005.
  const ev = fitChoiceModel(EXPECTED_VALUE, choices);
  expect(Math.abs(ev.meanSquaredError - 0.0297)).toBeLessThan(0.0015);
  expect(ev.values[0]).toBeCloseTo(0.1225, 2);
  const eu = fitChoiceModel(EXPECTED_UTILITY, choices);
  expect(Math.abs(eu.meanSquaredError - 0.02633)).toBeLessThan(0.0015);
  expect(eu.values[1]).toBeCloseTo(0.849, 1);
});

describe('bad input is refused', () => {
  const [good] = simulated(EXPECTED_VALUE, [0.1], 1);
  const random = mulberry32(1);
  const drawing = { groups: [0], resamples: 100, confidence: 0.95, random };
  test.each([
    ['nothing to fit', () => fitChoiceModel(EXPECTED_VALUE, []), 'EMPTY'],
    [
      'a share that is NaN',
      () => fitChoiceModel(EXPECTED_VALUE, [{ ...good, shareB: NaN }]),
      'OUT_OF_RANGE',
    ],
    [
      'a share above 1',
      () => fitChoiceModel(EXPECTED_VALUE, [{ ...good, shareB: 1.1 }]),
      'OUT_OF_RANGE',
    ],
    [
      'probabilities that do not sum to 1',
      () =>
        fitChoiceModel(CUMULATIVE_PROSPECT, [
          { ...good, a: { probabilities: Float64Array.of(0.5), payoffs: Float64Array.of(1) } },
        ]),
      'NOT_A_DISTRIBUTION',
    ],
    [
      'a payoff that is NaN',
      () =>
        fitChoiceModel(EXPECTED_VALUE, [
          { ...good, b: { probabilities: Float64Array.of(1), payoffs: Float64Array.of(NaN) } },
        ]),
      'OUT_OF_RANGE',
    ],
    ['errors of other values', () => standardErrors(EXPECTED_VALUE, [good], []), 'LENGTH_MISMATCH'],
    ['more folds than groups', () => dealFolds([good], 2, random), 'OUT_OF_RANGE'],
    ['folds of other choices', () => crossValidate(EXPECTED_VALUE, [good], []), 'LENGTH_MISMATCH'],
    ['no values', () => bootstrapMean([], { ...drawing, groups: [] }), 'EMPTY'],
    ['a value that is NaN', () => bootstrapMean([NaN], drawing), 'OUT_OF_RANGE'],
    ['too few resamples', () => bootstrapMean([1], { ...drawing, resamples: 1 }), 'OUT_OF_RANGE'],
  ])('%s', (_, attempt, code) => {
    expect(attempt).toThrow(expect.objectContaining({ name: 'AlgorithmError', code }));
  });
});
