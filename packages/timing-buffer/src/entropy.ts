const LEADING_BITS = 8;
const INTERVALS = 2 ** LEADING_BITS;
// Coefficients of log2(1 + r) = Σ ±r^k / (k ln 2): six terms leave less than 2^-58 for r < 2^-8.
const C1 = Math.LOG2E;
const C2 = -Math.LOG2E / 2;
const C3 = Math.LOG2E / 3;
const C4 = -Math.LOG2E / 4;
const C5 = Math.LOG2E / 5;
const C6 = -Math.LOG2E / 6;

/** log2(1 + x) for 0 ≤ x < 1 by the series of 2·artanh(x / (2 + x)), smallest terms first. */
function log2OnePlus(x: number): number {
  const s = x / (2 + x);
  let sum = 0;
  // s² < 1/9, so the first term left out is below 9^-18 < 2^-57 of the sum.
  for (let k = 17; k >= 0; k -= 1) sum = sum * s * s + 1 / (2 * k + 1);
  return 2 * Math.LOG2E * s * sum;
}

const powersOfHalf = Float64Array.from({ length: 54 }, (_, exponent) => 1 / 2 ** exponent);
const reciprocals = Float64Array.from({ length: INTERVALS }, (_, i) => INTERVALS / (INTERVALS + i));
const logarithms = Float64Array.from({ length: INTERVALS }, (_, i) => log2OnePlus(i / INTERVALS));

/**
 * log2 of a whole number in [1, 2^53), to within 2 units in the last place and exact at powers of
 * two. Made of + − × ÷ only, so it has the same bits on every engine and costs less than
 * half of `Math.log2`: the leading bits choose a table entry, a short series does the rest.
 */
function log2OfWhole(n: number): number {
  const excess = n < 2 ** 32 ? 0 : 21;
  const leading = Math.floor(n * powersOfHalf[excess]);
  const zeros = Math.clz32(leading);
  const exponent = 31 - zeros + excess;
  const interval = ((leading << zeros) >>> (31 - LEADING_BITS)) & (INTERVALS - 1);
  const r = n * powersOfHalf[exponent] * reciprocals[interval] - 1;
  const r2 = r * r;
  const series = r * C1 + r2 * (C2 + r * C3 + r2 * (C4 + r * C5 + r2 * C6));
  return exponent + (logarithms[interval] + series);
}

/**
 * Shannon entropy in bits of a histogram: H = log2 N − (1/N) Σ c log2 c, never
 * negative, with an absolute error below 1e-13.
 *
 * @param counts - whole numbers ≥ 0.
 * @param total - their sum N, in [1, 2^53).
 * @see Shannon (1948), A Mathematical Theory of Communication, §6
 */
export function histogramEntropyBits(counts: Float64Array, total: number): number {
  let weighted = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    const count = counts[bin];
    if (count > 0) weighted += count * log2OfWhole(count);
  }
  // A single occupied bin has entropy 0, and rounding must not make it negative.
  return Math.max(0, log2OfWhole(total) - weighted / total);
}
