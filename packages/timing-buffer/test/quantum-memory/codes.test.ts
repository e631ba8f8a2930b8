import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run, StateVector } from '@sema/simulator';
import {
  bitFlipCode,
  disentanglingCircuit,
  FIVE_QUBIT_CODE,
  LookupDecoder,
  phaseFlipCode,
  rotatedSurfaceCode,
  type StabilizerCode,
  STEANE_CODE,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

/** By full enumeration, computed elsewhere; the last column where the code stops to help. */
const TABLE = [
  [FIVE_QUBIT_CODE, [0, 0, 90, 210, 270, 198], 9.9778e-6, 9.77955e-4, 0.0223319, 0.13763],
  [
    STEANE_CODE,
    [0, 0, 147, 693, 2226, 3822, 3675, 1725],
    ...[1.62774e-5, 1.57821e-3, 0.034361, 0.08108],
  ],
  [rotatedSurfaceCode(3), [0, 0, 120, 1616, 7680], 1.33e-5, 1.3e-3, 0.0292614, 0.09747],
] as const;

describe.each(TABLE)('$name', (code, failing, atMille, atCent, atTwentieth, threshold) => {
  const decoder = new LookupDecoder(code);

  test('fails for as many errors of each weight as the enumerated table says', () => {
    expect(decoder.failing.slice(0, failing.length)).toEqual(failing);
  });

  test('fails as often as published, and helps up to the published probability', () => {
    expect(decoder.failureRate(0.001)).toBeCloseTo(atMille, 7);
    expect(decoder.failureRate(0.01)).toBeCloseTo(atCent, 5);
    expect(decoder.failureRate(0.05)).toBeCloseTo(atTwentieth, 7);
    expect(decoder.pseudothreshold()).toBeCloseTo(threshold, 5);
  });

  test('has the same failure rate by its table as by its logical channel', () => {
    const { x, y, z } = decoder.logicalRates({ x: 0.01, y: 0.01, z: 0.01 });
    expect(x + y + z).toBeCloseTo(decoder.failureRate(0.03), 12);
  });
});

describe('a repetition code', () => {
  test.each([
    [3, 0.028],
    [5, 0.00856],
    [7, 0.002728],
  ])('of %i qubits has its binomial failure rate', (qubits, rate) => {
    const ofBits = new LookupDecoder(bitFlipCode(qubits)).logicalRates({ x: 0.1, y: 0, z: 0 });
    expect(ofBits.x).toBeCloseTo(rate, 12);
    const ofPhases = new LookupDecoder(phaseFlipCode(qubits)).logicalRates({ x: 0, y: 0, z: 0.1 });
    expect(ofPhases.z).toBeCloseTo(rate, 12);
  });

  test('makes the other errors worse: three times as likely for three qubits', () => {
    const { z } = new LookupDecoder(bitFlipCode(3)).logicalRates({ x: 0, y: 0, z: 0.01 });
    expect(z).toBeCloseTo(3 * 0.01 * 0.99 ** 2 + 0.01 ** 3, 14);
    expect(new LookupDecoder(bitFlipCode(3)).pseudothreshold()).toBeUndefined();
  });
});

test('every single error of a code of distance 3 is corrected', () => {
  for (const code of [FIVE_QUBIT_CODE, STEANE_CODE, rotatedSurfaceCode(3)]) {
    expect(new LookupDecoder(code).failing.slice(0, 2)).toEqual([0, 0]);
  }
});

test('logical rates are probabilities that sum with no error to 1', () => {
  const decoder = new LookupDecoder(FIVE_QUBIT_CODE);
  const share = fc.double({ min: 0, max: 1 / 3, noNaN: true });
  fc.assert(
    fc.property(share, share, share, (x, y, z) => {
      const { x: a, y: b, z: c } = decoder.logicalRates({ x, y, z });
      expect(Math.min(a, b, c)).toBeGreaterThanOrEqual(0);
      expect(a + b + c).toBeLessThanOrEqual(1 + 1e-12);
    }),
    { numRuns: 20 },
  );
});

test.each([bitFlipCode(3), phaseFlipCode(5), FIVE_QUBIT_CODE, STEANE_CODE, rotatedSurfaceCode(3)])(
  '$name: the encoder makes states that all generators keep and logical operators act on',
  (code) => {
    const encoder = disentanglingCircuit(code).inverse();
    const encoded = (input: 0 | 1): StateVector => {
      const state = new StateVector(code.qubits);
      state.reset(input << (code.qubits - 1));
      run(encoder, state);
      return state;
    };
    using zero = encoded(0);
    using one = encoded(1);
    for (const generator of code.generators) {
      expect(expectation(zero, generator)).toBeCloseTo(1, 12);
      expect(expectation(one, generator)).toBeCloseTo(1, 12);
    }
    expect(expectation(zero, code.logicalZ)).toBeCloseTo(1, 12);
    expect(expectation(one, code.logicalZ)).toBeCloseTo(-1, 12);
    expect(matrixElement(one, code.logicalX, zero)).toBeCloseTo(1, 12);
  },
);

test.each<[string, Partial<StabilizerCode>]>([
  ['generators that do not commute', { generators: ['ZZI', 'XII'] }],
  ['generators that depend on one another', { generators: ['ZZI', 'ZZI'] }],
  ['too few generators', { generators: ['ZZI'] }],
  ['operators of another length', { generators: ['ZZ', 'IZZ'] }],
  ['letters that are no Paulis', { generators: ['ZZI', 'IZQ'] }],
  ['logical operators that commute', { logicalX: 'ZII' }],
  ['a logical operator that violates a generator', { logicalX: 'XII' }],
])('%s make no code', (_, change) => {
  expectCode('INVALID_CODE', () => new LookupDecoder({ ...bitFlipCode(3), ...change }));
});

test('what is too large or no distance is refused', () => {
  expectCode('TOO_MANY_QUBITS', () => new LookupDecoder(bitFlipCode(11)));
  for (const bad of [1, 2, 4, 27, -3, 3.5, NaN, Infinity]) {
    expectCode('DISTANCE_OUT_OF_RANGE', () => bitFlipCode(bad));
    expectCode('DISTANCE_OUT_OF_RANGE', () => rotatedSurfaceCode(bad));
  }
  const decoder = new LookupDecoder(bitFlipCode(3));
  for (const bad of [-0.1, 1.1, NaN]) {
    expectCode('PROBABILITY_OUT_OF_RANGE', () => decoder.failureRate(bad));
    expectCode('PROBABILITY_OUT_OF_RANGE', () => decoder.logicalRates({ x: bad, y: 0, z: 0 }));
  }
});

function expectation(state: StateVector, text: string): number {
  return matrixElement(state, text, state);
}

/** The real part of ⟨a|P|b⟩ for a product of Paulis. */
function matrixElement(a: StateVector, text: string, b: StateVector): number {
  let sum = 0;
  for (let from = 0; from < b.dimension; from++) {
    let to = from;
    let [re, im] = [b.real[from], b.imaginary[from]];
    [...text].forEach((letter, q) => {
      const one = ((from >> q) & 1) === 1;
      if (letter === 'X' || letter === 'Y') to ^= 1 << q;
      if (letter === 'Z' && one) [re, im] = [-re, -im];
      if (letter === 'Y') [re, im] = one ? [im, -re] : [-im, re];
    });
    sum += a.real[to] * re + a.imaginary[to] * im;
  }
  return sum;
}
