import type { DensityMatrix } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import { hermitianEigenvalues } from './hermitian-eigenvalues.ts';

/** σy ⊗ σy is antidiagonal with these entries. */
const SPIN_FLIP = [-1, 1, 1, -1] as const;

/**
 * The concurrence of two qubits, in [0, 1]: max(0, λ₁ − λ₂ − λ₃ − λ₄), where the λ are the
 * singular values of Lᵀ(σy ⊗ σy)L for any L with LL† = ρ. To about 1e-8, since squares of the λ
 * are computed.
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS` unless ρ is of two qubits
 * @see Wootters (1998), Phys. Rev. Lett. 80, 2245
 */
export function concurrence(rho: DensityMatrix): number {
  if (rho.qubits !== 2) {
    throw new ResourcePoolError('INVALID_QUBITS', `concurrence is of 2 qubits, not ${rho.qubits}`);
  }
  const { real: lr, imaginary: li } = squareRoot(rho);
  const tr = new Float64Array(16);
  const ti = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      for (let k = 0; k < 4; k++) {
        const a = 4 * k + i;
        const b = 4 * (3 - k) + j;
        tr[4 * i + j] += SPIN_FLIP[k] * (lr[a] * lr[b] - li[a] * li[b]);
        ti[4 * i + j] += SPIN_FLIP[k] * (lr[a] * li[b] + li[a] * lr[b]);
      }
    }
  }
  const squares = hermitianEigenvalues(timesAdjoint(tr, ti));
  const lambda = Array.from(squares, (square) => Math.sqrt(Math.max(0, square)));
  lambda.sort((x, y) => y - x);
  return Math.min(1, Math.max(0, lambda[0] - lambda[1] - lambda[2] - lambda[3]));
}

/** T T†. */
function timesAdjoint(tr: Float64Array, ti: Float64Array) {
  const real = new Float64Array(16);
  const imaginary = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      for (let k = 0; k < 4; k++) {
        const a = 4 * i + k;
        const b = 4 * j + k;
        real[4 * i + j] += tr[a] * tr[b] + ti[a] * ti[b];
        imaginary[4 * i + j] += ti[a] * tr[b] - tr[a] * ti[b];
      }
    }
  }
  return { dimension: 4, real, imaginary };
}

/** L with LL† = ρ, by Cholesky's method with pivots, which stops where ρ has no rank left. */
function squareRoot(rho: DensityMatrix): { real: Float64Array; imaginary: Float64Array } {
  const re = rho.real.slice();
  const im = rho.imaginary.slice();
  const real = new Float64Array(16);
  const imaginary = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    let pivot = 0;
    for (let row = 1; row < 4; row++) if (re[5 * row] > re[5 * pivot]) pivot = row;
    const weight = re[5 * pivot];
    if (!(weight > 1e-17)) break;
    const scale = 1 / Math.sqrt(weight);
    for (let row = 0; row < 4; row++) {
      real[4 * row + column] = re[4 * row + pivot] * scale;
      imaginary[4 * row + column] = im[4 * row + pivot] * scale;
    }
    for (let row = 0; row < 4; row++) {
      for (let other = 0; other < 4; other++) {
        const a = 4 * row + column;
        const b = 4 * other + column;
        re[4 * row + other] -= real[a] * real[b] + imaginary[a] * imaginary[b];
        im[4 * row + other] -= imaginary[a] * real[b] - real[a] * imaginary[b];
      }
    }
  }
  return { real, imaginary };
}
