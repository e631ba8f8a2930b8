import type { DensityMatrix } from '../density-matrix.ts';
import { log2 } from '../elementary.ts';
import { SimulatorError } from '../errors.ts';
import { checkQubits } from '../qubits.ts';
import {
  checkDensityMatrix,
  hermitianEigenvalues,
  positiveRoot,
  type SquareMatrix,
} from './hermitian.ts';

/** σy ⊗ σy has these entries on the antidiagonal and no others. */
const SPIN_FLIP = [-1, 1, 1, -1] as const;

/**
 * Wootters' concurrence of two qubits: 0 when separable, 1 when maximally entangled. To some 1e-13:
 * it is λ₁ − λ₂ − λ₃ − λ₄ of the singular values of √ρᵀ (σy ⊗ σy) √ρ, which are found without
 * squaring them.
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
  // The eigenvalues of the Hermitian matrix with M and M† off its diagonal are ± the singular
  // values of M.
  const values = hermitianEigenvalues(offDiagonal(flippedOverlap(positiveRoot(rho))));
  return Math.min(1, Math.max(0, values[7] - values[6] - values[5] - values[4]));
}

/** Lᵀ (σy ⊗ σy) L, which is symmetric. */
function flippedOverlap({ real: lr, imaginary: li }: SquareMatrix): SquareMatrix {
  const real = new Float64Array(16);
  const imaginary = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      for (let k = 0; k < 4; k++) {
        const a = 4 * k + row;
        const b = 4 * (3 - k) + column;
        real[4 * row + column] += SPIN_FLIP[k] * (lr[a] * lr[b] - li[a] * li[b]);
        imaginary[4 * row + column] += SPIN_FLIP[k] * (lr[a] * li[b] + li[a] * lr[b]);
      }
    }
  }
  return { dimension: 4, real, imaginary };
}

/** [[0, M], [M†, 0]] of a matrix of 4 × 4. */
function offDiagonal(m: SquareMatrix): SquareMatrix {
  const real = new Float64Array(64);
  const imaginary = new Float64Array(64);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const [above, below] = [8 * row + 4 + column, 8 * (4 + column) + row];
      real[above] = real[below] = m.real[4 * row + column];
      imaginary[above] = m.imaginary[4 * row + column];
      imaginary[below] = -imaginary[above];
    }
  }
  return { dimension: 8, real, imaginary };
}

/**
 * The Bell pairs per copy, in the limit of many, that it takes to make this state of two qubits:
 * the entropy of the weights (1 ± √(1 − C²))/2.
 *
 * @throws {SimulatorError} as `concurrence`
 */
export function entanglementOfFormation(rho: DensityMatrix): number {
  const c = concurrence(rho);
  const more = (1 + Math.sqrt(1 - c * c)) / 2;
  // 1 − more has lost its digits where C is small.
  const less = (c * c) / (4 * more);
  return less > 0 ? -more * log2(more) - less * log2(less) : 0;
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
