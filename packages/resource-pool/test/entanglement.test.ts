import { Circuit, fidelity, mulberry32, run, StateVector } from '@sema/simulator';
import { expect, test } from 'vitest';
import {
  concurrence,
  entangle,
  entanglementMap,
  entanglementOfFormation,
  entangleNoisily,
  entropyBits,
  Registers,
  sharedEbits,
  stabilizersOf,
  swapEntanglement,
  teleport,
  teleportOver,
  verifyEntanglement,
} from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

const LIMIT = { memoryLimitBytes: 2 ** 24 };

test('Bell pairs, GHZ states and clusters are made where asked and verify by stabilizers', () => {
  const registers = new Registers(10, LIMIT);
  expect(entangle(registers, 'bell', [7, 2])).toHaveLength(2);
  expect(registers.expectationValue({ 2: 'Y', 7: 'Y' })).toBeCloseTo(-1, 14);
  expect(entangle(registers, 'ghz', [0, 3, 4])).toHaveLength(3);
  expect(entangle(registers, 'cluster', [1, 5, 6, 8])).toHaveLength(4);
  expect(registers.groups()).toEqual([[0, 3, 4], [1, 5, 6, 8], [2, 7], [9]]);
  expect(stabilizersOf('cluster', 3)).toEqual([
    { 0: 'X', 1: 'Z' },
    { 0: 'Z', 1: 'X', 2: 'Z' },
    { 1: 'Z', 2: 'X' },
  ]);
});

test('a Bell pair reaches 2√2 in the CHSH inequality', () => {
  const registers = new Registers(2, LIMIT);
  entangle(registers, 'bell', [0, 1]);
  // a = Z, a′ = X; b, b′ = (Z ± X)/√2.
  const zz = registers.expectationValue({ 0: 'Z', 1: 'Z' });
  const zx = registers.expectationValue({ 0: 'Z', 1: 'X' });
  const xz = registers.expectationValue({ 0: 'X', 1: 'Z' });
  const xx = registers.expectationValue({ 0: 'X', 1: 'X' });
  const chsh = (zz + zx + (zz - zx) + (xz + xx) - (xz - xx)) / Math.SQRT2;
  expect(chsh).toBeCloseTo(2 * Math.SQRT2, 14);
});

test.each(['x', 'y', 'z'] as const)('a %s error on any qubit is seen', (pauli) => {
  for (const kind of ['bell', 'ghz', 'cluster'] as const) {
    const qubits = kind === 'bell' ? [0, 1] : [0, 1, 2, 3];
    for (const qubit of qubits) {
      const registers = new Registers(4, LIMIT);
      entangle(registers, kind, qubits);
      registers.run(new Circuit(1)[pauli](0), [qubit]);
      expect(codeOf(() => verifyEntanglement(registers, kind, qubits))).toBe('NOT_VERIFIED');
    }
  }
});

test('entangling needs qubits that are |0⟩', () => {
  const registers = new Registers(3, LIMIT);
  registers.run(new Circuit(1).x(0), [0]);
  expect(codeOf(() => entangle(registers, 'bell', [0, 1]))).toBe('NOT_ZERO');
  entangle(registers, 'bell', [1, 2]);
  expect(codeOf(() => entangle(registers, 'ghz', [1, 2]))).toBe('ENTANGLED');
  expect(codeOf(() => entangle(registers, 'bell', [0, 1, 2]))).toBe('INVALID_QUBITS');
});

test('the map counts ebits: 1 for a Bell pair, none for pairs of a GHZ state, C = 2/3 in W', () => {
  const registers = new Registers(8, LIMIT);
  entangle(registers, 'bell', [0, 1]);
  entangle(registers, 'ghz', [2, 3, 4]);
  const w = Float64Array.of(0, 1, 1, 0, 1, 0, 0, 0).map((x) => x / Math.sqrt(3));
  registers.write([5, 6, 7], StateVector.from(w));
  const { qubits, pairs } = entanglementMap(registers);
  expect(qubits.slice(0, 5).map(({ ebits }) => ebits)).toEqual(
    Array.from({ length: 5 }, () => expect.closeTo(1, 12) as number),
  );
  // h(1/3) = log₂3 − 2/3.
  expect(qubits[5]).toEqual({
    qubit: 5,
    ebits: expect.closeTo(Math.log2(3) - 2 / 3, 12) as number,
  });
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [0, 1],
    [5, 6],
    [5, 7],
    [6, 7],
  ]);
  expect(pairs[0].ebits).toBeCloseTo(1, 12);
  expect(concurrence(registers.reducedDensityMatrix([5, 7]))).toBeCloseTo(2 / 3, 12);
  expect(concurrence(registers.reducedDensityMatrix([2, 4]))).toBeCloseTo(0, 12);
  expect(sharedEbits(registers, [0, 2, 5, 6])).toBeCloseTo(2 + Math.log2(3) - 2 / 3, 12);
  expect(sharedEbits(registers, [0, 1])).toBe(0);
});

test('a Werner state has concurrence (3p − 1)/2, and none at p ≤ 1/3', () => {
  for (const p of [0, 1 / 3, 0.5, 0.9, 1]) {
    const real = new Float64Array(16);
    for (const at of [0, 15]) real[at] = (1 + p) / 4;
    for (const at of [5, 10]) real[at] = (1 - p) / 4;
    for (const at of [3, 12]) real[at] = p / 2;
    const rho = { qubits: 2, dimension: 4, real, imaginary: new Float64Array(16) };
    expect(concurrence(rho)).toBeCloseTo(Math.max(0, (3 * p - 1) / 2), 12);
  }
});

test('measures of pairs are refused for other numbers of qubits, entropies beyond 8', () => {
  const mixedOf = (qubits: number) => {
    const dimension = 2 ** qubits;
    const real = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) real[i * (dimension + 1)] = 1 / dimension;
    return { qubits, dimension, real, imaginary: new Float64Array(dimension * dimension) };
  };
  expect(codeOf(() => concurrence(mixedOf(3)))).toBe('INVALID_QUBITS');
  expect(codeOf(() => entanglementOfFormation(mixedOf(1)))).toBe('INVALID_QUBITS');
  expect(codeOf(() => entropyBits(mixedOf(9)))).toBe('TOO_MANY_QUBITS');
  expect(entropyBits(mixedOf(3))).toBeCloseTo(3, 13);
});

/** Numbers that make the two measurements of an even superposition give these bits. */
function forced(...bits: readonly (0 | 1)[]): { next(): number } {
  const left = [...bits];
  // `measure` reads 1 below the probability of 1, here ½; resets afterwards are certain.
  return { next: () => (left.shift() === 1 ? 0.25 : 0.75) };
}

const OUTCOMES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

test.each(OUTCOMES)('teleportation is exact when the bits read %d and %d', (source, near) => {
  const registers = new Registers(3, LIMIT);
  const prepare = new Circuit(1).ry(1.1, 0).rz(0.4, 0);
  registers.run(prepare, [0]);
  const want = new StateVector(1);
  run(prepare, want);
  const bits = teleport(registers, { from: 0, to: 2, helper: 1 }, forced(source, near));
  expect(bits).toEqual({ source, near });
  expect(fidelity(registers.stateOf([2]), want)).toBeCloseTo(1, 14);
  registers.checkZero([0, 1]);
});

test.each(OUTCOMES)('a Choi partner shows process fidelity 1 at %d and %d', (source, near) => {
  const registers = new Registers(5, LIMIT);
  entangle(registers, 'bell', [4, 1]);
  teleport(registers, { from: 1, to: 3, helper: 0 }, forced(source, near));
  // |⟨Φ⁺|ψ⟩|² of the partner and the far qubit is the process fidelity.
  const phi = StateVector.from([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
  expect(fidelity(registers.stateOf([4, 3]), phi)).toBeCloseTo(1, 14);
  expect(registers.groups()).toEqual([[0], [1], [2], [3, 4]]);
});

test('the four outcomes are equally likely', () => {
  const random = mulberry32(11);
  const counts = [0, 0, 0, 0];
  for (let shot = 0; shot < 800; shot++) {
    const registers = new Registers(3, LIMIT);
    registers.run(new Circuit(1).ry(0.9, 0), [0]);
    const { source, near } = teleport(registers, { from: 0, to: 2, helper: 1 }, random);
    counts[2 * source + near]++;
  }
  const chiSquared = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  // Three degrees of freedom: a fair draw exceeds 16.27 once in a thousand; the seed is fixed.
  expect(chiSquared).toBeLessThan(16.27);
});

const CARDINAL = [
  new Circuit(1),
  new Circuit(1).x(0),
  new Circuit(1).h(0),
  new Circuit(1).x(0).h(0),
  new Circuit(1).h(0).s(0),
  new Circuit(1).h(0).sdg(0),
];

test('over a pair of fidelity F the average over the six cardinal states is (2F + 1)/3', () => {
  for (const fidelityOfPair of [0.25, 0.5, 0.85, 1]) {
    const errors = [fidelityOfPair, ...Array.from({ length: 3 }, () => (1 - fidelityOfPair) / 3)];
    let average = 0;
    let below = 0;
    for (const weight of errors) {
      if (weight > 0) {
        const draw = below + weight / 2;
        for (const prepare of CARDINAL) {
          const registers = new Registers(3, LIMIT);
          const want = new StateVector(1);
          run(prepare, want);
          registers.run(prepare, [0]);
          entangleNoisily(registers, [1, 2], fidelityOfPair, { next: () => draw });
          teleportOver(registers, 0, [1, 2], mulberry32(7));
          average += (weight * fidelity(registers.stateOf([2]), want)) / CARDINAL.length;
        }
      }
      below += weight;
    }
    expect(average, `F = ${fidelityOfPair}`).toBeCloseTo((2 * fidelityOfPair + 1) / 3, 12);
  }
});

test('swapping joins qubits that never met, and Werner weights multiply', () => {
  const p = 0.8;
  const q = 0.6;
  const weights = (w: number) => [(1 + 3 * w) / 4, (1 - w) / 4, (1 - w) / 4, (1 - w) / 4];
  const phi = StateVector.from([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
  let average = 0;
  for (const [i, first] of weights(p).entries()) {
    for (const [j, second] of weights(q).entries()) {
      const registers = new Registers(4, LIMIT);
      const middle = (w: number, at: number) => ({
        next: () =>
          weights(w)
            .slice(0, at)
            .reduce((sum, x) => sum + x, 0) +
          weights(w)[at] / 2,
      });
      entangleNoisily(registers, [0, 1], weights(p)[0], middle(p, i));
      entangleNoisily(registers, [2, 3], weights(q)[0], middle(q, j));
      swapEntanglement(registers, [0, 1], [2, 3], mulberry32(3));
      registers.checkZero([1, 2]);
      average += first * second * fidelity(registers.stateOf([0, 3]), phi);
    }
  }
  expect(average).toBeCloseTo((1 + 3 * p * q) / 4, 12);
});

test.each([0.2, 1.1, Number.NaN])('a pair of fidelity %d is refused', (value) => {
  const registers = new Registers(2, LIMIT);
  expect(codeOf(() => entangleNoisily(registers, [0, 1], value, mulberry32(1)))).toBe(
    'INVALID_OPTION',
  );
});
