import { SimulatorError } from '../errors.ts';
import type { PauliSum } from '../observables.ts';

type PauliTerm = PauliSum[number];

/** A witness has up to 2^(qubits − 1) terms. */
const MAX_WITNESS_QUBITS = 16;

/**
 * The stabilizer generators of the GHZ state (|0…0⟩ + |1…1⟩)/√2: X on all qubits, and ZZ on each
 * pair of neighbours.
 *
 * @param qubits - integer in [2, 16].
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`
 */
export function ghzStabilizers(qubits: number): PauliTerm[] {
  checkWitnessQubits(qubits);
  const all = Array.from({ length: qubits }, (_, qubit) => [qubit, 'X'] as const);
  const pairs = all.slice(1).map(([qubit]) => pauliTerm([qubit - 1, 'Z'], [qubit, 'Z']));
  return [pauliTerm(...all), ...pairs];
}

/**
 * The stabilizer generators of the linear cluster state, made by H on all qubits and CZ between
 * neighbours: X on each qubit and Z on its neighbours.
 *
 * @param qubits - integer in [2, 16].
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`
 */
export function clusterStabilizers(qubits: number): PauliTerm[] {
  checkWitnessQubits(qubits);
  return Array.from({ length: qubits }, (_, qubit) =>
    pauliTerm(
      ...(qubit > 0 ? [[qubit - 1, 'Z'] as const] : []),
      [qubit, 'X'],
      ...(qubit < qubits - 1 ? [[qubit + 1, 'Z'] as const] : []),
    ),
  );
}

/**
 * 3 − 2·[projector on X…X = 1 + projector on all neighbours alike]: −1 for the GHZ state, never
 * negative without genuine entanglement of all the qubits. Two settings measure it, X everywhere
 * and Z everywhere.
 *
 * @param qubits - integer in [2, 16]; 2^(qubits − 1) + 1 terms.
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`
 * @see Tóth & Gühne, Phys. Rev. Lett. 94, 060501 (2005)
 */
export function ghzWitness(qubits: number): PauliSum {
  const [x, ...pairs] = ghzStabilizers(qubits);
  return twoSettingWitness([x], pairs);
}

/**
 * 3 − 2·[projector on the even generators being 1 + the same for the odd ones]: −1 for the linear
 * cluster state, never negative without genuine entanglement of all the qubits. Two settings
 * measure it, X and Z in turns.
 *
 * @param qubits - integer in [2, 16]; about 2·2^(qubits/2) terms.
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`
 * @see Tóth & Gühne, Phys. Rev. Lett. 94, 060501 (2005)
 */
export function clusterWitness(qubits: number): PauliSum {
  const generators = clusterStabilizers(qubits);
  return twoSettingWitness(
    generators.filter((_, index) => index % 2 === 0),
    generators.filter((_, index) => index % 2 === 1),
  );
}

/** Each list is measured in one setting: no qubit has different Paulis in it. */
function twoSettingWitness(first: readonly PauliTerm[], second: readonly PauliTerm[]): PauliSum {
  const terms = [...projector(first), ...projector(second)].map(({ coefficient, paulis }) => ({
    coefficient: -2 * coefficient,
    paulis,
  }));
  return [{ coefficient: 3, paulis: {} }, ...terms];
}

/** Π (1 + g)/2 written out: the average of all products of the generators. */
function projector(generators: readonly PauliTerm[]): PauliTerm[] {
  let products: PauliTerm[] = [{ coefficient: 1, paulis: {} }];
  for (const generator of generators) {
    products = products.flatMap((term) => [term, combined(term, generator)]);
  }
  return products.map(({ paulis }) => ({ coefficient: 1 / products.length, paulis }));
}

/** The product of terms that have the same Pauli wherever both have one. */
function combined(a: PauliTerm, b: PauliTerm): PauliTerm {
  const paulis: Record<string, 'X' | 'Y' | 'Z'> = { ...a.paulis };
  for (const [qubit, pauli] of Object.entries(b.paulis)) {
    if (qubit in paulis) delete paulis[qubit];
    else paulis[qubit] = pauli;
  }
  return { coefficient: 1, paulis };
}

function pauliTerm(...factors: readonly (readonly [number, 'X' | 'Y' | 'Z'])[]): PauliTerm {
  return { coefficient: 1, paulis: Object.fromEntries(factors) };
}

function checkWitnessQubits(qubits: number): void {
  if (!Number.isInteger(qubits) || qubits < 2 || qubits > MAX_WITNESS_QUBITS) {
    throw new SimulatorError(
      'INVALID_QUBIT_COUNT',
      `${qubits} qubits are not in [2, ${MAX_WITNESS_QUBITS}]`,
    );
  }
}
