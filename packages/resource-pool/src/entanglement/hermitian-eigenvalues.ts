/** A Hermitian matrix, row-major, real and imaginary parts apart. */
export interface HermitianMatrix {
  readonly dimension: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Quadratic convergence needs 5 to 8 sweeps at the sizes used here. */
const MAX_SWEEPS = 40;

/**
 * The eigenvalues, in no order, by cyclic Jacobi rotations on a copy. O(dimension³) a sweep.
 *
 * @see Golub & Van Loan (2013), §8.5
 */
export function hermitianEigenvalues(matrix: HermitianMatrix): Float64Array {
  const { dimension: n } = matrix;
  const re = matrix.real.slice();
  const im = matrix.imaginary.slice();
  let norm = 0;
  for (let i = 0; i < n * n; i++) norm += re[i] * re[i] + im[i] * im[i];
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        off += re[p * n + q] * re[p * n + q] + im[p * n + q] * im[p * n + q];
      }
    }
    // What is left moves no eigenvalue by more than √off.
    if (off <= 1e-34 * norm) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(re, im, n, p, q);
  }
  return Float64Array.from({ length: n }, (_, i) => re[i * n + i]);
}

/** A ↦ J†AJ with the rotation J of rows p and q that makes the entry (p, q) zero. */
function rotate(re: Float64Array, im: Float64Array, n: number, p: number, q: number): void {
  const x = re[p * n + q];
  const y = im[p * n + q];
  const size = Math.sqrt(x * x + y * y);
  if (size === 0) return;
  const theta = (re[q * n + q] - re[p * n + p]) / (2 * size);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  // e^{iφ} of the entry, which the rotation carries so that the rest is as in the real case.
  const pr = x / size;
  const pi = y / size;
  for (let k = 0; k < n; k++) {
    const a = k * n + p;
    const b = k * n + q;
    // Column q is first multiplied by e^{−iφ}; row q, below, by e^{iφ}.
    const qr = re[b] * pr + im[b] * pi;
    const qi = im[b] * pr - re[b] * pi;
    const ar = re[a];
    const ai = im[a];
    re[a] = c * ar - s * qr;
    im[a] = c * ai - s * qi;
    re[b] = s * ar + c * qr;
    im[b] = s * ai + c * qi;
  }
  for (let k = 0; k < n; k++) {
    const a = p * n + k;
    const b = q * n + k;
    const qr = re[b] * pr - im[b] * pi;
    const qi = im[b] * pr + re[b] * pi;
    const ar = re[a];
    const ai = im[a];
    re[a] = c * ar - s * qr;
    im[a] = c * ai - s * qi;
    re[b] = s * ar + c * qr;
    im[b] = s * ai + c * qi;
  }
}
