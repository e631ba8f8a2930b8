/**
 * Doubles as bits, and products and sums with their rounding errors. A value wanted beyond 53 bits
 * is an unevaluated sum high + low; a function that has two results returns the high part and
 * leaves the low part in `carry[0]`, to be read before anything else is called. That way no call
 * allocates.
 */
export const carry = new Float64Array(2);

/** One double, and its two halves; HIGH is the index of the upper one. */
const bytes = new ArrayBuffer(8);
export const double = new Float64Array(bytes);
export const words = new Int32Array(bytes);
export const HIGH = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** 1.5 · 2^52: adding and subtracting it rounds a double below 2^51 to an integer, ties to even. */
const TO_INTEGER = 6755399441055744;
/** 2^27 + 1: cuts a double into two halves whose products are exact. */
export const SPLITTER = 134217729;

/** The upper 32 bits: sign, exponent, first 20 bits of the fraction. */
export function highWord(value: number): number {
  double[0] = value;
  return words[HIGH];
}

/** `value` with its upper 32 bits replaced. */
export function withHighWord(value: number, high: number): number {
  double[0] = value;
  words[HIGH] = high;
  return double[0];
}

/** 2^exponent for exponents in [−1022, 1023]. */
function powerOfTwo(exponent: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (exponent + 1023) << 20;
  return double[0];
}

/** value · 2^exponent, rounded once, for 0.5 ≤ value ≤ 4 and exponents in [−1100, 1100]. */
export function scale(value: number, exponent: number): number {
  if (exponent >= -1020 && exponent <= 1020) return value * powerOfTwo(exponent);
  const first = exponent > 0 ? 1000 : -1000;
  return value * powerOfTwo(first) * powerOfTwo(exponent - first);
}

/** The nearest integer, ties to even, for |value| < 2^51. */
export function nearestInteger(value: number): number {
  return value + TO_INTEGER - TO_INTEGER;
}

/**
 * a·b − product exactly, where `product` is the rounded a·b. Needs 2^-480 < |a|, |b|, |ab| < 2^980
 * for exactness; below it loses only what is far under the rounding error of the product.
 *
 * @see Dekker (1971), A floating-point technique for extending the available precision
 */
export function productError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/**
 * a + b − sum exactly, where `sum` is the rounded a + b.
 *
 * @see Knuth, The Art of Computer Programming 2, §4.2.2
 */
export function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a;
  return a - (sum - bPart) + (b - bPart);
}

/** (a + aLow) / (b + bLow) as quotient plus carry; the relative error is near 2^-100. */
export function divide(a: number, aLow: number, b: number, bLow: number): number {
  const guess = a / b;
  const product = guess * b;
  const rest = a - product - productError(guess, b, product) + (aLow - guess * bLow);
  const low = rest / b;
  const high = guess + low;
  carry[0] = guess - high + low;
  return high;
}
