import { atan2 } from '../elementary.ts';
import type { Matrix } from './complex-matrix.ts';

/** U(θ, φ, λ) = P(φ) Ry(θ) P(λ) is the gate up to a global phase. */
export interface EulerAngles {
  /** In [0, π]. */
  readonly theta: number;
  readonly phi: number;
  readonly lambda: number;
}

/** Smaller than any angle that matters and larger than the rounding of a few hundred gates. */
const NEGLIGIBLE = 1e-12;

/** The Euler angles of a 2×2 unitary; a diagonal one has θ = φ = 0. */
export function eulerAngles(m: Matrix): EulerAngles {
  const cosine = Math.sqrt(m[0] * m[0] + m[1] * m[1]);
  const sine = Math.sqrt(m[4] * m[4] + m[5] * m[5]);
  if (sine < NEGLIGIBLE) {
    return { theta: 0, phi: 0, lambda: argument(m, 3) - argument(m, 0) };
  }
  if (cosine < NEGLIGIBLE) {
    // −e^(iλ) and e^(iφ) stand in the corners: only their ratio counts.
    return { theta: Math.PI, phi: argument(m, 2) - argument(m, 1) + Math.PI, lambda: 0 };
  }
  const phase = argument(m, 0);
  const lambda = argument(m, 1) + Math.PI - phase;
  return { theta: 2 * atan2(sine, cosine), phi: argument(m, 2) - phase, lambda };
}

function argument(matrix: Matrix, entry: number): number {
  return atan2(matrix[2 * entry + 1], matrix[2 * entry]);
}
