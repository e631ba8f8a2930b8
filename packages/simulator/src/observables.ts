import { SimulatorError } from './errors.ts';
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
 * ⟨ψ|H|ψ⟩. O(terms · 2^n), copies nothing.
 *
 * @throws {SimulatorError} `INVALID_COEFFICIENT`, `INVALID_PAULI`, `QUBIT_OUT_OF_RANGE`, `DISPOSED`
 */
export function expectationValue(state: Amplitudes, sum: PauliSum): number {
  let total = 0;
  for (const { coefficient, paulis } of sum) {
    if (!Number.isFinite(coefficient)) {
      throw new SimulatorError('INVALID_COEFFICIENT', `coefficient ${coefficient} is not finite`);
    }
    const { flips, signs, ys } = masksOf(paulis, state.qubits);
    total += coefficient * pauliExpectation(state, flips, signs, ys);
  }
  return total;
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

/**
 * The expectation of one Pauli product, which is real: i^ys · Σ (−1)^|i ∧ signs| ψ*(i ⊕ flips)
 * ψ(i).
 */
function pauliExpectation(state: Amplitudes, flips: number, signs: number, ys: number): number {
  const { real, imaginary } = state;
  let sum = 0;
  for (let i = 0; i < real.length; i++) {
    const j = i ^ flips;
    const term =
      (ys & 1) === 0
        ? real[j] * real[i] + imaginary[j] * imaginary[i]
        : imaginary[j] * real[i] - real[j] * imaginary[i];
    sum += isOdd(i & signs) ? -term : term;
  }
  return (ys & 2) === 0 ? sum : -sum;
}

/** Whether a number below 2^32 has an odd number of set bits. */
export function isOdd(bits: number): boolean {
  let folded = bits ^ (bits >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  return ((0x6996 >>> (folded & 15)) & 1) === 1;
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
