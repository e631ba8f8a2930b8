import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainProspect, prospectValue, TVERSKY_KAHNEMAN_1992 } from '../src/index.ts';
import { distribution, finite, floats } from './arbitraries.ts';

const gamble = {
  probabilities: Float64Array.of(0.4, 0.2, 0.4, 0),
  payoffs: Float64Array.of(50, 0, 100, 1000),
};

describe('(50, .4; 0, .2; 100, .4), which is worth 28.7160', () => {
  const explanation = explainProspect(gamble, TVERSKY_KAHNEMAN_1992);

  test('counts w(.4) of the best outcome and w(.8) − w(.4) of the next', () => {
    expect(explanation.value).toBeCloseTo(28.716, 3);
    const [fifty, nothing, hundred] = explanation.reasons;
    expect(hundred.weight).toBeCloseTo(0.37002, 5);
    expect(fifty.weight).toBeCloseTo(0.60744 - 0.37002, 5);
    expect(nothing.contribution).toBe(0);
    expect(hundred.value).toBeCloseTo(100 ** 0.88, 12);
  });

  test('says it to a person, what counts most first', () => {
    expect(explanation.text.split('\n')).toEqual([
      '+21.29: 100, felt as 57.54, at probability 0.4, which counts for 0.37',
      '+7.423: 50, felt as 31.27, at probability 0.4, which counts for 0.2374',
      '+0: 0, felt as 0, at probability 0.2, which counts for 0.3926',
      'value 28.72: as good as a sure 45.39; expected payoff 60',
    ]);
  });
});

test('a loss is as bad as its sure alternative', () => {
  const sure = { probabilities: Float64Array.of(1), payoffs: Float64Array.of(-100) };
  const { certaintyEquivalent, text } = explainProspect(sure, TVERSKY_KAHNEMAN_1992);
  expect(certaintyEquivalent).toBeCloseTo(-100, 10);
  expect(text.split('\n')[0]).toBe(
    '-129.5: -100, felt as -129.5, at probability 1, which counts for 1',
  );
});

test('contributions sum to the value, and the sure alternative has it too', () => {
  const lotteries = fc.integer({ min: 1, max: 8 }).chain((count) =>
    fc.record({
      probabilities: distribution(count),
      payoffs: floats(count, -1e3, 1e3).map((payoffs) => payoffs.map(Math.round)),
    }),
  );
  fc.assert(
    fc.property(lotteries, finite(0.3, 1.5), finite(0.3, 1.5), (lottery, alpha, gammaGain) => {
      const parameters = { ...TVERSKY_KAHNEMAN_1992, alpha, gammaGain };
      const { value, reasons, certaintyEquivalent } = explainProspect(lottery, parameters);
      expect(value).toBe(prospectValue(lottery, parameters));
      expect(reasons.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(
        value,
        8,
      );
      const sure = {
        probabilities: Float64Array.of(1),
        payoffs: Float64Array.of(certaintyEquivalent),
      };
      // Two powers round.
      expect(Math.abs(prospectValue(sure, parameters) - value)).toBeLessThanOrEqual(
        1e-12 * Math.abs(value),
      );
    }),
  );
});

test('bad input is refused', () => {
  expect(() =>
    explainProspect({ ...gamble, payoffs: Float64Array.of(1) }, TVERSKY_KAHNEMAN_1992),
  ).toThrow(expect.objectContaining({ code: 'LENGTH_MISMATCH' }));
});
