import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prospectValue, TVERSKY_KAHNEMAN_1992 } from '../src/index.ts';
import type { Lottery } from '../src/index.ts';
import { subjectiveLottery, subjectiveMemory, writeSubjectiveLottery } from '../src/prospect.ts';
import { distribution, finite, floats, normalised } from './arbitraries.ts';

/** (payoff, probability) pairs; what is missing to 1 pays nothing. */
function lottery(...outcomes: readonly (readonly [number, number])[]): Lottery {
  const left = 1 - outcomes.reduce((sum, [, probability]) => sum + probability, 0);
  return {
    probabilities: Float64Array.from([
      ...outcomes.map(([, probability]) => probability),
      Math.max(0, left),
    ]),
    payoffs: Float64Array.from([...outcomes.map(([payoff]) => payoff), 0]),
  };
}

function value(outcomes: Lottery, changed: Partial<typeof TVERSKY_KAHNEMAN_1992> = {}): number {
  return prospectValue(outcomes, { ...TVERSKY_KAHNEMAN_1992, ...changed });
}

const anyLottery = fc
  .integer({ min: 1, max: 8 })
  .chain((count) =>
    fc.record({ probabilities: distribution(count), payoffs: floats(count, -1e3, 1e3) }),
  );

/** Where w is monotone, above γ ≈ 0.279. */
const parameters = fc.record({
  alpha: finite(0.1, 1.5),
  beta: finite(0.1, 1.5),
  lambda: finite(0.1, 10),
  gammaGain: finite(0.3, 1.5),
  gammaLoss: finite(0.3, 1.5),
});

const P = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

test('the weighting of gains at γ = 0.61: a prize of 1 is worth w(p)', () => {
  const w = [0.0553, 0.1316, 0.1863, 0.2907, 0.4206, 0.5683, 0.7117, 0.7932, 0.9116];
  P.forEach((p, i) => expect(value(lottery([1, p]))).toBeCloseTo(w[i], 4));
});

test('the weighting of losses at γ = 0.69: a loss of 1 is worth −2.25 w(p)', () => {
  const w = [0.0397, 0.1114, 0.1701, 0.2935, 0.454, 0.6264, 0.7749, 0.8499, 0.9451];
  P.forEach((p, i) => expect(value(lottery([-1, p])) / -2.25).toBeCloseTo(w[i], 4));
});

describe('values of the R package cognitivemodels, test_cpt.R', () => {
  test.each([
    { of: [[200, 0.71]], is: 57.23 },
    { of: [[-100, 1]], is: -129.47 },
    { of: [[-200, 0.64]], is: -129.87 },
  ] as const)('$of is worth $is', ({ of, is }) => {
    // Printed to two digits; the last may be cut rather than rounded.
    expect(Math.abs(value(lottery(...of)) - is)).toBeLessThan(0.01);
  });

  test.each([
    {
      of: [
        [100, 0.4],
        [50, 0.4],
      ],
      is: 28.716,
    },
    {
      of: [
        [200, 0.71],
        [30, 0.19],
      ],
      is: 60.6477,
    },
    {
      of: [
        [300, 0.42],
        [100, 0.36],
      ],
      is: 69.6543,
    },
  ] as const)('$of is worth $is', ({ of, is }) => {
    expect(Math.abs(value(lottery(...of)) - is)).toBeLessThan(1e-3);
  });

  test('a sure 100 is worth about 57.5, 300 at .42 about 57 and −300 at .38 about −129', () => {
    expect(value(lottery([100, 1]))).toBeCloseTo(57.5, 1);
    expect(Math.abs(value(lottery([300, 0.42])) - 57)).toBeLessThan(1);
    expect(Math.abs(value(lottery([-300, 0.38])) + 129)).toBeLessThan(1);
  });

  test.each([
    { of: [100, 1], changed: { alpha: 1.44 }, is: 758.58 },
    { of: [200, 0.71], changed: { alpha: 1.44 }, is: 1112.26 },
    { of: [-100, 1], changed: { lambda: 10 }, is: -575.44 },
    { of: [-200, 0.64], changed: { lambda: 10 }, is: -577.21 },
    { of: [200, 0.71], changed: { gammaGain: 0.305 }, is: 21.01 },
    { of: [-200, 0.64], changed: { gammaLoss: 0.345 }, is: -56.27 },
  ] as const)('$of with $changed is worth $is', ({ of, changed, is }) => {
    expect(Math.abs(value(lottery(of), changed) - is)).toBeLessThan(0.01);
  });
});

test('without curvature, aversion and weighting the value is the expectation', () => {
  const neutral = { alpha: 1, beta: 1, lambda: 1, gammaGain: 1, gammaLoss: 1 };
  fc.assert(
    fc.property(anyLottery, ({ probabilities, payoffs }) => {
      const expected = payoffs.reduce((sum, payoff, i) => sum + payoff * probabilities[i], 0);
      expect(Math.abs(prospectValue({ probabilities, payoffs }, neutral) - expected)).toBeLessThan(
        1e-10,
      );
    }),
  );
});

test('the order in which outcomes are listed does not matter', () => {
  fc.assert(
    fc.property(anyLottery, parameters, ({ probabilities, payoffs }, chosen) => {
      const reversed = {
        probabilities: probabilities.slice().reverse(),
        payoffs: payoffs.slice().reverse(),
      };
      const forward = prospectValue({ probabilities, payoffs }, chosen);
      expect(Math.abs(prospectValue(reversed, chosen) - forward)).toBeLessThan(
        1e-9 * (1 + Math.abs(forward)),
      );
    }),
  );
});

test('splitting an outcome into two that pay the same changes nothing', () => {
  fc.assert(
    fc.property(
      anyLottery,
      parameters,
      finite(0, 1),
      ({ probabilities, payoffs }, chosen, share) => {
        const split = {
          probabilities: Float64Array.of(
            probabilities[0] * share,
            ...probabilities.slice(1),
            probabilities[0] * (1 - share),
          ),
          payoffs: Float64Array.of(...payoffs, payoffs[0]),
        };
        const whole = prospectValue({ probabilities, payoffs }, chosen);
        // w has a slope of up to p^{γ−1}: rounding 1e-17 of a tiny p may show as
        // 1e-17·(1e-12)^{0.3−1} ≈ 1e-8.
        expect(Math.abs(prospectValue(split, chosen) - whole)).toBeLessThan(
          1e-6 * (1 + Math.abs(whole)),
        );
      },
    ),
  );
});

test('a better payoff never makes a lottery worse', () => {
  fc.assert(
    fc.property(
      anyLottery,
      parameters,
      finite(0, 500),
      fc.nat(),
      (outcomes, chosen, more, which) => {
        const index = which % outcomes.payoffs.length;
        const payoffs = outcomes.payoffs.map((payoff, i) => (i === index ? payoff + more : payoff));
        const before = prospectValue(outcomes, chosen);
        const after = prospectValue({ ...outcomes, payoffs }, chosen);
        expect(after).toBeGreaterThanOrEqual(before - 1e-9 * (1 + Math.abs(before)));
      },
    ),
  );
});

test('losses mirror gains when both sides have the same parameters', () => {
  fc.assert(
    fc.property(anyLottery, parameters, ({ probabilities, payoffs }, chosen) => {
      const even = { ...chosen, beta: chosen.alpha, lambda: 1, gammaLoss: chosen.gammaGain };
      const mirrored = { probabilities, payoffs: payoffs.map((payoff) => -payoff) };
      const gain = prospectValue({ probabilities, payoffs }, even);
      expect(Math.abs(prospectValue(mirrored, even) + gain)).toBeLessThan(
        1e-9 * (1 + Math.abs(gain)),
      );
    }),
  );
});

describe('where the weighting dips (γ = 0.1)', () => {
  const dipping = { ...TVERSKY_KAHNEMAN_1992, gammaGain: 0.1, gammaLoss: 0.1 };

  test('no decision weight is negative, and together they reach the highest w', () => {
    // w(0.001) = 0.0086, but w(0.5) = 0.0018: without a clamp the second weight would be negative,
    // and without counting on from the highest the three would sum to more than 1.
    for (const sign of [1, -1]) {
      const outcomes = lottery([30 * sign, 0.001], [20 * sign, 0.499], [10 * sign, 0.5]);
      const { weights } = subjectiveLottery(outcomes, dipping);
      expect(weights[0]).toBeCloseTo(0.0086, 4);
      expect(weights[1]).toBe(0);
      expect(weights[2]).toBeCloseTo(1 - weights[0], 14);
    }
  });

  test('decision weights are ≥ 0 and those of a sign sum to at most 1', () => {
    fc.assert(
      fc.property(
        anyLottery,
        finite(0.01, 2),
        finite(0.01, 2),
        (outcomes, gammaGain, gammaLoss) => {
          const { weights } = subjectiveLottery(outcomes, { ...dipping, gammaGain, gammaLoss });
          const sums = [0, 0];
          weights.forEach((weight, i) => {
            expect(weight).toBeGreaterThanOrEqual(0);
            sums[outcomes.payoffs[i] < 0 ? 0 : 1] += weight;
          });
          expect(sums[0] + sums[1]).toBeGreaterThan(0);
          expect(Math.max(...sums)).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
    );
  });
});

test('a sure gain is weighted by exactly 1, however its probability is cut up', () => {
  const pieces = normalised([0.1, 0.2, 0.3, 0.1, 0.2, 0.1]);
  const { weights } = subjectiveLottery(
    { probabilities: pieces, payoffs: new Float64Array(6).fill(100) },
    TVERSKY_KAHNEMAN_1992,
  );
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
});

test('minus zero pays nothing, and the largest payoffs stay finite', () => {
  expect(value({ probabilities: Float64Array.of(1), payoffs: Float64Array.of(-0) })).toBe(0);
  const largest = {
    probabilities: Float64Array.of(0.5, 0.5),
    payoffs: Float64Array.of(1e100, -1e100),
  };
  expect(Number.isFinite(value(largest, { alpha: 2, beta: 2, lambda: 1e6 }))).toBe(true);
});

describe('bad input is refused', () => {
  const good = { probabilities: Float64Array.of(0.5, 0.5), payoffs: Float64Array.of(1, -1) };
  test.each([
    ['nothing', { probabilities: new Float64Array(0), payoffs: new Float64Array(0) }, 'EMPTY'],
    ['too few payoffs', { payoffs: Float64Array.of(1) }, 'LENGTH_MISMATCH'],
    ['a payoff that is NaN', { payoffs: Float64Array.of(1, NaN) }, 'OUT_OF_RANGE'],
    ['an infinite payoff', { payoffs: Float64Array.of(1, -Infinity) }, 'OUT_OF_RANGE'],
    ['a payoff past the limit', { payoffs: Float64Array.of(1, 1e101) }, 'OUT_OF_RANGE'],
    ['a negative probability', { probabilities: Float64Array.of(1.1, -0.1) }, 'NOT_A_DISTRIBUTION'],
    ['a probability that is NaN', { probabilities: Float64Array.of(NaN, 1) }, 'NOT_A_DISTRIBUTION'],
    ['probabilities that sum to 0', { probabilities: Float64Array.of(0, 0) }, 'NOT_A_DISTRIBUTION'],
  ])('%s', (_, wrong, code) => {
    expect(() => value({ ...good, ...wrong })).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test.each([
    { alpha: 0 },
    { alpha: 2.1 },
    { beta: -1 },
    { beta: NaN },
    { lambda: 0 },
    { lambda: Infinity },
    { gammaGain: 0 },
    { gammaLoss: 3 },
    { gammaLoss: NaN },
  ])('parameters $alpha$beta$lambda$gammaGain$gammaLoss out of range', (changed) => {
    expect(() => value(good, changed)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

describe('memory for a lottery that is filled again', () => {
  const first = lottery([30, 0.2], [-10, 0.5], [5, 0.3]);
  const second = lottery([-7, 0.4], [8, 0.1], [8, 0.5]);

  test('holds the same bits whatever it held before', () => {
    const memory = subjectiveMemory(4);
    for (const next of [first, second, first]) {
      writeSubjectiveLottery(next, TVERSKY_KAHNEMAN_1992, memory);
      const fresh = subjectiveLottery(next, TVERSKY_KAHNEMAN_1992);
      expect(memory.weights).toEqual(fresh.weights);
      expect(memory.values).toEqual(fresh.values);
    }
  });

  test('refuses another number of outcomes, and is then unchanged', () => {
    const memory = subjectiveMemory(4);
    writeSubjectiveLottery(first, TVERSKY_KAHNEMAN_1992, memory);
    const before = memory.weights.slice();
    const sure = { probabilities: Float64Array.of(1), payoffs: Float64Array.of(1) };
    expect(() => {
      writeSubjectiveLottery(sure, TVERSKY_KAHNEMAN_1992, memory);
    }).toThrow(expect.objectContaining({ code: 'LENGTH_MISMATCH' }));
    expect(() => {
      writeSubjectiveLottery(first, { ...TVERSKY_KAHNEMAN_1992, alpha: NaN }, memory);
    }).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
    expect(memory.weights).toEqual(before);
  });

  test('has a largest size', () => {
    const huge = 1 + (1 << 16);
    const even = {
      probabilities: new Float64Array(huge).fill(1 / huge),
      payoffs: new Float64Array(huge),
    };
    expect(() => value(even)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});
