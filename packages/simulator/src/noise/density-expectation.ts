import type { DensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import { masksOf, type PauliSum } from '../observables.ts';
import { isOdd } from '../pauli-expectation.ts';

/**
 * Tr ρH. O(terms · 2^n): a Pauli product has one entry in a row.
 *
 * @param rho - Hermitian.
 * @throws {SimulatorError} `INVALID_COEFFICIENT`, `INVALID_PAULI`, `QUBIT_OUT_OF_RANGE`
 */
export function densityExpectation(rho: DensityMatrix, sum: PauliSum): number {
  const { dimension, real, imaginary, qubits } = rho;
  let total = 0;
  for (const { coefficient, paulis } of sum) {
    if (!Number.isFinite(coefficient)) {
      throw new SimulatorError('INVALID_COEFFICIENT', `coefficient ${coefficient} is not finite`);
    }
    const { flips, signs, ys } = masksOf(paulis, qubits);
    // Σ ρ(i, j)·P(j, i) with P(i ⊕ flips, i) = i^ys · (−1)^|i ∧ signs|; the sum is real.
    const part = (ys & 1) === 0 ? real : imaginary;
    const sign = ((ys + 1) & 2) === 0 ? 1 : -1;
    let trace = 0;
    for (let i = 0; i < dimension; i++) {
      const entry = part[i * dimension + (i ^ flips)];
      trace += isOdd(i & signs) ? -entry : entry;
    }
    total += coefficient * sign * trace;
  }
  return total;
}
