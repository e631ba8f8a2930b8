import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prospectValue } from '../src/index.ts';
import type { PrelecCurve, ProspectParameters } from '../src/index.ts';
import { subjectiveLottery } from '../src/prospect.ts';
import { distribution, finite, floats } from './arbitraries.ts';

function parameters(prelecGain: PrelecCurve, prelecLoss = prelecGain): ProspectParameters {
  return { alpha: 0.88, beta: 0.88, lambda: 2.25, prelecGain, prelecLoss };
}

/** w(p), as the value of a prize of 1. */
function weighted(p: number, curve: PrelecCurve, payoff = 1): number {
  const lottery = {
    probabilities: Float64Array.of(p, 1 - p),
    payoffs: Float64Array.of(payoff, 0),
  };
  return prospectValue(lottery, parameters(curve));
}

const P = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

test('the weighting of Prelec at 0.65', () => {
  const w = [0.0673, 0.13, 0.1791, 0.2904, 0.4547, 0.6409, 0.7933, 0.865, 0.951];
  P.forEach((p, i) => {
    expect(weighted(p, { exponent: 0.65, scale: 1 })).toBeCloseTo(w[i], 4);
    expect(weighted(p, { exponent: 0.65, scale: 1 }, -1) / -2.25).toBeCloseTo(w[i], 4);
  });
});

test('1/e is weighted as 1/e whatever the exponent', () => {
  for (const exponent of [0.01, 0.3, 0.65, 1, 2]) {
    expect(weighted(1 / Math.E, { exponent, scale: 1 })).toBeCloseTo(1 / Math.E, 12);
  }
});

test('with an exponent of 1 the scale is a power of the probability', () => {
  for (const p of P) {
    expect(weighted(p, { exponent: 1, scale: 1 })).toBeCloseTo(p, 14);
    expect(weighted(p, { exponent: 1, scale: 2.5 })).toBeCloseTo(p ** 2.5, 14);
  }
});

test('chances next to 0 and 1 keep their digits', () => {
  // −ln(1 − 1e-12) = 1e-12 to 12 digits: 1 − w = 1e-12^0.5.
  expect(1 - weighted(1 - 1e-12, { exponent: 0.5, scale: 1 })).toBeCloseTo(1e-6, 10);
  expect(weighted(0, { exponent: 0.5, scale: 1 })).toBe(0);
  expect(weighted(1, { exponent: 0.5, scale: 1 })).toBe(1);
  expect(weighted(Number.MIN_VALUE, { exponent: 0.5, scale: 1 })).toBeGreaterThan(0);
});

test('gains and losses have their own curves', () => {
  const lottery = {
    probabilities: Float64Array.of(0.3, 0.7),
    payoffs: Float64Array.of(1, -1),
  };
  const { weights } = subjectiveLottery(
    lottery,
    parameters({ exponent: 1, scale: 2 }, { exponent: 1, scale: 0.5 }),
  );
  expect(weights[0]).toBeCloseTo(0.3 ** 2, 14);
  expect(weights[1]).toBeCloseTo(0.7 ** 0.5, 14);
});

test('decision weights are ≥ 0, and those of gains alone sum to 1', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 8 })
        .chain((count) =>
          fc.record({ probabilities: distribution(count), payoffs: floats(count, 0, 10) }),
        ),
      finite(0.01, 2),
      finite(0.01, 10),
      (lottery, exponent, scale) => {
        const { weights } = subjectiveLottery(lottery, parameters({ exponent, scale }));
        for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      },
    ),
  );
});

describe('bad input is refused', () => {
  test.each([
    { exponent: 0, scale: 1 },
    { exponent: 2.1, scale: 1 },
    { exponent: NaN, scale: 1 },
    { exponent: 1, scale: 0 },
    { exponent: 1, scale: Infinity },
  ])('exponent $exponent, scale $scale', (curve) => {
    expect(() => weighted(0.5, curve)).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code: 'OUT_OF_RANGE' }),
    );
  });
});
