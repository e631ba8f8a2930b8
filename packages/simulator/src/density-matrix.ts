import { SimulatorError } from './errors.ts';
import { checkQubits, fillOffsets } from './qubits.ts';
import type { StateVector } from './state-vector.ts';

/** The largest reduced density matrix: 4^12 entries are 256 MiB. */
const MAX_DENSITY_QUBITS = 12;

/**
 * A Hermitian matrix of dimension 2^qubits, row-major, in split storage of dimension² numbers each.
 */
export interface DensityMatrix {
  readonly qubits: number;
  readonly dimension: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The state of some qubits alone: |ψ⟩⟨ψ| with all others traced out. Row and column indices read
 * the listed qubits, the first the least significant bit. O(2^(n + k)) for k qubits listed, k ≤ 12.
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`, `TOO_MANY_QUBITS`, `DISPOSED`
 * @see Nielsen & Chuang (2010), §2.4.3
 */
export function reducedDensityMatrix(state: StateVector, qubits: readonly number[]): DensityMatrix {
  const mask = checkQubits(qubits, state.qubits);
  if (qubits.length > MAX_DENSITY_QUBITS) {
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `${qubits.length} qubits need a matrix of ${16n << BigInt(2 * qubits.length)} bytes; ` +
        `the limit is ${MAX_DENSITY_QUBITS} qubits`,
    );
  }
  const dimension = 1 << qubits.length;
  const offsets = new Int32Array(dimension);
  fillOffsets(qubits, offsets);
  const rho = {
    qubits: qubits.length,
    dimension,
    real: new Float64Array(dimension * dimension),
    imaginary: new Float64Array(dimension * dimension),
  };
  const traced = (state.dimension - 1) & ~mask;
  let rest = 0;
  do {
    addProjector(state, offsets, rest, rho);
    rest = (rest - traced) & traced;
  } while (rest !== 0);
  mirror(rho);
  return rho;
}

/**
 * Adds |φ⟩⟨φ|, on and below the diagonal, for the amplitudes φ that have the traced bits `rest`.
 */
function addProjector(
  state: StateVector,
  offsets: Int32Array,
  rest: number,
  rho: DensityMatrix,
): void {
  const { real, imaginary } = state;
  for (let row = 0; row < rho.dimension; row++) {
    const re = real[rest | offsets[row]];
    const im = imaginary[rest | offsets[row]];
    for (let column = 0; column <= row; column++) {
      const reOther = real[rest | offsets[column]];
      const imOther = imaginary[rest | offsets[column]];
      rho.real[row * rho.dimension + column] += re * reOther + im * imOther;
      rho.imaginary[row * rho.dimension + column] += im * reOther - re * imOther;
    }
  }
}

/** Fills the upper triangle with the conjugate of the lower. */
function mirror(rho: DensityMatrix): void {
  const { dimension, real, imaginary } = rho;
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < row; column++) {
      real[column * dimension + row] = real[row * dimension + column];
      // 0 − x has no −0.
      imaginary[column * dimension + row] = 0 - imaginary[row * dimension + column];
    }
  }
}

/**
 * Tr ρ²: 1 for a pure state, 2^-qubits for the maximally mixed one.
 *
 * @param rho - Hermitian, of trace 1.
 * @throws {SimulatorError} `WRONG_LENGTH`
 */
export function purity(rho: DensityMatrix): number {
  const { real, imaginary } = rho;
  const entries = rho.dimension * rho.dimension;
  if (real.length !== entries || imaginary.length !== entries) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${real.length} and ${imaginary.length} numbers are not a matrix of ${entries} entries`,
    );
  }
  let sum = 0;
  for (let i = 0; i < entries; i++) sum += real[i] * real[i] + imaginary[i] * imaginary[i];
  return sum;
}
