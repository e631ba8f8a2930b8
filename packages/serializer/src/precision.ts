import type { Amplitudes } from './amplitudes.ts';
import type { ByteReader } from './byte-reader.ts';
import { SerializerError } from './errors.ts';

/** How amplitudes are kept: every bit, as float32, or rounded to 1 to 9 decimal places. */
export type Precision = 'f64' | 'f32' | { readonly decimals: number };

/** How one number is laid out. */
export interface NumberFormat {
  readonly code: number;
  readonly digits: number;
  readonly bytes: number;
  write(view: DataView, offset: number, value: number): void;
  read(reader: ByteReader): number;
}

/** What rounding cost. */
export interface PrecisionLoss {
  /** The largest change of a real or imaginary part. */
  readonly maxError: number;
  /** |⟨before|after⟩|² of the two as unit vectors: 1 when only the length changed. */
  readonly fidelity: number;
  /** The norm after rounding; nothing renormalises it. */
  readonly norm: number;
}

const MAX_DECIMALS = 9;
const MAX_INTEGER = 2 ** 31 - 1;

export const EXACT: NumberFormat = Object.freeze({
  code: 0,
  digits: 0,
  bytes: 8,
  write: (view: DataView, offset: number, value: number) => {
    view.setFloat64(offset, value, true);
  },
  read: (reader: ByteReader) => reader.f64(),
});

const SINGLE: NumberFormat = Object.freeze({
  code: 1,
  digits: 0,
  bytes: 4,
  write: (view: DataView, offset: number, value: number) => {
    view.setFloat32(offset, value, true);
  },
  read: (reader: ByteReader) => reader.f32(),
});

function decimal(digits: number): NumberFormat {
  const scale = 10 ** digits;
  return {
    code: 2,
    digits,
    bytes: 4,
    write: (view, offset, value) => {
      view.setInt32(offset, Math.round(value * scale), true);
    },
    read: (reader) => reader.i32() / scale,
  };
}

/** @throws {SerializerError} `INVALID_OPTION` */
export function formatOf(precision: Precision): NumberFormat {
  if (precision === 'f64') return EXACT;
  if (precision === 'f32') return SINGLE;
  const { decimals } = precision;
  if (!Number.isInteger(decimals) || decimals < 1 || decimals > MAX_DECIMALS) {
    throw new SerializerError(
      'INVALID_OPTION',
      `${decimals} decimals are not an integer in [1, ${MAX_DECIMALS}]`,
    );
  }
  return decimal(decimals);
}

/** @throws {SerializerError} `MALFORMED_BODY` */
export function formatOfCode(code: number, digits: number): NumberFormat {
  if (code === EXACT.code && digits === 0) return EXACT;
  if (code === SINGLE.code && digits === 0) return SINGLE;
  if (code === 2 && digits >= 1 && digits <= MAX_DECIMALS) return decimal(digits);
  throw new SerializerError(
    'MALFORMED_BODY',
    `number format ${code} with ${digits} digits is not defined`,
  );
}

/**
 * The amplitudes as they will be read back, and what that changes.
 *
 * @throws {SerializerError} `INVALID_OPTION`; `NON_FINITE` for a part beyond float32;
 *   `INVALID_AMPLITUDES` for one beyond 32-bit integers as a decimal
 */
export function rounded(
  { real, imaginary }: Amplitudes,
  precision: Precision,
): { readonly amplitudes: Amplitudes; readonly loss: PrecisionLoss } {
  const round = rounding(precision);
  const amplitudes = { real: real.map(round), imaginary: imaginary.map(round) };
  let maxError = 0;
  let before = 0;
  let after = 0;
  let re = 0;
  let im = 0;
  for (let i = 0; i < real.length; i += 1) {
    const a = real[i];
    const b = imaginary[i];
    const x = amplitudes.real[i];
    const y = amplitudes.imaginary[i];
    maxError = Math.max(maxError, Math.abs(a - x), Math.abs(b - y));
    before += a * a + b * b;
    after += x * x + y * y;
    re += a * x + b * y;
    im += a * y - b * x;
  }
  const weight = before * after;
  // A state that rounds to nothing has nothing in common with what it was.
  const fidelity = weight > 0 ? Math.min(1, (re * re + im * im) / weight) : 0;
  return { amplitudes, loss: { maxError, fidelity, norm: Math.sqrt(after) } };
}

function rounding(precision: Precision): (value: number) => number {
  if (precision === 'f64') return (value) => value;
  if (precision === 'f32') return Math.fround;
  const { digits } = formatOf(precision);
  const scale = 10 ** digits;
  return (value) => {
    const whole = Math.round(value * scale);
    if (Math.abs(whole) > MAX_INTEGER) {
      throw new SerializerError(
        'INVALID_AMPLITUDES',
        `${value} with ${digits} decimals does not fit 32 bits`,
      );
    }
    // Integers have no −0.
    return whole / scale + 0;
  };
}
