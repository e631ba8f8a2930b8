import type { DensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';

/** The largest matrix whose eigenvalues are sought: some seconds of work. */
const MAX_EIGEN_QUBITS = 8;
/** How far from Hermitian or from trace 1 a matrix may be, and how negative its eigenvalues. */
const TOLERANCE = 1e-9;
/** What sums of at most 256 products of numbers below 1 may leave where 0 is due. */
const ROUNDING = 256 * Number.EPSILON;
/** Jacobi's method converges quadratically: 6 to 12 sweeps do for any matrix met in practice. */
const MAX_SWEEPS = 60;
/** An entry beside a largest of 1 that moves no eigenvalue by more than a part of its rounding. */
const NEGLIGIBLE = 1e-19;

/** Row-major, in split storage; a DensityMatrix is one. */
export interface SquareMatrix {
  readonly dimension: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The eigenvalues of a Hermitian matrix, ascending, by cyclic Jacobi rotations: small ones are as
 * accurate as large ones, to some roundings of the largest. O(dimension³).
 *
 * @param matrix - Hermitian to 1e-9, at most 256 × 256.
 * @throws {SimulatorError} `TOO_MANY_QUBITS`, `WRONG_LENGTH`, `NOT_FINITE`, `NOT_HERMITIAN`
 * @see Golub & Van Loan (2013), §8.5
 */
export function hermitianEigenvalues(matrix: SquareMatrix): Float64Array {
  return diagonalised(matrix, false).values.sort();
}

/**
 * Checks a density matrix: size, finite entries, Hermitian, trace 1.
 *
 * @throws {SimulatorError} `TOO_MANY_QUBITS`, `WRONG_LENGTH`, `NOT_FINITE`, `NOT_HERMITIAN`,
 *   `NOT_NORMALIZED`
 */
export function checkDensityMatrix(rho: DensityMatrix): void {
  checkHermitian(rho);
  let trace = 0;
  for (let i = 0; i < rho.dimension; i++) trace += rho.real[i * (rho.dimension + 1)];
  if (rho.dimension !== 1 << rho.qubits) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `a matrix of dimension ${rho.dimension} is not on ${rho.qubits} qubits`,
    );
  }
  if (!(Math.abs(trace - 1) <= TOLERANCE)) {
    throw new SimulatorError('NOT_NORMALIZED', `the trace ${trace} is not 1 ± ${TOLERANCE}`);
  }
}

/**
 * The eigenvalues of a density matrix, ascending, those that rounding made negative set to 0.
 *
 * @throws {SimulatorError} as `checkDensityMatrix`, and `NOT_POSITIVE` below −1e-9
 */
export function spectrum(rho: DensityMatrix): Float64Array {
  checkDensityMatrix(rho);
  return hermitianEigenvalues(rho).map(checkedWeight);
}

/**
 * √ρ, Hermitian and positive.
 *
 * @throws {SimulatorError} as `spectrum`
 */
export function positiveRoot(rho: DensityMatrix): SquareMatrix {
  checkDensityMatrix(rho);
  const { dimension } = rho;
  const { values, re, im } = diagonalised(rho, true);
  const roots = values.map((value) => Math.sqrt(checkedWeight(value)));
  const real = new Float64Array(dimension * dimension);
  const imaginary = new Float64Array(dimension * dimension);
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let k = 0; k < dimension; k++) {
        const a = row * dimension + k;
        const b = column * dimension + k;
        sumRe += roots[k] * (re[a] * re[b] + im[a] * im[b]);
        sumIm += roots[k] * (im[a] * re[b] - re[a] * im[b]);
      }
      real[row * dimension + column] = sumRe;
      imaginary[row * dimension + column] = sumIm;
    }
  }
  return { dimension, real, imaginary };
}

/**
 * An eigenvalue as a probability: 0 where it is what rounding leaves of 0, as its root would be
 * 1e-8.
 *
 * @throws {SimulatorError} `NOT_POSITIVE`
 */
export function checkedWeight(value: number): number {
  if (!(value >= -TOLERANCE)) {
    throw new SimulatorError('NOT_POSITIVE', `the eigenvalue ${value} is below −${TOLERANCE}`);
  }
  return value < ROUNDING ? 0 : value;
}

function checkHermitian({ dimension, real, imaginary }: SquareMatrix): void {
  if (!(dimension <= 1 << MAX_EIGEN_QUBITS)) {
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `the limit for eigenvalues is ${MAX_EIGEN_QUBITS} qubits, not dimension ${dimension}`,
    );
  }
  const entries = dimension * dimension;
  if (real.length !== entries || imaginary.length !== entries) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${real.length} and ${imaginary.length} numbers are not a matrix of ${entries} entries`,
    );
  }
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column <= row; column++) {
      const a = row * dimension + column;
      const b = column * dimension + row;
      if (!Number.isFinite(real[a] + imaginary[a] + real[b] + imaginary[b])) {
        throw new SimulatorError('NOT_FINITE', `entry (${row}, ${column}) or its mirror is not`);
      }
      const off = Math.abs(real[a] - real[b]) + Math.abs(imaginary[a] + imaginary[b]);
      if (!(off <= TOLERANCE)) {
        throw new SimulatorError(
          'NOT_HERMITIAN',
          `entry (${row}, ${column}) and its mirror are ${off} apart, beyond ${TOLERANCE}`,
        );
      }
    }
  }
}

interface Work {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Eigenvalues in no order; the eigenvectors are the columns of re + i·im, if they are wanted. */
function diagonalised(matrix: SquareMatrix, vectors: boolean): Work & { values: Float64Array } {
  checkHermitian(matrix);
  const size = matrix.dimension;
  let scale = 0;
  for (const part of [matrix.real, matrix.imaginary]) {
    for (const x of part) scale = Math.max(scale, Math.abs(x));
  }
  if (scale === 0) scale = 1;
  const a: Work = {
    size,
    re: matrix.real.map((x) => x / scale),
    im: matrix.imaginary.map((x) => x / scale),
  };
  const length = vectors ? size * size : 0;
  const v: Work = { size, re: new Float64Array(length), im: new Float64Array(length) };
  for (let i = 0; i < size && vectors; i++) v.re[i * (size + 1)] = 1;
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (rotate(a, p, q, vectors ? v : undefined)) rotated = true;
      }
    }
  }
  const values = Float64Array.from({ length: size }, (_, i) => scale * a.re[i * (size + 1)]);
  return { ...v, values };
}

/** Makes entry (p, q) zero by a unitary on the coordinates p and q; false if it already is. */
function rotate(a: Work, p: number, q: number, v: Work | undefined): boolean {
  const { size, re, im } = a;
  const at = p * size + q;
  const modulus = Math.sqrt(re[at] * re[at] + im[at] * im[at]);
  if (!(modulus > NEGLIGIBLE)) return false;
  const phaseRe = re[at] / modulus;
  const phaseIm = im[at] / modulus;
  const tau = (re[q * (size + 1)] - re[p * (size + 1)]) / (2 * modulus);
  const tangent = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + tangent * tangent);
  const s = tangent * c;
  mixColumns(a, p, q, c, s * phaseRe, s * phaseIm);
  if (v !== undefined) mixColumns(v, p, q, c, s * phaseRe, s * phaseIm);
  mixRows(a, p, q, c, s * phaseRe, s * phaseIm);
  re[at] = im[at] = re[q * size + p] = im[q * size + p] = 0;
  im[p * (size + 1)] = im[q * (size + 1)] = 0;
  return true;
}

/** Columns (p, q) become (c·p − s*·q, s·p + c·q). */
function mixColumns(m: Work, p: number, q: number, c: number, sr: number, si: number): void {
  const { size, re, im } = m;
  for (let row = 0; row < size; row++) {
    const i = row * size + p;
    const j = row * size + q;
    const [pr, pi, qr, qi] = [re[i], im[i], re[j], im[j]];
    re[i] = c * pr - (sr * qr + si * qi);
    im[i] = c * pi - (sr * qi - si * qr);
    re[j] = sr * pr - si * pi + c * qr;
    im[j] = sr * pi + si * pr + c * qi;
  }
}

/** Rows (p, q) become (c·p − s·q, s*·p + c·q): the adjoint of what columns undergo. */
function mixRows(m: Work, p: number, q: number, c: number, sr: number, si: number): void {
  const { size, re, im } = m;
  for (let column = 0; column < size; column++) {
    const i = p * size + column;
    const j = q * size + column;
    const [pr, pi, qr, qi] = [re[i], im[i], re[j], im[j]];
    re[i] = c * pr - (sr * qr - si * qi);
    im[i] = c * pi - (sr * qi + si * qr);
    re[j] = sr * pr + si * pi + c * qr;
    im[j] = sr * pi - si * pr + c * qi;
  }
}
