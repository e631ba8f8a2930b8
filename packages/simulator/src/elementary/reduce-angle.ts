import { carry, nearestInteger, productError, sumError } from './double-double.ts';
import {
  HALF_PI_HIGH,
  HALF_PI_LAST,
  HALF_PI_LOW,
  HALF_PI_MIDDLE,
  PI_HIGH,
  PI_LOW,
  TWO_OVER_PI_BITS,
} from './tables.generated.ts';

const TWO_OVER_PI = 0.6366197723675814;
/**
 * Up to here the multiple of π/2 stays below 2^20, and its products with the parts of π/2 are
 * exact.
 */
const SHORT = 1048576;
const FRACTION_BITS = 192n;
const ONE = 1n << FRACTION_BITS;
const TWO_TO_MINUS_192 = 1.5930919111324523e-58;

/**
 * Writes x as q·π/2 + r with |r| ≤ π/4 + tiny: returns q mod 4 and leaves r in carry[0] and
 * carry[1]. For finite x > 0, with a relative error of r below 2^-66, though r can cancel to 2^-62.
 *
 * @see Cody & Waite (1980), Software Manual for the Elementary Functions
 */
export function reduceAngle(x: number): number {
  if (x > SHORT) return reduceLongAngle(x);
  const n = nearestInteger(x * TWO_OVER_PI);
  const first = x - n * HALF_PI_HIGH;
  const second = n * HALF_PI_MIDDLE;
  const third = n * HALF_PI_LOW;
  const a = first - second;
  const b = a - third;
  const low = sumError(first, -second, a) + (sumError(a, -third, b) - n * HALF_PI_LAST);
  const high = b + low;
  carry[0] = high;
  carry[1] = b - high + low;
  return n & 3;
}

/**
 * The same for large x, in integers: x·2/π modulo 4 from the first 1200 bits of 2/π, kept to 192
 * bits after the point. Allocates; angles beyond 2^20 are not on a hot path.
 *
 * @see Payne & Hanek (1983), Radian reduction for trigonometric functions
 */
function reduceLongAngle(x: number): number {
  // Doubles above 2^20 have at most 32 bits after the point, above 2^53 none.
  const pointBits = x < 9007199254740992 ? 32 : 0;
  const digits = BigInt(pointBits === 0 ? x : x * 4294967296);
  const surplus = BigInt(1200 + pointBits) - FRACTION_BITS;
  const turns = ((digits * TWO_OVER_PI_BITS) >> surplus) & (4n * ONE - 1n);
  const quadrant = (turns + ONE / 2n) >> FRACTION_BITS;
  const fraction = turns - quadrant * ONE;
  const leading = Number(fraction);
  const high = leading * TWO_TO_MINUS_192;
  const low = Number(fraction - BigInt(leading)) * TWO_TO_MINUS_192;
  const product = high * (PI_HIGH / 2);
  const error = productError(high, PI_HIGH / 2, product);
  carry[0] = product;
  carry[1] = error + (high * (PI_LOW / 2) + low * (PI_HIGH / 2));
  return Number(quadrant & 3n);
}
