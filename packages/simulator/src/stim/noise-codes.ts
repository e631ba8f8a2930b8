import type { PauliFactor } from './stim-circuit.ts';

/** Whether the Pauli of code I X Y Z = 0 1 2 3 has an X part and a Z part. */
export const CODE_X: readonly number[] = [0, 1, 1, 0];
export const CODE_Z: readonly number[] = [0, 0, 1, 1];

const LETTERS = [undefined, 'X', 'Y', 'Z'] as const;

/** The Paulis of an error's code on the group of qubits that starts at `start`. */
export function noisePaulis(
  code: number,
  arity: 1 | 2,
  qubits: readonly number[],
  start: number,
): PauliFactor[] {
  const factors: PauliFactor[] = [];
  for (let j = 0; j < arity; j++) {
    const pauli = LETTERS[codeOf(code, arity, j)];
    if (pauli !== undefined) factors.push({ qubit: qubits[start + j], pauli });
  }
  return factors;
}

/** The code of the j-th qubit of a group in the code of the group. */
export function codeOf(code: number, arity: 1 | 2, j: number): number {
  return (code >> (2 * (arity - 1 - j))) & 3;
}
