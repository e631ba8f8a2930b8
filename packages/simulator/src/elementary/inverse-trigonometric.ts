import { carry, divide, productError, sumError } from './double-double.ts';
import { ATAN_TABLE, PI_HIGH, PI_LOW } from './tables.generated.ts';

const HALF_PI = PI_HIGH / 2;
const HALF_PI_LOW = PI_LOW / 2;
/** Beyond this ratio of the sides an angle is its first-order value. */
const NEGLIGIBLE = 1e-9;
const TWO_600 = 4.149515568880993e180;
const TWO_MINUS_600 = 2.409919865102884e-181;

/** (atan t − t)/t³ for |t| ≤ 1/128 + tiny and z = t², by the Taylor series. */
function shortTail(z: number): number {
  return -1 / 3 + z * (1 / 5 + z * (-1 / 7 + z * (1 / 9)));
}

/** (atan t − t)/t³ for |t| ≤ 1/8 and z = t², by the Taylor series. */
function longTail(z: number): number {
  const w = z * z;
  const odd = -1 / 3 + w * (-1 / 7 + w * (-1 / 11 + w * (-1 / 15 + w * (-1 / 19))));
  const even = 1 / 5 + w * (1 / 9 + w * (1 / 13 + w * (1 / 17)));
  return odd + z * even;
}

/**
 * atan(t + tLow) as high part plus carry, for 0 ≤ t ≤ 1. From 1/8 on, the table has the arctangent
 * of a neighbour c = j/64 and the series that of the angle between: (t − c)/(1 + tc).
 */
function arctangent(t: number, tLow: number): number {
  if (t < 0.125) {
    const z = t * t;
    const rest = t * z * longTail(z) + tLow * (1 - z);
    const high = t + rest;
    carry[0] = t - high + rest;
    return high;
  }
  const row = (t * 64 + 0.5) | 0;
  const c = row / 64;
  const between = (t - c + tLow) / (1 + t * c);
  const z = between * between;
  const base = ATAN_TABLE[2 * row];
  const rest = between * z * shortTail(z) + ATAN_TABLE[2 * row + 1];
  const sum = base + between;
  const low = base - sum + between + rest;
  const high = sum + low;
  carry[0] = sum - high + low;
  return high;
}

/**
 * The angle in [0, π] of the point (x + xLow, y + yLow) with y ≥ 0, neither far from 1 nor both 0.
 */
function angleOf(y: number, yLow: number, x: number, xLow: number): number {
  const width = Math.abs(x);
  const widthLow = x < 0 ? -xLow : xLow;
  const steep = y > width;
  const ratio = steep ? divide(width, widthLow, y, yLow) : divide(y, yLow, width, widthLow);
  const high = arctangent(ratio, carry[0]);
  const low = carry[0];
  if (!steep && x > 0) return high + low;
  // π − a, π/2 − a or π/2 + a
  const base = steep ? HALF_PI : PI_HIGH;
  const baseLow = steep ? HALF_PI_LOW : PI_LOW;
  const sign = steep && x < 0 ? 1 : -1;
  const sum = base + sign * high;
  return sum + (sumError(base, sign * high, sum) + (baseLow + sign * low));
}

/** Arc tangent in [−π/2, π/2]. */
export function atan(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < NEGLIGIBLE || magnitude !== magnitude) return x;
  let angle = HALF_PI;
  if (magnitude <= 1) angle = arctangent(magnitude, 0) + carry[0];
  else if (magnitude < 1e18) angle = angleOf(magnitude, 0, 1, 0);
  return x < 0 ? -angle : angle;
}

/** The angle of finite y > 0 and finite x ≠ 0, brought to a scale where products are exact. */
function scaledAngle(y: number, x: number): number {
  const width = Math.abs(x);
  if (y < width * NEGLIGIBLE && x > 0) return y / x;
  if (y < width * 1e-20) return PI_HIGH;
  if (width < y * 1e-20) return HALF_PI;
  const larger = Math.max(y, width);
  if (larger > 1e150) return angleOf(y * TWO_MINUS_600, 0, x * TWO_MINUS_600, 0);
  if (larger < 1e-100) return angleOf(y * TWO_600, 0, x * TWO_600, 0);
  return angleOf(y, 0, x, 0);
}

/** The angle in [0, π] of the point (x, y) with y ≥ 0, infinities and zeros included. */
function upperAngle(y: number, x: number): number {
  const straight = x < 0 || Object.is(x, -0) ? PI_HIGH : 0;
  if (y === 0) return straight;
  if (x === 0) return HALF_PI;
  if (Math.abs(x) === Infinity) {
    // PI_HIGH/4 and 3·PI_HIGH/4 are the doubles nearest to π/4 and 3π/4.
    return y < Infinity ? straight : Math.abs(straight - PI_HIGH / 4);
  }
  return y < Infinity ? scaledAngle(y, x) : HALF_PI;
}

/** The angle of the point (x, y) in [−π, π], with the special values of ECMAScript's Math.atan2. */
export function atan2(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const angle = upperAngle(Math.abs(y), x);
  return y < 0 || Object.is(y, -0) ? -angle : angle;
}

/** √(1 − x²) as high part plus carry, for |x| < 1. */
function complement(x: number): number {
  const square = x * x;
  const difference = 1 - square;
  const low = sumError(1, -square, difference) - productError(x, x, square);
  const high = difference + low;
  const root = Math.sqrt(high);
  const rootSquare = root * root;
  const rest = high - rootSquare - productError(root, root, rootSquare);
  carry[0] = (rest + (difference - high + low)) / (2 * root);
  return root;
}

/** Arc sine in [−π/2, π/2]; NaN outside [−1, 1]. */
export function asin(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < NEGLIGIBLE) return x;
  if (magnitude >= 1) return magnitude === 1 ? x * HALF_PI : NaN;
  const side = complement(magnitude);
  const angle = angleOf(magnitude, 0, side, carry[0]);
  return x < 0 ? -angle : angle;
}

/** Arc cosine in [0, π]; NaN outside [−1, 1]. */
export function acos(x: number): number {
  if (!(Math.abs(x) < 1)) {
    if (x === 1) return 0;
    return x === -1 ? PI_HIGH : NaN;
  }
  const side = complement(x);
  return angleOf(side, carry[0], x, 0);
}
