import type { DensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import { checkQubits } from '../qubits.ts';
import { binaryEntropy } from './entropy.ts';
import { rootOverlapSpectrum } from './fidelities.ts';
import { checkDensityMatrix, hermitianEigenvalues } from './hermitian.ts';

/**
 * Wootters' concurrence of two qubits: 0 when separable, 1 when maximally entangled. Values
 * below some 1e-7, roots of a rounding, cannot be told from 0.
 *
 * @param rho - of two qubits.
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `WRONG_LENGTH`, `NOT_FINITE`, `NOT_HERMITIAN`,
 *   `NOT_NORMALIZED`, `NOT_POSITIVE`
 * @see Wootters, Phys. Rev. Lett. 80, 2245 (1998)
 */
export function concurrence(rho: DensityMatrix): number {
  if (rho.qubits !== 2) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `the concurrence is of 2 qubits, not of ${rho.qubits}`,
    );
  }
  const roots = rootOverlapSpectrum(rho, spinFlipped(rho));
  return Math.max(0, roots[3] - roots[2] - roots[1] - roots[0]);
}

/** (Y ⊗ Y) ρ* (Y ⊗ Y): entry (i, j) is that of the opposite corner, its sign by parities. */
function spinFlipped(rho: DensityMatrix): DensityMatrix {
  const parity = [1, -1, -1, 1];
  const sign = (index: number) => parity[index >> 2] * parity[index & 3];
  return {
    ...rho,
    real: rho.real.map((_, k) => sign(k) * rho.real[15 - k]),
    imaginary: rho.imaginary.map((_, k) => -sign(k) * rho.imaginary[15 - k]),
  };
}

/**
 * The Bell pairs per copy, in the limit of many, that it takes to make this state of two qubits.
 *
 * @throws {SimulatorError} as `concurrence`
 */
export function entanglementOfFormation(rho: DensityMatrix): number {
  const c = Math.min(1, concurrence(rho));
  return binaryEntropy((1 + Math.sqrt(1 - c * c)) / 2);
}

/**
 * (‖ρ^T_A‖₁ − 1)/2: the sum of the negative eigenvalues, without sign, after the transposition of
 * the qubits of A. 0 for every separable state; where A or the rest is one qubit and the other at
 * most two levels more, only for these.
 *
 * @param rho - of at most 8 qubits.
 * @param part - the qubits of A.
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`, `TOO_MANY_QUBITS`,
 *   `WRONG_LENGTH`, `NOT_FINITE`, `NOT_HERMITIAN`, `NOT_NORMALIZED`
 * @see Vidal & Werner, Phys. Rev. A 65, 032314 (2002)
 */
export function negativity(rho: DensityMatrix, part: readonly number[]): number {
  checkDensityMatrix(rho);
  const transposed = partialTranspose(rho, checkQubits(part, rho.qubits));
  let sum = 0;
  for (const value of hermitianEigenvalues(transposed)) if (value < 0) sum -= value;
  return sum;
}

function partialTranspose(rho: DensityMatrix, mask: number): DensityMatrix {
  const { dimension } = rho;
  const source = (k: number) => {
    const row = Math.floor(k / dimension);
    const column = k % dimension;
    return ((row & ~mask) | (column & mask)) * dimension + ((column & ~mask) | (row & mask));
  };
  return {
    ...rho,
    real: rho.real.map((_, k) => rho.real[source(k)]),
    imaginary: rho.imaginary.map((_, k) => rho.imaginary[source(k)]),
  };
}
