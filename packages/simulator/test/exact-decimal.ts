import { Decimal } from 'decimal.js';

const view = new DataView(new ArrayBuffer(8));

/** 60 significant digits, exponents far beyond those of doubles. */
export const Oracle = Decimal.clone({ precision: 60, maxE: 9e15, minE: -9e15 });

/**
 * The exact value of a finite double, in as many digits as it takes: the constructor of Decimal
 * reads its shortest text instead.
 */
export function exact(value: number): Decimal {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = field === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = Math.max(field, 1) - 1075;
  const digits =
    exponent >= 0
      ? (mantissa << BigInt(exponent)).toString()
      : `${mantissa * 5n ** BigInt(-exponent)}e${exponent}`;
  return new Oracle(value < 0 ? `-${digits}` : digits);
}

/**
 * The distance of a double from a real number, in units in the last place of the double nearest to
 * it.
 */
export function ulpsFrom(value: number, truth: Decimal): number {
  const nearest = truth.toNumber();
  if (!Number.isFinite(nearest) || !Number.isFinite(value)) {
    return Object.is(value, nearest) ? 0 : Infinity;
  }
  view.setFloat64(0, nearest);
  const field = (view.getUint16(0) >> 4) & 0x7ff;
  const unit = Oracle.pow(2, Math.max(field, 1) - 1075);
  return exact(value).minus(truth).abs().div(unit).toNumber();
}
