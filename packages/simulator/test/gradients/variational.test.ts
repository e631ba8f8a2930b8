import { describe, expect, test } from 'vitest';
import { Circuit, type Parameter, type PauliSum, scaled } from '@sema/simulator';
import { adjointGradient, type ValueAndGradient } from '@sema/simulator/gradients';
import { hermitianEigenvalues } from '@sema/simulator/entanglement';
import { combine, identity, multiply, on, PAULIS, real } from '../dense.ts';

/** Descends with momentum from a fixed start until the gradient is gone. */
function minimised(
  start: readonly number[],
  at: (parameters: readonly number[]) => ValueAndGradient,
): { value: number; parameters: readonly number[]; gradient: Float64Array } {
  let parameters = start;
  const velocity = start.map(() => 0);
  for (let step = 0; ; step++) {
    const { value, gradient } = at(parameters);
    if (gradient.every((slope) => Math.abs(slope) < 1e-9)) return { value, parameters, gradient };
    if (step === 3000) throw new Error(`no minimum near ${parameters.join(', ')}: ${value}`);
    gradient.forEach((slope, k) => (velocity[k] = 0.9 * velocity[k] - 0.02 * slope));
    parameters = parameters.map((x, k) => x + velocity[k]);
  }
}

function eachOnRing(qubits: number, build: (a: number, b: number) => void): void {
  for (let a = 0; a < qubits; a++) build(a, (a + 1) % qubits);
}

describe('a variational eigensolver', () => {
  const QUBITS = 4;
  const FIELD = 0.8;

  /** −ΣZZ on a ring − field·ΣX. */
  const ising: PauliSum = Array.from({ length: QUBITS }, (_, a) => [
    { coefficient: -1, paulis: { [a]: 'Z' as const, [(a + 1) % QUBITS]: 'Z' as const } },
    { coefficient: -FIELD, paulis: { [a]: 'X' as const } },
  ]).flat();

  /** Ground-state energy by free fermions: Pfeuty, Ann. Phys. 57, 79 (1970). */
  function freeFermionEnergy(): number {
    let energy = 0;
    for (let j = 0; j < QUBITS; j++) {
      const k = ((2 * j + 1) * Math.PI) / QUBITS;
      energy -= Math.sqrt(1 + FIELD ** 2 - 2 * FIELD * Math.cos(k));
    }
    return energy;
  }

  test('finds the ground state of the transverse Ising ring, which n/2 layers hold exactly', () => {
    // Ho & Hsieh, SciPost Phys. 6, 029 (2019).
    const circuit = new Circuit(QUBITS);
    for (let q = 0; q < QUBITS; q++) circuit.h(q);
    for (let layer = 0; layer < QUBITS / 2; layer++) {
      const bond = circuit.parameter(`bond ${layer}`);
      const field = circuit.parameter(`field ${layer}`);
      eachOnRing(QUBITS, (a, b) => circuit.rzz(scaled(bond, -2), a, b));
      for (let q = 0; q < QUBITS; q++) circuit.rx(scaled(field, -2), q);
    }
    const { value } = minimised([0.3, 0.3, 0.3, 0.3], (parameters) =>
      adjointGradient(circuit, ising, { parameters }),
    );
    // At a gradient below 1e-9 the value is above its minimum by its square.
    expect(value).toBeCloseTo(freeFermionEnergy(), 11);
  });

  test('has the same oracle in exact diagonalisation', () => {
    const dense = combine(
      ...ising.map(({ coefficient, paulis }) => {
        const factors = Object.entries(paulis).map(([q, name]) =>
          on(Number(q), PAULIS[name], QUBITS),
        );
        return [real(coefficient), factors.reduce(multiply, identity(QUBITS))] as const;
      }),
    );
    const { size, re, im } = dense;
    const values = hermitianEigenvalues({ dimension: size, real: re, imaginary: im });
    expect(values[0]).toBeCloseTo(freeFermionEnergy(), 12);
  });
});

describe('the quantum approximate optimisation algorithm', () => {
  /** The edges that the ring disagrees on: Σ (1 − ZZ)/2, with its sign turned. */
  const uncut = (qubits: number): PauliSum =>
    Array.from({ length: qubits }, (_, a) => [
      { coefficient: -0.5, paulis: {} },
      { coefficient: 0.5, paulis: { [a]: 'Z' as const, [(a + 1) % qubits]: 'Z' as const } },
    ]).flat();

  const layer = (circuit: Circuit, gamma: Parameter, beta: Parameter) => {
    eachOnRing(circuit.qubits, (a, b) => circuit.rzz(scaled(gamma, -1), a, b));
    for (let q = 0; q < circuit.qubits; q++) circuit.rx(scaled(beta, 2), q);
  };

  test.each([
    [1, 3 / 4],
    [2, 5 / 6],
  ])('cuts the ring of disagrees with %i layers to the ratio %f', (layers, ratio) => {
    // (2p + 1)/(2p + 2) for p layers on a ring of more than 2p qubits: Farhi et al. (2014).
    const circuit = new Circuit(6);
    for (let q = 0; q < 6; q++) circuit.h(q);
    for (let p = 0; p < layers; p++) {
      layer(circuit, circuit.parameter(`gamma ${p}`), circuit.parameter(`beta ${p}`));
    }
    const start = [0.4, 0.6, 0.7, 0.4].slice(0, 2 * layers);
    const { value } = minimised(start, (parameters) =>
      adjointGradient(circuit, uncut(6), { parameters }),
    );
    expect(-value / 6).toBeCloseTo(ratio, 12);
  });
});
