import { carry, divide, SPLITTER } from './double-double.ts';
import { reduceAngle } from './reduce-angle.ts';

const QUARTER_PI = 0.7853981633974483;

/** sin(r + rLow) as high part plus carry, for |r| ≤ π/4 + tiny, by the Taylor series. */
function sinSeries(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const odd = -1 / 6 + w * (-1 / 5040 + w * (-1 / 39916800 + w * (-1 / 1307674368000)));
  const even = 1 / 120 + w * (1 / 362880 + w * (1 / 6227020800 + w * (1 / 355687428096000)));
  const rest = r * z * (odd + z * even) + rLow * (1 - 0.5 * z);
  const high = r + rest;
  carry[0] = r - high + rest;
  return high;
}

/** cos(r + rLow) as high part plus carry, for |r| ≤ π/4 + tiny, by the Taylor series. */
function cosSeries(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const odd = -1 / 720 + w * (-1 / 3628800 + w * (-1 / 87178291200 + w * (-1 / 6402373705728000)));
  const even = 1 / 24 + w * (1 / 40320 + w * (1 / 479001600 + w * (1 / 20922789888000)));
  // r²/2 is the largest subtrahend: the square of the upper half of r is exact.
  const scaled = SPLITTER * r;
  const upper = scaled - (scaled - r);
  const half = 0.5 * upper * upper;
  const difference = 1 - half;
  const lost = 1 - difference - half - 0.5 * (r - upper) * (r + upper);
  const rest = lost + (w * (even + z * odd) - r * rLow);
  const high = difference + rest;
  carry[0] = difference - high + rest;
  return high;
}

/** Sine of x radians, for every finite x; NaN otherwise. */
export function sin(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= QUARTER_PI) return magnitude < 1e-9 ? x : sinSeries(x, 0);
  if (!(magnitude < Infinity)) return NaN;
  const quadrant = reduceAngle(magnitude);
  const r = carry[0];
  const rLow = carry[1];
  const value = (quadrant & 1) === 0 ? sinSeries(r, rLow) : cosSeries(r, rLow);
  return x < 0 !== quadrant > 1 ? -value : value;
}

/** Cosine of x radians, for every finite x; NaN otherwise. */
export function cos(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= QUARTER_PI) return cosSeries(x, 0);
  if (!(magnitude < Infinity)) return NaN;
  const quadrant = reduceAngle(magnitude);
  const r = carry[0];
  const rLow = carry[1];
  const value = (quadrant & 1) === 0 ? cosSeries(r, rLow) : sinSeries(r, rLow);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** Tangent of x radians, for every finite x; NaN otherwise. */
export function tan(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 1e-9) return x;
  if (!(magnitude < Infinity)) return NaN;
  let quadrant = 0;
  let r = magnitude;
  let rLow = 0;
  if (magnitude > QUARTER_PI) {
    quadrant = reduceAngle(magnitude);
    r = carry[0];
    rLow = carry[1];
  }
  const sine = sinSeries(r, rLow);
  const sineLow = carry[0];
  const cosine = cosSeries(r, rLow);
  const cosineLow = carry[0];
  const value =
    (quadrant & 1) === 0
      ? divide(sine, sineLow, cosine, cosineLow)
      : -divide(cosine, cosineLow, sine, sineLow);
  return x < 0 ? -value : value;
}
