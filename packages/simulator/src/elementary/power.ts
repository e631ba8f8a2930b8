import { carry, productError } from './double-double.ts';
import { expPair } from './exponential.ts';
import { logPair } from './logarithm.ts';

/** base^exponent for finite base > 0 and finite exponent. */
function positivePower(base: number, exponent: number): number {
  const logarithm = logPair(base);
  const logarithmLow = carry[0];
  const high = exponent * logarithm;
  if (!(Math.abs(high) > 2.7e-17)) return 1;
  if (high > 710) return Infinity;
  if (high < -746) return 0;
  const low = productError(exponent, logarithm, high) + exponent * logarithmLow;
  return expPair(high, low);
}

/** A power of ±0 or ±Infinity, told apart by `grows`: whether the magnitude is Infinity. */
function degenerate(base: number, exponent: number, grows: boolean): number {
  const magnitude = grows ? Infinity : 0;
  const negative = base < 0 || Object.is(base, -0);
  return negative && Math.abs(exponent % 2) === 1 ? -magnitude : magnitude;
}

/**
 * base^exponent with the special values of ECMAScript's Math.pow. Whenever the result is a double,
 * as for small integers, it is exact.
 */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (base !== base || exponent !== exponent) return NaN;
  const magnitude = Math.abs(base);
  if (Math.abs(exponent) === Infinity) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === exponent > 0 ? Infinity : 0;
  }
  if (magnitude === 0) return degenerate(base, exponent, exponent < 0);
  if (magnitude === Infinity) return degenerate(base, exponent, exponent > 0);
  if (base > 0) return positivePower(base, exponent);
  if (Math.floor(exponent) !== exponent) return NaN;
  const result = positivePower(magnitude, exponent);
  return Math.abs(exponent % 2) === 1 ? -result : result;
}
