import type { DensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import { type Channel, krausChannel } from '../noise/channels.ts';
import {
  checkDensityMatrix,
  checkedWeight,
  hermitianEigenvalues,
  positiveRoot,
  type SquareMatrix,
} from './hermitian.ts';

/**
 * Uhlmann's fidelity (Tr √(√ρ σ √ρ))², in [0, 1]; for pure states |⟨ψ|φ⟩|².
 *
 * @param rho - like `sigma`, of at most 8 qubits.
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `TOO_MANY_QUBITS`, `WRONG_LENGTH`, `NOT_FINITE`,
 *   `NOT_HERMITIAN`, `NOT_NORMALIZED`, `NOT_POSITIVE`
 * @see Jozsa, J. Mod. Opt. 41, 2315 (1994)
 */
export function stateFidelity(rho: DensityMatrix, sigma: DensityMatrix): number {
  if (rho.qubits !== sigma.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `states of ${rho.qubits} and ${sigma.qubits} qubits have no fidelity`,
    );
  }
  let trace = 0;
  for (const root of rootOverlapSpectrum(rho, sigma)) trace += root;
  return Math.min(1, trace * trace);
}

/** The singular values of √ρ√σ: the roots of the eigenvalues of √ρ σ √ρ, and so of ρσ. */
function rootOverlapSpectrum(rho: DensityMatrix, sigma: DensityMatrix): Float64Array {
  checkDensityMatrix(sigma);
  const root = positiveRoot(rho);
  const middle = product(product(root, sigma), root);
  return hermitianEigenvalues(middle).map((value) => Math.sqrt(checkedWeight(value)));
}

function product(a: SquareMatrix, b: SquareMatrix): SquareMatrix {
  const { dimension } = a;
  const real = new Float64Array(dimension * dimension);
  const imaginary = new Float64Array(dimension * dimension);
  for (let row = 0; row < dimension; row++) {
    for (let k = 0; k < dimension; k++) {
      const re = a.real[row * dimension + k];
      const im = a.imaginary[row * dimension + k];
      for (let column = 0; column < dimension; column++) {
        const to = row * dimension + column;
        const from = k * dimension + column;
        real[to] += re * b.real[from] - im * b.imaginary[from];
        imaginary[to] += re * b.imaginary[from] + im * b.real[from];
      }
    }
  }
  return { dimension, real, imaginary };
}

/**
 * The Choi state of a channel: what becomes of half of a maximally entangled pair. The channel's
 * qubits are the low index bits, their untouched partners the high ones.
 *
 * @throws {SimulatorError} as `krausChannel`
 */
export function choiState(channel: Channel): DensityMatrix {
  const { qubits, kraus } = krausChannel(channel.kraus);
  const inner = 1 << qubits;
  const dimension = inner * inner;
  const real = new Float64Array(dimension * dimension);
  const imaginary = new Float64Array(dimension * dimension);
  // |i⟩|j⟩ with i of the channel has the amplitude K(i, j)/√inner.
  const amplitude = (index: number) => 2 * ((index % inner) * inner + Math.floor(index / inner));
  for (const operator of kraus) {
    for (let row = 0; row < dimension; row++) {
      for (let column = 0; column < dimension; column++) {
        const a = amplitude(row);
        const b = amplitude(column);
        const at = row * dimension + column;
        real[at] += (operator[a] * operator[b] + operator[a + 1] * operator[b + 1]) / inner;
        imaginary[at] += (operator[a + 1] * operator[b] - operator[a] * operator[b + 1]) / inner;
      }
    }
  }
  return { qubits: 2 * qubits, dimension, real, imaginary };
}

/**
 * The fidelity of two channels' Choi states; with a unitary for one, the entanglement fidelity.
 *
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH` and those of `krausChannel`
 * @see Gilchrist, Langford & Nielsen, Phys. Rev. A 71, 062310 (2005)
 */
export function processFidelity(a: Channel, b: Channel): number {
  return stateFidelity(choiState(a), choiState(b));
}

/**
 * The fidelity of a channel's output with that of a unitary, averaged over all pure inputs:
 * (d·F + 1)/(d + 1) with the process fidelity F and d = 2^qubits.
 *
 * @param unitary - a channel of one Kraus operator.
 * @throws {SimulatorError} `NOT_UNITARY` when it has more, and those of `processFidelity`
 * @see Nielsen, Phys. Lett. A 303, 249 (2002)
 */
export function averageGateFidelity(channel: Channel, unitary: Channel): number {
  if (unitary.kraus.length !== 1) {
    throw new SimulatorError(
      'NOT_UNITARY',
      `a channel of ${unitary.kraus.length} Kraus operators is not given as a unitary`,
    );
  }
  const dimension = 1 << channel.qubits;
  return (dimension * processFidelity(channel, unitary) + 1) / (dimension + 1);
}
