/** Jacobi's method converges quadratically: 5 to 10 sweeps do for any matrix met in practice. */
const MAX_SWEEPS = 60;
/** An entry beside a largest of 1 that moves no eigenvalue by more than a part of its rounding. */
const NEGLIGIBLE = 1e-19;

/** A real symmetric matrix taken apart: A = V diag(values) Vᵀ. */
export interface Spectrum {
  /** In no order. */
  readonly values: Float64Array;
  /** V, row-major: column k belongs to values[k]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix by cyclic Jacobi rotations, in a fixed
 * order of plain arithmetic: the same bits everywhere. O(d³) a sweep. Reads the upper triangle.
 *
 * @param matrix - row-major, d² finite numbers; not changed.
 * @see Golub & Van Loan (2013), Matrix Computations, §8.5
 */
export function symmetricSpectrum(matrix: Float64Array, dimension: number): Spectrum {
  const a = matrix.slice();
  let scale = 0;
  for (const x of a) scale = Math.max(scale, Math.abs(x));
  if (scale === 0) scale = 1;
  for (let i = 0; i < a.length; i += 1) a[i] /= scale;
  const vectors = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i += 1) vectors[i * (dimension + 1)] = 1;
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep += 1) {
    rotated = false;
    for (let p = 0; p < dimension; p += 1) {
      for (let q = p + 1; q < dimension; q += 1) {
        if (rotate(a, vectors, dimension, p, q)) rotated = true;
      }
    }
  }
  const values = Float64Array.from({ length: dimension }, (_, i) => scale * a[i * (dimension + 1)]);
  return { values, vectors };
}

/** Makes entry (p, q) zero by a rotation of the coordinates p and q; false if it already is. */
function rotate(
  a: Float64Array,
  vectors: Float64Array,
  dimension: number,
  p: number,
  q: number,
): boolean {
  const at = p * dimension + q;
  const off = a[at];
  if (!(Math.abs(off) > NEGLIGIBLE)) return false;
  const pp = p * (dimension + 1);
  const qq = q * (dimension + 1);
  const tau = (a[qq] - a[pp]) / (2 * off);
  const tangent = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + tangent * tangent);
  const s = tangent * c;
  a[pp] -= tangent * off;
  a[qq] += tangent * off;
  a[at] = a[q * dimension + p] = 0;
  for (let k = 0; k < dimension; k += 1) {
    const row = k * dimension;
    if (k !== p && k !== q) {
      const x = a[row + p];
      const y = a[row + q];
      a[row + p] = a[p * dimension + k] = c * x - s * y;
      a[row + q] = a[q * dimension + k] = s * x + c * y;
    }
    const u = vectors[row + p];
    const v = vectors[row + q];
    vectors[row + p] = c * u - s * v;
    vectors[row + q] = s * u + c * v;
  }
  return true;
}
