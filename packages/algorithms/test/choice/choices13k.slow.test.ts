import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import {
  bootstrapMean,
  crossValidate,
  CUMULATIVE_PROSPECT,
  CUMULATIVE_PROSPECT_WITH_INTERFERENCE,
  dealFolds,
  fitChoiceModel,
} from '../../src/choice.ts';
import { ABSENT, choices13k } from './choices13k.ts';

test.skipIf(ABSENT !== '')(
  `prospect theory fits choices13k as published figures say${ABSENT}`,
  () => {
    const { values, meanSquaredError } = fitChoiceModel(CUMULATIVE_PROSPECT, choices13k());
    // Of all 14 568 rows .02287; this is every second problem, whose mean varies by .0005.
    expect(Math.abs(meanSquaredError - 0.02287)).toBeLessThan(0.0015);
    const [, alpha, beta, lambda, gammaGain, gammaLoss] = values;
    expect(alpha).toBeCloseTo(0.813, 1);
    expect(beta).toBeCloseTo(0.718, 1);
    expect(Math.abs(lambda - 1.295)).toBeLessThan(0.2);
    expect(gammaGain).toBeCloseTo(0.8, 1);
    expect(gammaLoss).toBeCloseTo(0.746, 1);
  },
);

test.skipIf(ABSENT !== '')(
  `interference lowers the error of choices it was not fitted to${ABSENT}`,
  () => {
    // A quarter of the problems; the benchmark takes them all.
    const choices = choices13k().filter(({ group }) => group % 4 === 0);
    const folds = dealFolds(choices, 5, mulberry32(13));
    const plain = crossValidate(CUMULATIVE_PROSPECT, choices, folds);
    const interfering = crossValidate(CUMULATIVE_PROSPECT_WITH_INTERFERENCE, choices, folds);
    const { mean, high } = bootstrapMean(
      interfering.map((error, i) => error - plain[i]),
      {
        groups: choices.map(({ group }) => group),
        resamples: 2000,
        confidence: 0.95,
        random: mulberry32(13_000),
      },
    );
    expect(mean).toBeLessThan(0);
    expect(high).toBeLessThan(0);
  },
);
