import { exp, log } from '@sema/simulator/elementary';
import { solveCholesky } from '../solve-cholesky.ts';

/** Strict bounds of a parameter, and where to start between them. */
export interface Bounded {
  readonly from: number;
  readonly to: number;
  readonly start: number;
}

export interface LeastSquares {
  readonly values: Float64Array;
  /** Σ r². */
  readonly sumOfSquares: number;
}

const MOST_STEPS = 60;
const DIFFERENCE = 1e-5;
const SMALLEST_GAIN = 1e-9;
const LARGEST_DAMPING = 1e12;

/**
 * Levenberg–Marquardt with a Jacobian of forward differences: a local minimum of Σ r², the same for
 * the same input. A parameter between bounds is a logistic curve of what is moved. Ends when a step
 * gains less than 1e-9 of the sum, or after 60 steps.
 *
 * @param residuals - writes r for given values.
 * @param count - how many residuals there are.
 * @see Marquardt (1963); Moré (1978), "The Levenberg-Marquardt algorithm"
 */
export function leastSquares(
  residuals: (values: Float64Array, into: Float64Array) => void,
  count: number,
  parameters: readonly Bounded[],
): LeastSquares {
  let free = Float64Array.from(parameters, ({ from, to, start }) =>
    log((start - from) / (to - start)),
  );
  let current = new Float64Array(count);
  let trial = new Float64Array(count);
  residuals(bounded(free, parameters), current);
  let sum = sumOfSquares(current);
  let damping = 1e-3;
  for (let step = 0; step < MOST_STEPS && damping < LARGEST_DAMPING; step += 1) {
    const { normal, slope } = linearise(residuals, free, parameters, current);
    let gain = 0;
    while (gain <= 0 && damping < LARGEST_DAMPING) {
      const moved = dampedStep(normal, slope, damping, free);
      residuals(bounded(moved, parameters), trial);
      const next = sumOfSquares(trial);
      gain = sum - next;
      if (gain > 0) {
        [current, trial] = [trial, current];
        [free, sum] = [moved, next];
        damping /= 10;
      } else {
        damping *= 10;
      }
    }
    if (gain < SMALLEST_GAIN * sum) break;
  }
  return { values: bounded(free, parameters), sumOfSquares: sum };
}

function bounded(free: Float64Array, parameters: readonly Bounded[]): Float64Array {
  return free.map((u, k) => {
    const { from, to } = parameters[k];
    return from + (to - from) / (1 + exp(-u));
  });
}

/** JᵀJ, its lower triangle, row-major, and −Jᵀr. */
function linearise(
  residuals: (values: Float64Array, into: Float64Array) => void,
  free: Float64Array,
  parameters: readonly Bounded[],
  current: Float64Array,
): { normal: Float64Array; slope: Float64Array } {
  const size = free.length;
  const columns = parameters.map((_, k) => {
    const shifted = free.slice();
    shifted[k] += DIFFERENCE;
    const column = new Float64Array(current.length);
    residuals(bounded(shifted, parameters), column);
    for (let i = 0; i < column.length; i += 1) column[i] = (column[i] - current[i]) / DIFFERENCE;
    return column;
  });
  const normal = new Float64Array(size * size);
  const slope = new Float64Array(size);
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k <= j; k += 1) normal[j * size + k] = dot(columns[j], columns[k]);
    slope[j] = -dot(columns[j], current);
  }
  return { normal, slope };
}

function dampedStep(
  normal: Float64Array,
  slope: Float64Array,
  damping: number,
  free: Float64Array,
): Float64Array<ArrayBuffer> {
  const size = free.length;
  const matrix = normal.slice();
  // The summand keeps a parameter that changes nothing where it is.
  for (let k = 0; k < size; k += 1) matrix[k * size + k] += damping * matrix[k * size + k] + 1e-12;
  const move = slope.slice();
  solveCholesky(matrix, move);
  return Float64Array.from(free, (u, k) => u + move[k]);
}

function sumOfSquares(values: Float64Array): number {
  return dot(values, values);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
