import { carry, highWord, productError, SPLITTER, withHighWord } from './double-double.ts';
import {
  INVERSE_LN2_HIGH,
  INVERSE_LN2_LOW,
  LN2_HIGH,
  LN2_LOW,
  LOG_TABLE,
} from './tables.generated.ts';

const TWO_54 = 18014398509481984;
const SQRT_HALF_WORD = 0x3fe6a09e;
/** Below this |x| the series for log(1 + x) needs no table. */
const DIRECT = 1 / 512;

/**
 * base + log(1 + r), both as high and low part, for |r| < 2^-8; the Taylor series with its first
 * two terms exact. Either base = 0 or |base| > |r|. Relative error below 2^-68.
 */
function logSeries(base: number, baseLow: number, r: number, rLow: number): number {
  const square = r * r;
  const half = 0.5 * square;
  const odd = 1 / 3 + square * (1 / 5 + square * (1 / 7));
  const even = 1 / 4 + square * (1 / 6 + square * (1 / 8));
  const tail = r * square * (odd - r * even);
  const first = base + r;
  const second = first - half;
  const low =
    base -
    first +
    r +
    (first - second - half) +
    (tail - 0.5 * productError(r, r, square) + (rLow - r * rLow) + baseLow);
  const high = second + low;
  carry[0] = second - high + low;
  return high;
}

/**
 * log x as high part plus carry for finite x > 0, relative error below 2^-67.
 *
 * x = 2^k·z with z in [√½, √2); a short reciprocal c of z comes from a table, so that
 * log x = k·ln 2 − log c + log(1 + r) with r = cz − 1 found without error.
 */
export function logPair(x: number): number {
  const tiny = x < 2.2250738585072014e-308;
  const normal = tiny ? x * TWO_54 : x;
  const offset = highWord(normal) - SQRT_HALF_WORD;
  const k = (offset >> 20) - (tiny ? 54 : 0);
  const z = withHighWord(normal, (offset & 0xfffff) + SQRT_HALF_WORD);
  const row = 3 * (((z * 256 + 0.5) | 0) - 181);
  const reciprocal = LOG_TABLE[row];
  // Halves of z: their products with the short reciprocal are exact.
  const scaled = SPLITTER * z;
  const upper = scaled - (scaled - z);
  const upperPart = upper * reciprocal - 1;
  const lowerPart = (z - upper) * reciprocal;
  const r = upperPart + lowerPart;
  const part = r - upperPart;
  const rLow = upperPart - (r - part) + (lowerPart - part);
  const base = k * LN2_HIGH + LOG_TABLE[row + 1];
  const baseLow = k * LN2_LOW + LOG_TABLE[row + 2];
  return logSeries(base, baseLow, r, rLow);
}

/** Natural logarithm; NaN below 0, −Infinity at ±0. */
export function log(x: number): number {
  if (x > 0 && x < Infinity) return logPair(x);
  if (x === 0) return -Infinity;
  return x === Infinity ? Infinity : NaN;
}

/** Base-2 logarithm, exact at powers of two; NaN below 0, −Infinity at ±0. */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return log(x);
  const high = logPair(x);
  const low = carry[0];
  const product = high * INVERSE_LN2_HIGH;
  const error = productError(high, INVERSE_LN2_HIGH, product);
  return product + (error + (high * INVERSE_LN2_LOW + low * INVERSE_LN2_HIGH));
}

/** log(1 + x), accurate also near 0; NaN below −1, −Infinity at −1. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return log(1 + x);
  if (Math.abs(x) < DIRECT) {
    // Half an ulp of x covers the rest of the series here, and −0 stays −0.
    return Math.abs(x) < 2.7e-17 ? x : logSeries(0, 0, x, 0);
  }
  const sum = 1 + x;
  const lost = x > 1 ? 1 - (sum - x) : x - (sum - 1);
  const high = logPair(sum);
  const low = carry[0];
  return high + (low + lost / sum);
}
