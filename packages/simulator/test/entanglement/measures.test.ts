import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  mulberry32,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import {
  concurrence,
  entanglementOfFormation,
  hermitianEigenvalues,
  negativity,
  vonNeumannEntropy,
} from '@sema/simulator/entanglement';
import { randomState, randomUnitary } from '../arbitrary-circuits.ts';
import {
  ROUNDING,
  ROOT_ROUNDING,
  count,
  whole,
  mixed,
  werner,
  ghz,
  w3,
  seed,
  weight,
} from './known-states.ts';

describe('concurrence', () => {
  test('of Werner states is max(0, (3p − 1)/2)', () => {
    fc.assert(
      fc.property(weight, (p) => {
        const due = Math.max(0, (3 * p - 1) / 2);
        expect(Math.abs(concurrence(werner(p)) - due)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('of a pair of a GHZ state is 0, of a W state 2/3', () => {
    expect(concurrence(reducedDensityMatrix(ghz(3), [0, 2]))).toBe(0);
    expect(concurrence(reducedDensityMatrix(w3, [0, 2]))).toBeCloseTo(2 / 3, 13);
  });

  test('of a pure state is 2|ad − bc|, and its formation costs the entropy of a half', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const state = randomState(2, mulberry32(s));
        const { real: r, imaginary: i } = state;
        const re = r[0] * r[3] - i[0] * i[3] - (r[1] * r[2] - i[1] * i[2]);
        const im = r[0] * i[3] + i[0] * r[3] - (r[1] * i[2] + i[1] * r[2]);
        expect(Math.abs(concurrence(whole(state)) - 2 * Math.hypot(re, im))).toBeLessThan(ROUNDING);
        const half = vonNeumannEntropy(reducedDensityMatrix(state, [0]));
        expect(Math.abs(entanglementOfFormation(whole(state)) - half)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('is shared: C²(A|BC) ≥ C²(AB) + C²(AC), with the 3-tangle 1 for GHZ and 0 for W', () => {
    // Coffman, Kundu & Wootters, Phys. Rev. A 61, 052306 (2000); C²(A|BC) = 2(1 − Tr ρ_A²).
    const tangle = (state: StateVector) => {
      const pair = (q: number) => concurrence(reducedDensityMatrix(state, [0, q])) ** 2;
      return 2 * (1 - purity(reducedDensityMatrix(state, [0]))) - pair(1) - pair(2);
    };
    expect(tangle(ghz(3))).toBeCloseTo(1, 13);
    expect(tangle(w3)).toBeCloseTo(0, 13);
    fc.assert(
      fc.property(seed, (s) => {
        expect(tangle(randomState(3, mulberry32(s)))).toBeGreaterThanOrEqual(-ROUNDING);
      }),
    );
  });

  test('of a mixture of product states is 0, to the last roundings and not their roots', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 6 }), (s, terms) => {
        const random = mulberry32(s);
        const product = () => {
          const state = new StateVector(2);
          const circuit = new Circuit(2);
          for (const qubit of [0, 1]) circuit.unitary(randomUnitary(1, random), [qubit]);
          run(circuit, state);
          return whole(state);
        };
        const rho = mixed(...count(terms).map(() => [1 / terms, product()] as const));
        expect(concurrence(rho)).toBeLessThan(ROUNDING);
        expect(entanglementOfFormation(rho)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('does not change under a unitary on one qubit', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const state = randomState(4, mulberry32(s));
        const before = concurrence(reducedDensityMatrix(state, [0, 1]));
        run(new Circuit(4).unitary(randomUnitary(1, mulberry32(s + 1)), [1]), state);
        const after = concurrence(reducedDensityMatrix(state, [0, 1]));
        expect(Math.abs(after - before)).toBeLessThan(ROUNDING);
      }),
    );
  });
});

describe('negativity', () => {
  test('of Werner states is max(0, (3p − 1)/4), so that they are separable up to p = 1/3', () => {
    fc.assert(
      fc.property(weight, (p) => {
        const due = Math.max(0, (3 * p - 1) / 4);
        expect(Math.abs(negativity(werner(p), [0]) - due)).toBeLessThan(ROUNDING);
        expect(Math.abs(negativity(werner(p), [1]) - due)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('of a pure state is ((Σ Schmidt coefficients)² − 1)/2', () => {
    fc.assert(
      fc.property(seed, fc.shuffledSubarray([0, 1, 2, 3], { maxLength: 2 }), (s, part) => {
        const state = randomState(4, mulberry32(s));
        const weights = hermitianEigenvalues(reducedDensityMatrix(state, part));
        const sum = weights.reduce((total, value) => total + Math.sqrt(Math.max(0, value)), 0);
        const found = negativity(whole(state), part);
        expect(Math.abs(found - (sum * sum - 1) / 2)).toBeLessThan(ROOT_ROUNDING);
      }),
    );
  });

  test('of GHZ is ½ for every cut, and 0 without one qubit', () => {
    for (const part of [[0], [1], [0, 2]]) {
      expect(negativity(whole(ghz(4)), part)).toBeCloseTo(0.5, 13);
    }
    expect(negativity(reducedDensityMatrix(ghz(4), [0, 1, 2]), [0])).toBeCloseTo(0, 13);
  });
});
