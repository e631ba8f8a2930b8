import { SimulatorError } from './errors.ts';
import { sumOfExpectations } from './pauli-expectation.ts';
import { checkQubit } from './qubits.ts';
import type { Amplitudes } from './state-vector.ts';

/**
 * An observable: Σ coefficient · product of Paulis, at most one a qubit; no Pauli is the identity.
 * The keys of `paulis` are qubits.
 */
export type PauliSum = readonly {
  readonly coefficient: number;
  readonly paulis: Readonly<Record<number, 'X' | 'Y' | 'Z'>>;
}[];

/**
 * ⟨ψ|H|ψ⟩. Copies nothing; one pass over the state for all terms that have X or Y on the same
 * qubits (and an even or an odd number of Y): all terms of Z alone take one pass together.
 *
 * @throws {SimulatorError} `INVALID_COEFFICIENT`, `INVALID_PAULI`, `QUBIT_OUT_OF_RANGE`, `DISPOSED`
 */
export function expectationValue(state: Amplitudes, sum: PauliSum): number {
  const products = sum.map(({ coefficient, paulis }) => {
    if (!Number.isFinite(coefficient)) {
      throw new SimulatorError('INVALID_COEFFICIENT', `coefficient ${coefficient} is not finite`);
    }
    return { coefficient, ...masksOf(paulis, state.qubits) };
  });
  return sumOfExpectations(state.real, state.imaginary, products);
}

/** The product as i^ys · (X on `flips`) · (Z on `signs`). */
export function masksOf(
  paulis: Readonly<Record<string, string>>,
  qubits: number,
): { flips: number; signs: number; ys: number } {
  let flips = 0;
  let signs = 0;
  let ys = 0;
  for (const [key, pauli] of Object.entries(paulis)) {
    const qubit = Number(key);
    // Texts such as '01' or '' read as numbers too, and could name a qubit twice.
    if (String(qubit) !== key) {
      throw new SimulatorError('QUBIT_OUT_OF_RANGE', `'${key}' is not a qubit`);
    }
    checkQubit(qubit, qubits);
    if (pauli !== 'X' && pauli !== 'Y' && pauli !== 'Z') {
      throw new SimulatorError('INVALID_PAULI', `'${pauli}' is not X, Y or Z`);
    }
    if (pauli !== 'Z') flips |= 1 << qubit;
    if (pauli !== 'X') signs |= 1 << qubit;
    if (pauli === 'Y') ys++;
  }
  return { flips, signs, ys };
}

/** The norm √⟨ψ|ψ⟩. */
export function norm(state: Amplitudes): number {
  const { real, imaginary } = state;
  let sum = 0;
  for (let i = 0; i < real.length; i++) sum += real[i] * real[i] + imaginary[i] * imaginary[i];
  return Math.sqrt(sum);
}

/**
 * ⟨a|b⟩.
 *
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `DISPOSED`
 */
export function innerProduct(
  a: Amplitudes,
  b: Amplitudes,
): { readonly real: number; readonly imaginary: number } {
  if (a.qubits !== b.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `states of ${a.qubits} and ${b.qubits} qubits have no inner product`,
    );
  }
  const { real: ar, imaginary: ai } = a;
  const { real: br, imaginary: bi } = b;
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < ar.length; i++) {
    real += ar[i] * br[i] + ai[i] * bi[i];
    imaginary += ar[i] * bi[i] - ai[i] * br[i];
  }
  return { real, imaginary };
}

/**
 * |⟨a|b⟩|².
 *
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `DISPOSED`
 */
export function fidelity(a: Amplitudes, b: Amplitudes): number {
  const { real, imaginary } = innerProduct(a, b);
  return real * real + imaginary * imaginary;
}
