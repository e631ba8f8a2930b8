import { atan2, cos, sin } from '../elementary.ts';
import {
  adjoint,
  identity,
  kroneckerFactors,
  type Matrix,
  multiply,
  transpose,
} from './complex-matrix.ts';

/**
 * (left.high ⊗ left.low) · exp(i (x XX + y YY + z ZZ)) · (right.high ⊗ right.low), up to a global
 * phase: what every gate on two qubits is.
 */
export interface CanonicalForm {
  readonly left: { readonly low: Matrix; readonly high: Matrix };
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly right: { readonly low: Matrix; readonly high: Matrix };
}

const R = Math.SQRT1_2;

/** Its columns are Bell states with such phases that local gates become real and XX, … diagonal. */
const MAGIC = Float64Array.of(
  ...[R, 0, 0, 0, 0, 0, 0, R],
  ...[0, 0, 0, R, R, 0, 0, 0],
  ...[0, 0, 0, R, -R, 0, 0, 0],
  ...[R, 0, 0, 0, 0, 0, 0, -R],
);

/** Directions in which the two parts of a symmetric unitary are mixed before diagonalising. */
const MIXTURES = [0.3, 1.1, 1.9, 2.6];

/**
 * The Cartan (KAK) decomposition of a 4×4 unitary.
 *
 * @see Kraus & Cirac (2001), arXiv:quant-ph/0011050; Vatan & Williams (2004),
 *   arXiv:quant-ph/0308006
 */
export function canonicalForm(matrix: Matrix): CanonicalForm {
  const inMagic = multiply(adjoint(MAGIC), multiply(matrix, MAGIC));
  const symmetric = multiply(transpose(inMagic), inMagic);
  const right = simultaneousEigenvectors(symmetric);
  const diagonal = multiply(right, multiply(symmetric, transpose(right)));
  const angles = [0, 1, 2, 3].map((k) => atan2(diagonal[10 * k + 1], diagonal[10 * k]) / 2);
  let left = leftFactor(inMagic, right, angles);
  if (determinant(left) < 0) {
    angles[0] += Math.PI;
    left = leftFactor(inMagic, right, angles);
  }
  const mean = (angles[0] + angles[1] + angles[2] + angles[3]) / 4;
  const [d0, d1, , d3] = angles.map((angle) => angle - mean);
  return {
    left: kroneckerFactors(fromMagic(left)),
    x: (d0 + d1) / 2,
    y: (d1 + d3) / 2,
    z: (d0 + d3) / 2,
    right: kroneckerFactors(fromMagic(right)),
  };
}

function fromMagic(matrix: Matrix): Matrix {
  return multiply(MAGIC, multiply(matrix, adjoint(MAGIC)));
}

/** inMagic · rightᵀ · exp(−i·angles): real and orthogonal. */
function leftFactor(inMagic: Matrix, right: Matrix, angles: readonly number[]): Matrix {
  const phases = new Float64Array(32);
  for (let k = 0; k < 4; k++) {
    phases[10 * k] = cos(angles[k]);
    phases[10 * k + 1] = -sin(angles[k]);
  }
  return multiply(multiply(inMagic, transpose(right)), phases);
}

/**
 * Rows that diagonalise the real and the imaginary part of a symmetric unitary, which commute. A
 * mixture of the two can have equal eigenvalues where they have not, so several are tried.
 */
function simultaneousEigenvectors(symmetric: Matrix): Matrix {
  let best = identity(4);
  let least = Infinity;
  for (const mixture of MIXTURES) {
    const [c, s] = [cos(mixture), sin(mixture)];
    const mixed = new Float64Array(32);
    for (let k = 0; k < 16; k++) mixed[2 * k] = c * symmetric[2 * k] + s * symmetric[2 * k + 1];
    const vectors = jacobi(mixed);
    const rest = offDiagonal(multiply(vectors, multiply(symmetric, transpose(vectors))));
    if (rest < least) {
      least = rest;
      best = vectors;
    }
  }
  if (determinant(best) < 0) for (let k = 0; k < 8; k++) best[k] = -best[k];
  return best;
}

/** Eigenvectors, as rows, of a real symmetric 4×4 matrix by cyclic Jacobi rotations. */
function jacobi(matrix: Matrix): Matrix {
  let vectors = identity(4);
  let rest = matrix;
  // Convergence is quadratic: six sweeps are enough for 4×4, the others cost nothing.
  for (let sweep = 0; sweep < 12 && offDiagonal(rest) > 0; sweep++) {
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        const off = rest[2 * (4 * p + q)];
        if (off === 0) continue;
        const angle = atan2(2 * off, rest[10 * q] - rest[10 * p]) / 2;
        const turn = identity(4);
        turn[10 * p] = turn[10 * q] = cos(angle);
        turn[2 * (4 * q + p)] = sin(angle);
        turn[2 * (4 * p + q)] = -sin(angle);
        rest = multiply(turn, multiply(rest, transpose(turn)));
        vectors = multiply(turn, vectors);
      }
    }
  }
  return vectors;
}

function offDiagonal(matrix: Matrix): number {
  let sum = 0;
  for (let k = 0; k < 16; k++) {
    if (k % 5 !== 0) sum += Math.abs(matrix[2 * k]) + Math.abs(matrix[2 * k + 1]);
  }
  return sum;
}

/** Of the real part, by elimination with pivots. */
function determinant(matrix: Matrix): number {
  const rows = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => matrix[2 * (4 * i + j)]));
  let result = 1;
  for (let k = 0; k < 4; k++) {
    let pivot = k;
    for (let i = k + 1; i < 4; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      result = -result;
    }
    result *= rows[k][k];
    for (let i = k + 1; i < 4; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j < 4; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  return result;
}
