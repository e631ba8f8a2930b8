import { cos, sin } from '@sema/simulator/elementary';
import { LearningError } from './errors.ts';
import { requireLength } from './validation.ts';

/**
 * A rotation of a real unit vector ψ in the plane that ψ spans with `axis`. It turns ψ into
 * cos(angle)·ψ + sin(angle)·axis and leaves everything perpendicular to the plane alone.
 */
export interface PlaneRotation {
  /** Radians, in [0, π/2]. */
  readonly angle: number;
  /** Unit vector perpendicular to ψ; all zeros when ψ stays where it is and no plane is meant. */
  readonly axis: Float64Array;
}

/** Largest dimension of which a dense matrix is written out: 256 × 256 complex numbers, 1 MiB. */
const MAX_MATRIX_DIMENSION = 256;

/**
 * ψ ← cos(angle)·ψ + sin(angle)·axis. O(d).
 *
 * @param amplitudes - the unit vector ψ for which the rotation was made.
 * @param into - receives the d numbers; a new array when absent.
 * @throws {LearningError} `LENGTH_MISMATCH`
 */
export function applyRotation(
  amplitudes: ArrayLike<number>,
  { angle, axis }: PlaneRotation,
  into: Float64Array = new Float64Array(axis.length),
): Float64Array {
  requireLength(amplitudes, 'amplitudes', axis.length);
  const along = cos(angle);
  const across = sin(angle);
  for (let i = 0; i < axis.length; i += 1) into[i] = along * amplitudes[i] + across * axis[i];
  return into;
}

/**
 * The Hermitian generator G = i·angle·(|axis⟩⟨ψ| − |ψ⟩⟨axis|) with e^{−iG}ψ the rotated vector.
 * Its diagonal is exactly zero, so it is traceless, and its entries are purely imaginary. O(d²).
 *
 * @param amplitudes - the unit vector ψ for which the rotation was made, at most 256 entries.
 * @returns d × d complex numbers, row-major, interleaved re/im.
 * @throws {LearningError} `LENGTH_MISMATCH`, `TOO_LARGE`
 */
export function rotationGenerator(
  amplitudes: ArrayLike<number>,
  { angle, axis }: PlaneRotation,
): Float64Array {
  const dimension = matrixDimension(amplitudes, axis);
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let row = 0; row < dimension; row += 1) {
    // Written once and mirrored with the opposite sign, so that G is Hermitian to the last bit.
    for (let column = 0; column < row; column += 1) {
      const entry = angle * (axis[row] * amplitudes[column] - amplitudes[row] * axis[column]);
      matrix[2 * (row * dimension + column) + 1] = entry;
      matrix[2 * (column * dimension + row) + 1] = -entry;
    }
  }
  return matrix;
}

/**
 * The unitary e^{−iG} of the rotation in closed form: a real orthogonal matrix,
 * 1 + (cos θ − 1)(|ψ⟩⟨ψ| + |axis⟩⟨axis|) + sin θ (|axis⟩⟨ψ| − |ψ⟩⟨axis|). O(d²).
 *
 * @param amplitudes - the unit vector ψ for which the rotation was made, at most 256 entries.
 * @returns d × d complex numbers, row-major, interleaved re/im, as `Circuit.unitary` takes them.
 * @throws {LearningError} `LENGTH_MISMATCH`, `TOO_LARGE`
 */
export function rotationUnitary(
  amplitudes: ArrayLike<number>,
  { angle, axis }: PlaneRotation,
): Float64Array {
  const dimension = matrixDimension(amplitudes, axis);
  const matrix = new Float64Array(2 * dimension * dimension);
  const across = sin(angle);
  const half = sin(angle / 2);
  // cos θ − 1 without the cancellation that would cost half the digits at small angles.
  const shrink = -2 * half * half;
  for (let row = 0; row < dimension; row += 1) {
    for (let column = 0; column < dimension; column += 1) {
      const symmetric = amplitudes[row] * amplitudes[column] + axis[row] * axis[column];
      const skew = axis[row] * amplitudes[column] - amplitudes[row] * axis[column];
      const entry = (row === column ? 1 : 0) + shrink * symmetric + across * skew;
      matrix[2 * (row * dimension + column)] = entry;
    }
  }
  return matrix;
}

/** Divides a vector by its length, and returns the length; the null vector stays as it is. */
export function scaleToUnit(vector: Float64Array): number {
  let longest = 0;
  for (let i = 0; i < vector.length; i += 1) longest = Math.max(longest, Math.abs(vector[i]));
  if (longest === 0) return 0;
  // Scaled by the longest entry first, so that no square underflows.
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    vector[i] /= longest;
    squares += vector[i] * vector[i];
  }
  const scaledLength = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] /= scaledLength;
  return longest * scaledLength;
}

function matrixDimension(amplitudes: ArrayLike<number>, axis: Float64Array): number {
  requireLength(amplitudes, 'amplitudes', axis.length);
  if (axis.length > MAX_MATRIX_DIMENSION) {
    throw new LearningError(
      'TOO_LARGE',
      `a matrix over ${axis.length} states is above the limit of ${MAX_MATRIX_DIMENSION}`,
    );
  }
  return axis.length;
}
