import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  type DensityMatrix,
  expectationValue,
  fidelity,
  innerProduct,
  mulberry32,
  norm,
  type PauliSum,
  probabilities,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import { randomState } from './arbitrary-circuits.ts';
import {
  act,
  combine,
  type Dense,
  distance,
  identity,
  multiply,
  on,
  PAULIS,
  real,
} from './dense.ts';

/** Sums of at most 1024 products of numbers below 1. */
const ROUNDING = 1e-13;

const pauliSums = (qubits: number): fc.Arbitrary<PauliSum> =>
  fc.array(
    fc.record({
      coefficient: fc.double({ min: -3, max: 3, noNaN: true }),
      paulis: fc.dictionary(
        fc.integer({ min: 0, max: qubits - 1 }).map(String),
        fc.constantFrom('X' as const, 'Y' as const, 'Z' as const),
      ),
    }),
    { maxLength: 4 },
  );

function after(circuit: Circuit): StateVector {
  const state = new StateVector(circuit.qubits);
  run(circuit, state);
  return state;
}

function denseSum(sum: PauliSum, qubits: number): Dense {
  const terms = sum.map(({ coefficient, paulis }) => {
    const factors = Object.entries(paulis).map(([q, name]) => on(Number(q), PAULIS[name], qubits));
    return [real(coefficient), factors.reduce(multiply, identity(qubits))] as const;
  });
  return combine([real(0), identity(qubits)], ...terms);
}

/** ⟨ψ|P|ψ⟩ with P|ψ⟩ made by a circuit of the Paulis. */
function byDefinition(state: StateVector, { coefficient, paulis }: PauliSum[number]): number {
  const circuit = new Circuit(state.qubits);
  for (const [qubit, name] of Object.entries(paulis)) {
    circuit.gate(name === 'X' ? 'x' : name === 'Y' ? 'y' : 'z', [Number(qubit)]);
  }
  const image = state.copy();
  run(circuit, image);
  return coefficient * innerProduct(state, image).real;
}

describe('expectation values', () => {
  test('of a Bell pair are XX = 1, YY = −1, ZZ = 1 and nothing alone', () => {
    const bell = after(new Circuit(2).h(0).cx(0, 1));
    const of = (paulis: PauliSum[number]['paulis']) =>
      expectationValue(bell, [{ coefficient: 1, paulis }]);
    expect(of({ 0: 'X', 1: 'X' })).toBeCloseTo(1, 14);
    expect(of({ 0: 'Y', 1: 'Y' })).toBeCloseTo(-1, 14);
    expect(of({ 0: 'Z', 1: 'Z' })).toBeCloseTo(1, 14);
    expect(of({ 0: 'Z' })).toBeCloseTo(0, 14);
    expect(of({})).toBeCloseTo(1, 14);
  });

  test('reach Tsirelson’s bound 2√2 in the CHSH game', () => {
    const bell = after(new Circuit(2).h(0).cx(0, 1));
    const r = Math.SQRT1_2;
    const chsh: PauliSum = [
      { coefficient: 2 * r, paulis: { 0: 'Z', 1: 'Z' } },
      { coefficient: 2 * r, paulis: { 0: 'X', 1: 'X' } },
    ];
    expect(expectationValue(bell, chsh)).toBeCloseTo(2 * Math.SQRT2, 14);
  });

  test('agree with the full matrix', () => {
    fc.assert(
      fc.property(fc.nat(), pauliSums(4), (seed, sum) => {
        const state = randomState(4, mulberry32(seed));
        const image = act(denseSum(sum, 4), state);
        const expected = state.real.reduce(
          (total, x, i) => total + x * image.real[i] + state.imaginary[i] * image.imaginary[i],
          0,
        );
        expect(Math.abs(expectationValue(state, sum) - expected)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('agree with the definition on states of more than one block', () => {
    const qubits = 10;
    const terms = (letters: readonly ('X' | 'Y' | 'Z')[], most: number) =>
      fc.array(
        fc.record({
          coefficient: fc.integer({ min: -3, max: 3 }),
          paulis: fc.dictionary(
            fc.integer({ min: 0, max: qubits - 1 }).map(String),
            fc.constantFrom(...letters),
          ),
        }),
        { maxLength: most },
      );
    // Many products of Z alone are summed by other means than few.
    const sums = fc.oneof(terms(['X', 'Y', 'Z'], 6), terms(['Z'], 20));
    fc.assert(
      fc.property(fc.nat(), sums, (seed, sum) => {
        const state = randomState(qubits, mulberry32(seed));
        const expected = sum.reduce((total, term) => total + byDefinition(state, term), 0);
        expect(Math.abs(expectationValue(state, sum) - expected)).toBeLessThan(10 * ROUNDING);
      }),
    );
  });

  test('of Z on any qubits of a basis state are the parity of its bits there', () => {
    using state = new StateVector(17);
    const all = Array.from({ length: 17 }, (_, qubit) => qubit);
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 17 - 1 }), fc.subarray(all), (index, list) => {
        state.reset(index);
        const paulis = Object.fromEntries(list.map((qubit) => [qubit, 'Z' as const]));
        const ones = list.filter((qubit) => (index >> qubit) & 1).length;
        const parity = ones % 2 === 0 ? 1 : -1;
        expect(expectationValue(state, [{ coefficient: 1, paulis }])).toBe(parity);
      }),
      { numRuns: 50 },
    );
  });

  test('reach the highest of 25 qubits', () => {
    using state = new StateVector(25);
    state.reset(1 << 24);
    expect(expectationValue(state, [{ coefficient: 2, paulis: { 24: 'Z', 0: 'Z' } }])).toBe(-2);
  });

  const refused: [string, unknown, string][] = [
    ['a NaN coefficient', [{ coefficient: NaN, paulis: {} }], 'INVALID_COEFFICIENT'],
    ['an infinite coefficient', [{ coefficient: Infinity, paulis: {} }], 'INVALID_COEFFICIENT'],
    ['an unknown Pauli', [{ coefficient: 1, paulis: { 0: 'I' } }], 'INVALID_PAULI'],
    ['a qubit that is not there', [{ coefficient: 1, paulis: { 1: 'X' } }], 'QUBIT_OUT_OF_RANGE'],
    ['a key that is no number', [{ coefficient: 1, paulis: { q: 'X' } }], 'QUBIT_OUT_OF_RANGE'],
    ['an empty key', [{ coefficient: 1, paulis: { '': 'X' } }], 'QUBIT_OUT_OF_RANGE'],
    ['a second spelling of 0', [{ coefficient: 1, paulis: { '00': 'X' } }], 'QUBIT_OUT_OF_RANGE'],
  ];
  test.each(refused)('refuse %s', (_, sum, code) => {
    const call = () => expectationValue(new StateVector(1), sum as PauliSum);
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

describe('reduced density matrices', () => {
  test('half of a Bell pair is I/2, of purity ½', () => {
    const rho = reducedDensityMatrix(after(new Circuit(2).h(0).cx(0, 1)), [1]);
    expect(distance(rho.real, [0.5, 0, 0, 0.5])).toBeLessThan(ROUNDING);
    expect([...rho.imaginary]).toEqual([0, 0, 0, 0]);
    expect(purity(rho)).toBeCloseTo(0.5, 14);
  });

  test('of all qubits is the projector, rows and columns little-endian', () => {
    const state = StateVector.from([0.6, 0], [0, 0.8]);
    const rho = reducedDensityMatrix(state, [0]);
    expect(distance(rho.real, [0.36, 0, 0, 0.64])).toBeLessThan(ROUNDING);
    expect(distance(rho.imaginary, [0, -0.48, 0.48, 0])).toBeLessThan(ROUNDING);
  });

  test('give the expectations of Paulis and have the Born rule on the diagonal', () => {
    fc.assert(
      fc.property(fc.nat(), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }), (seed, list) => {
        const state = randomState(4, mulberry32(seed));
        const rho = reducedDensityMatrix(state, list);
        expect([rho.qubits, rho.dimension]).toEqual([list.length, 2 ** list.length]);
        const born = probabilities(state, list);
        for (let m = 0; m < rho.dimension; m++) {
          expect(rho.real[m * rho.dimension + m]).toBeCloseTo(born[m], 13);
        }
        for (let k = 0; k < list.length; k++) {
          for (const name of ['X', 'Y', 'Z'] as const) {
            const whole = expectationValue(state, [
              { coefficient: 1, paulis: { [list[k]]: name } },
            ]);
            expect(trace(rho, on(k, PAULIS[name], list.length))).toBeCloseTo(whole, 13);
          }
        }
      }),
    );
  });

  test('of two parts of a pure state are equally pure', () => {
    fc.assert(
      fc.property(fc.nat(), fc.shuffledSubarray([0, 1, 2, 3, 4]), (seed, list) => {
        const state = randomState(5, mulberry32(seed));
        const rest = [0, 1, 2, 3, 4].filter((qubit) => !list.includes(qubit));
        const [here, there] = [list, rest].map((part) => purity(reducedDensityMatrix(state, part)));
        expect(Math.abs(here - there)).toBeLessThan(ROUNDING);
        expect(here).toBeGreaterThanOrEqual(2 ** -Math.min(list.length, rest.length) - ROUNDING);
        expect(here).toBeLessThanOrEqual(1 + ROUNDING);
      }),
    );
  });

  test('of nothing is the number 1', () => {
    const rho = reducedDensityMatrix(new StateVector(2), []);
    expect([rho.dimension, ...rho.real]).toEqual([1, 1]);
  });

  test('refuse missing, repeated and too many qubits, and torn matrices', () => {
    const state = new StateVector(13);
    const thirteen = Array.from({ length: 13 }, (_, qubit) => qubit);
    const refused: [() => unknown, string][] = [
      [() => reducedDensityMatrix(state, [13]), 'QUBIT_OUT_OF_RANGE'],
      [() => reducedDensityMatrix(state, [1, 1]), 'DUPLICATE_QUBIT'],
      [() => reducedDensityMatrix(state, thirteen), 'TOO_MANY_QUBITS'],
      [
        () =>
          purity({
            qubits: 1,
            dimension: 2,
            real: new Float64Array(4),
            imaginary: new Float64Array(3),
          }),
        'WRONG_LENGTH',
      ],
    ];
    for (const [call, code] of refused) expect(call).toThrow(expect.objectContaining({ code }));
  });
});

/** The real part of Tr ρA. */
function trace(rho: DensityMatrix, a: Dense): number {
  const product = multiply({ size: rho.dimension, re: rho.real, im: rho.imaginary }, a);
  return product.re.reduce((sum, x, k) => (k % (a.size + 1) === 0 ? sum + x : sum), 0);
}

describe('inner products', () => {
  test('are linear in the second state and conjugate-linear in the first', () => {
    const zero = new StateVector(1);
    const state = StateVector.from([0, 0.6], [0.8, 0]);
    expect(innerProduct(zero, state)).toEqual({ real: 0, imaginary: 0.8 });
    expect(innerProduct(state, zero)).toEqual({ real: 0, imaginary: -0.8 });
    expect(fidelity(zero, state)).toBeCloseTo(0.64, 14);
  });

  test('a state with itself gives the squared norm', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const state = randomState(4, mulberry32(seed));
        expect(innerProduct(state, state).imaginary).toBe(0);
        expect(innerProduct(state, state).real).toBeCloseTo(norm(state) ** 2, 14);
      }),
    );
  });

  test('states of unequal size have none', () => {
    expect(() => fidelity(new StateVector(1), new StateVector(2))).toThrow(
      expect.objectContaining({ code: 'QUBIT_COUNT_MISMATCH' }),
    );
  });
});
