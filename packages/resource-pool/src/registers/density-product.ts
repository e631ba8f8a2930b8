import type { DensityMatrix } from '@sema/simulator';

/** The state of some qubits, and the bit of the whole index that each of them is. */
export interface DensityFactor {
  readonly rho: DensityMatrix;
  readonly positions: readonly number[];
}

/** The tensor product of density matrices. O(4^qubits · factors). */
export function productOf(factors: readonly DensityFactor[], qubits: number): DensityMatrix {
  const dimension = 2 ** qubits;
  const real = new Float64Array(dimension * dimension).fill(1);
  const imaginary = new Float64Array(dimension * dimension);
  for (const { rho, positions } of factors) {
    const part = Int32Array.from({ length: dimension }, (_, index) => gathered(index, positions));
    for (let row = 0; row < dimension; row++) {
      for (let column = 0; column < dimension; column++) {
        const at = row * dimension + column;
        const from = part[row] * rho.dimension + part[column];
        const re = real[at];
        const im = imaginary[at];
        real[at] = re * rho.real[from] - im * rho.imaginary[from];
        imaginary[at] = re * rho.imaginary[from] + im * rho.real[from];
      }
    }
  }
  return { qubits, dimension, real, imaginary };
}

/** The bits of `index` at `positions`, the first the least significant. */
function gathered(index: number, positions: readonly number[]): number {
  let value = 0;
  positions.forEach((position, k) => {
    value |= ((index >> position) & 1) << k;
  });
  return value;
}
