import { carry, divide, nearestInteger, productError, scale, sumError } from './double-double.ts';
import { EXP2_TABLE, LN2_OVER_64_HIGH, LN2_OVER_64_LOW } from './tables.generated.ts';

const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019412;
const STEPS_PER_UNIT = 64 * 1.4426950408889634;

/** exp(r) − 1 − r for |r| < (ln 2)/128 + tiny, by the Taylor series. */
function expTail(r: number): number {
  const square = r * r;
  return square * (1 / 2 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120) + square * (1 / 720)));
}

/**
 * exp(x + xLow) for |x| ≤ 746 and |xLow| far below |x|, rounded once save for subnormal results.
 *
 * x = n·(ln 2)/64 + r: the power 2^(n/64) comes from a table and a power of two, exp r from a
 * series.
 */
export function expPair(x: number, xLow: number): number {
  const n = nearestInteger(x * STEPS_PER_UNIT);
  const r = x - n * LN2_OVER_64_HIGH - (n * LN2_OVER_64_LOW - xLow);
  const row = 2 * (n & 63);
  const power = EXP2_TABLE[row];
  const powerLow = EXP2_TABLE[row + 1];
  return scale(power + (powerLow + power * (r + expTail(r))), n >> 6);
}

/** e^x; Infinity above 709.78, 0 below −745.13. */
export function exp(x: number): number {
  if (x <= LARGEST && x >= SMALLEST) return expPair(x, 0);
  if (x > LARGEST) return Infinity;
  return x < SMALLEST ? 0 : NaN;
}

/** exp(x) − 1 as high part plus carry, for −50 < x < 700. */
function expm1Pair(x: number): number {
  const n = nearestInteger(x * STEPS_PER_UNIT);
  const exactPart = x - n * LN2_OVER_64_HIGH;
  const shift = n * LN2_OVER_64_LOW;
  const r = exactPart - shift;
  const tail = exactPart - r - shift + expTail(r);
  const growth = r + tail;
  const growthLow = r - growth + tail;
  const row = 2 * (n & 63);
  const power = EXP2_TABLE[row];
  const powerLow = EXP2_TABLE[row + 1];
  const product = power * growth;
  const sum = power + product;
  const low = productError(power, growth, product) + power * growthLow + powerLow;
  const high = scale(sum, n >> 6);
  const rest = scale(1, n >> 6) * (power - sum + product + low);
  const result = high - 1;
  const total = rest + sumError(high, -1, result);
  const rounded = result + total;
  carry[0] = result - rounded + total;
  return rounded;
}

/** e^x − 1, accurate also near 0. */
export function expm1(x: number): number {
  if (Math.abs(x) < 5.5e-17) return x;
  if (x < -50) return -1;
  return x < 700 ? expm1Pair(x) : exp(x);
}

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 1e-9) return x;
  if (magnitude > 22) return x < 0 ? -1 : 1;
  // tanh x = m/(m + 2) with m = exp(2x) − 1
  const high = expm1Pair(2 * magnitude);
  const low = carry[0];
  const sum = high + 2;
  const result = divide(high, low, sum, sumError(high, 2, sum) + low);
  return x < 0 ? -result : result;
}
