import { carry, double, HIGH, SPLITTER, words } from './double-double.ts';
import { pow } from './power.ts';
import {
  EXP2_TABLE,
  LN2_HIGH,
  LN2_LOW,
  LN2_OVER_64_HIGH,
  LN2_OVER_64_LOW,
  LOG_TABLE,
} from './tables.generated.ts';

/*
 * The functions of `exp`, `log`, `log1p` and `pow`, to the bit, over arrays. An engine puts a
 * number on the heap when it passes it to or from a function that it does not inline, and which
 * it inlines it decides anew each time. So here no number is passed: steps read and write arrays,
 * and what their namesakes are made of is written out in them.
 */

const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019412;
const STEPS_PER_UNIT = 64 * 1.4426950408889634;
const TO_INTEGER = 6755399441055744;
const TWO_54 = 18014398509481984;
const SQRT_HALF_WORD = 0x3fe6a09e;
const DIRECT = 1 / 512;

/** What passes between the steps: base, its low part, r, its low part, as `logSeries` has them. */
const reduced = new Float64Array(4);
/** A logarithm, or an argument of `expStep`; its low part is in `carry[0]`. */
const high = new Float64Array(1);

/** The reduction of `logPair` for values[i], finite and > 0. */
function reduceStep(values: Float64Array, i: number): void {
  const x = values[i];
  const tiny = x < 2.2250738585072014e-308;
  double[0] = tiny ? x * TWO_54 : x;
  const offset = words[HIGH] - SQRT_HALF_WORD;
  const k = (offset >> 20) - (tiny ? 54 : 0);
  words[HIGH] = (offset & 0xfffff) + SQRT_HALF_WORD;
  const z = double[0];
  const row = 3 * (((z * 256 + 0.5) | 0) - 181);
  const reciprocal = LOG_TABLE[row];
  const scaled = SPLITTER * z;
  const upper = scaled - (scaled - z);
  const upperPart = upper * reciprocal - 1;
  const lowerPart = (z - upper) * reciprocal;
  const r = upperPart + lowerPart;
  const part = r - upperPart;
  reduced[0] = k * LN2_HIGH + LOG_TABLE[row + 1];
  reduced[1] = k * LN2_LOW + LOG_TABLE[row + 2];
  reduced[2] = r;
  reduced[3] = upperPart - (r - part) + (lowerPart - part);
}

/** `logSeries` of what is reduced. */
function seriesStep(): void {
  const base = reduced[0];
  const r = reduced[2];
  const square = r * r;
  const half = 0.5 * square;
  const odd = 1 / 3 + square * (1 / 5 + square * (1 / 7));
  const even = 1 / 4 + square * (1 / 6 + square * (1 / 8));
  const tail = r * square * (odd - r * even);
  const scaled = SPLITTER * r;
  const upper = scaled - (scaled - r);
  const lower = r - upper;
  const squareError = upper * upper - square + upper * lower + lower * upper + lower * lower;
  const first = base + r;
  const second = first - half;
  const low =
    base -
    first +
    r +
    (first - second - half) +
    (tail - 0.5 * squareError + (reduced[3] - r * reduced[3]) + reduced[1]);
  const sum = second + low;
  high[0] = sum;
  carry[0] = second - sum + low;
}

/** `expPair` of `high` and `carry`, to out[i]. */
function expStep(out: Float64Array, i: number): void {
  const x = high[0];
  const n = x * STEPS_PER_UNIT + TO_INTEGER - TO_INTEGER;
  const r = x - n * LN2_OVER_64_HIGH - (n * LN2_OVER_64_LOW - carry[0]);
  const row = 2 * (n & 63);
  const power = EXP2_TABLE[row];
  const square = r * r;
  const tail =
    square * (1 / 2 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120) + square * (1 / 720)));
  let value = power + (EXP2_TABLE[row + 1] + power * (r + tail));
  let exponent = n >> 6;
  words[1 - HIGH] = 0;
  if (exponent < -1020 || exponent > 1020) {
    const first = exponent > 0 ? 1000 : -1000;
    words[HIGH] = (first + 1023) << 20;
    value *= double[0];
    exponent -= first;
  }
  words[HIGH] = (exponent + 1023) << 20;
  out[i] = value * double[0];
}

/** Prepares `expStep` for exponents[i] times the logarithm in `high` and `carry`. */
function multiplyStep(exponents: Float64Array, i: number): void {
  const exponent = exponents[i];
  const logarithm = high[0];
  const product = exponent * logarithm;
  const exponentScaled = SPLITTER * exponent;
  const exponentUpper = exponentScaled - (exponentScaled - exponent);
  const exponentLower = exponent - exponentUpper;
  const scaled = SPLITTER * logarithm;
  const upper = scaled - (scaled - logarithm);
  const lower = logarithm - upper;
  const error =
    exponentUpper * upper -
    product +
    exponentUpper * lower +
    exponentLower * upper +
    exponentLower * lower;
  high[0] = product;
  carry[0] = error + exponent * carry[0];
}

/**
 * out[i] = exp(values[i]) for i from `from` to before `to`, allocating nothing.
 *
 * @param out - at least as long; may be `values`.
 */
export function expInto(
  values: Float64Array,
  out: Float64Array,
  from = 0,
  to = values.length,
): void {
  for (let i = from; i < to; i += 1) {
    const x = values[i];
    if (x <= LARGEST && x >= SMALLEST) {
      high[0] = x;
      carry[0] = 0;
      expStep(out, i);
    } else if (x > LARGEST) out[i] = Infinity;
    else out[i] = x < SMALLEST ? 0 : NaN;
  }
}

/** out[i] = log(values[i]); arguments as {@link expInto}. */
export function logInto(
  values: Float64Array,
  out: Float64Array,
  from = 0,
  to = values.length,
): void {
  for (let i = from; i < to; i += 1) {
    const x = values[i];
    if (x > 0 && x < Infinity) {
      reduceStep(values, i);
      seriesStep();
      out[i] = high[0];
    } else if (x === 0) out[i] = -Infinity;
    else out[i] = x === Infinity ? Infinity : NaN;
  }
}

/** out[i] = log1p(values[i]); arguments as {@link expInto}. */
export function log1pInto(
  values: Float64Array,
  out: Float64Array,
  from = 0,
  to = values.length,
): void {
  for (let i = from; i < to; i += 1) {
    const x = values[i];
    if (!(x > -1 && x < Infinity)) {
      if (x === -1) out[i] = -Infinity;
      else out[i] = x === Infinity ? Infinity : NaN;
    } else if (Math.abs(x) < 2.7e-17) {
      out[i] = x;
    } else if (Math.abs(x) < DIRECT) {
      reduced.fill(0);
      reduced[2] = x;
      seriesStep();
      out[i] = high[0];
    } else {
      const sum = 1 + x;
      out[i] = sum;
      reduceStep(out, i);
      seriesStep();
      const lost = x > 1 ? 1 - (sum - x) : x - (sum - 1);
      out[i] = high[0] + (carry[0] + lost / sum);
    }
  }
}

/**
 * out[i] = pow(bases[i], exponents[i]) for i from `from` to before `to`. Allocates nothing where
 * the base is > 0 and finite and the exponent finite.
 *
 * @param exponents - as many as bases.
 * @param out - at least as long; may be `bases` or `exponents`.
 */
export function powInto(
  bases: Float64Array,
  exponents: Float64Array,
  out: Float64Array,
  from = 0,
  to = bases.length,
): void {
  for (let i = from; i < to; i += 1) {
    const base = bases[i];
    if (!(base > 0 && base < Infinity && Math.abs(exponents[i]) < Infinity)) {
      out[i] = pow(base, exponents[i]);
      continue;
    }
    reduceStep(bases, i);
    seriesStep();
    multiplyStep(exponents, i);
    const x = high[0];
    if (!(Math.abs(x) > 2.7e-17)) out[i] = 1;
    else if (x > 710) out[i] = Infinity;
    else if (x < -746) out[i] = 0;
    else expStep(out, i);
  }
}
