import type { DensityMatrix } from '../density-matrix.ts';
import { log2 } from '../elementary.ts';
import { checkQubits, fillOffsets } from '../qubits.ts';
import { spectrum } from './hermitian.ts';

/**
 * The state of some qubits of a density matrix, the others traced out; the first listed is the low
 * index bit. O(2^(n + k)) for k listed of n.
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`
 */
export function partialTrace(rho: DensityMatrix, kept: readonly number[]): DensityMatrix {
  const mask = checkQubits(kept, rho.qubits);
  const dimension = 1 << kept.length;
  const offsets = new Int32Array(dimension);
  fillOffsets(kept, offsets);
  const real = new Float64Array(dimension * dimension);
  const imaginary = new Float64Array(dimension * dimension);
  const traced = (rho.dimension - 1) & ~mask;
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      const to = row * dimension + column;
      let rest = 0;
      do {
        const from = (rest | offsets[row]) * rho.dimension + (rest | offsets[column]);
        real[to] += rho.real[from];
        imaginary[to] += rho.imaginary[from];
        rest = (rest - traced) & traced;
      } while (rest !== 0);
    }
  }
  return { qubits: kept.length, dimension, real, imaginary };
}

/**
 * −Tr ρ log₂ ρ, in bits: 0 for a pure state, `qubits` for the maximally mixed one.
 *
 * @param rho - of at most 8 qubits.
 * @throws {SimulatorError} `TOO_MANY_QUBITS`, `WRONG_LENGTH`, `NOT_FINITE`, `NOT_HERMITIAN`,
 *   `NOT_NORMALIZED`, `NOT_POSITIVE`
 * @see Nielsen & Chuang (2010), §11.3
 */
export function vonNeumannEntropy(rho: DensityMatrix): number {
  let entropy = 0;
  for (const weight of spectrum(rho)) if (weight > 0) entropy -= weight * log2(weight);
  // Rounding may leave a pure state a weight just above 1.
  return Math.max(0, entropy);
}

/**
 * S(A) + S(B) − S(AB), in bits: what two sets of qubits know of each other, up to twice the size
 * of the smaller.
 *
 * @param a - qubits, none of them in `b`; together at most 8.
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT` and those of
 *   `vonNeumannEntropy`
 */
export function mutualInformation(
  rho: DensityMatrix,
  a: readonly number[],
  b: readonly number[],
): number {
  const [here, there, both] = [a, b, [...a, ...b]].map((part) =>
    vonNeumannEntropy(partialTrace(rho, part)),
  );
  return Math.max(0, here + there - both);
}
