import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  expectationValue,
  mulberry32,
  type PauliSum,
  run,
  StateVector,
} from '@sema/simulator';
import {
  clusterStabilizers,
  clusterWitness,
  ghzStabilizers,
  ghzWitness,
} from '@sema/simulator/entanglement';
import {
  basisDensityMatrix,
  densityExpectation,
  depolarizing,
  runDensityMatrix,
} from '@sema/simulator/noise';
import { randomUnitary } from '../arbitrary-circuits.ts';

const ROUNDING = 1e-12;

function ghzCircuit(qubits: number): Circuit {
  const circuit = new Circuit(qubits).h(0);
  for (let q = 1; q < qubits; q++) circuit.cx(q - 1, q);
  return circuit;
}

function clusterCircuit(qubits: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let q = 0; q < qubits; q++) circuit.h(q);
  for (let q = 1; q < qubits; q++) circuit.cz(q - 1, q);
  return circuit;
}

const families = [
  {
    name: 'GHZ',
    circuit: ghzCircuit,
    stabilizers: ghzStabilizers,
    witness: ghzWitness,
    // On white noise: 3 − 2·(½ + 2^(1 − n)).
    onNoise: (n: number) => 2 - 2 ** (2 - n),
  },
  {
    name: 'cluster',
    circuit: clusterCircuit,
    stabilizers: clusterStabilizers,
    witness: clusterWitness,
    // One projector for the even and one for the odd of the n generators.
    onNoise: (n: number) => 3 - 2 * (2 ** -Math.ceil(n / 2) + 2 ** -Math.floor(n / 2)),
  },
];

const after = (circuit: Circuit) => {
  const state = new StateVector(circuit.qubits);
  run(circuit, state);
  return state;
};

describe.each(families)('the stabilizers and witness of $name states', (family) => {
  test('are +1 and −1 on the state itself, for 2 to 8 qubits', () => {
    for (let n = 2; n <= 8; n++) {
      const state = after(family.circuit(n));
      expect(family.stabilizers(n)).toHaveLength(n);
      for (const term of family.stabilizers(n)) {
        expect(expectationValue(state, [term])).toBeCloseTo(1, 12);
      }
      expect(expectationValue(state, family.witness(n))).toBeCloseTo(-1, 12);
    }
  });

  test('tolerate as much white noise as the paper says', () => {
    for (let n = 2; n <= 6; n++) {
      // White noise leaves the constant terms alone.
      const constant = family
        .witness(n)
        .filter(({ paulis }) => Object.keys(paulis).length === 0)
        .reduce((sum, { coefficient }) => sum + coefficient, 0);
      expect(constant).toBeCloseTo(family.onNoise(n), 12);
    }
  });

  test('are never negative without entanglement of all qubits', () => {
    const parts = fc.tuple(fc.nat(), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }));
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 3 }), ([seed, order], cut) => {
        const random = mulberry32(seed);
        const circuit = new Circuit(4)
          .unitary(randomUnitary(cut, random), order.slice(0, cut))
          .unitary(randomUnitary(4 - cut, random), order.slice(cut));
        const value = expectationValue(after(circuit), family.witness(4));
        expect(value).toBeGreaterThanOrEqual(-ROUNDING);
      }),
    );
  });

  test('see less as gates get noisier', () => {
    const value = (p: number) => {
      const rho = basisDensityMatrix(4);
      const noise = { gates: [{ channel: depolarizing(p, 2) }] };
      runDensityMatrix(family.circuit(4), rho, { noise });
      return densityExpectation(rho, family.witness(4));
    };
    const values = [0, 0.01, 0.05, 0.2, 0.5].map(value);
    expect(values[0]).toBeCloseTo(-1, 12);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[1]).toBeLessThan(0);
    expect(values[4]).toBeGreaterThan(0);
  });

  test.each([1, 17, 2.5, NaN, -0])('refuse %d qubits', (qubits) => {
    const refusal = expect.objectContaining({ code: 'INVALID_QUBIT_COUNT' }) as Error;
    expect(() => family.witness(qubits)).toThrow(refusal);
    expect(() => family.stabilizers(qubits)).toThrow(refusal);
  });
});

test('a witness is zero on the border of the separable, where product states reach it', () => {
  const witness: PauliSum = ghzWitness(2);
  expect(expectationValue(new StateVector(2), witness)).toBeCloseTo(0, 12);
});
