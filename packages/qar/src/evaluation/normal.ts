import { exp } from '@sema/simulator/elementary';

const INVERSE_ROOT_TWO_PI = 0.398_942_280_401_432_7;
/** Where the series hands over to the continued fraction. */
const TAIL = 2;
/** Terms of the fraction: its error at 2 is then below e^−50. */
const FRACTION_TERMS = 100;
/** Beyond it the tail is below the smallest double. */
const FARTHEST = 39;

/**
 * Probability that a standard normal variable is at most `x`. Right to about 1e-14 of its value in
 * both the middle and the lower tail.
 *
 * @see Marsaglia (2004), Evaluating the normal distribution: the series; Abramowitz & Stegun
 *   (1964), 26.2.14: the continued fraction of the tail.
 */
export function normalCdf(x: number): number {
  if (x > TAIL) return 1 - upperTail(x);
  if (x < -TAIL) return upperTail(-x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

/**
 * The `x` below which a standard normal variable lies with probability `p`: −∞ at 0, ∞ at 1, NaN
 * outside. Bisection on the lower tail, to the last bits that `normalCdf` gives.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  // 1 − p is exact from one half on.
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  let low = -FARTHEST;
  let high = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
}

/** 1 − Φ(x) for x > 0, as the density over x + 1/(x + 2/(x + 3/(x + …))). */
function upperTail(x: number): number {
  if (x >= FARTHEST) return 0;
  let fraction = x;
  for (let k = FRACTION_TERMS; k >= 1; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

function density(x: number): number {
  return INVERSE_ROOT_TWO_PI * exp((-x * x) / 2);
}
