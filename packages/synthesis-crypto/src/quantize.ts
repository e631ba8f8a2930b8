import { SynthesisCryptoError } from './errors.ts';

export interface QuantizeOptions {
  /** Decimal places of one quantum, 0 to 64: with 2, '1.239' is 123 quanta. */
  readonly scale?: number;
  readonly rounding?: 'floor' | 'ceiling';
  /** Whether values below zero are taken. */
  readonly signed?: boolean;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const MAX_TEXT = 1024;
const MAX_SCALE = 64;

/**
 * A value as a whole number of quanta, exactly: nothing passes through floating point. A number
 * must be a safe integer, because 0.1 is not a tenth; write '0.1'. Monotone; idempotent at scale 0;
 * rounded down, 0 ≤ value − result < 1 quantum. O(length of the text).
 *
 * @throws {SynthesisCryptoError} `QUANTITY_INVALID`
 */
export function quantize(value: bigint | number | string, options: QuantizeOptions = {}): bigint {
  const { scale = 0, rounding = 'floor', signed = false } = options;
  if (!Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE) {
    throw new SynthesisCryptoError(
      'QUANTITY_INVALID',
      `scale ${scale} is not in [0, ${MAX_SCALE}]`,
    );
  }
  const { units, isExact } = scaled(value, scale);
  // Digits were cut off, so towards zero; below zero that is up.
  const isNegative = units < 0n || (units === 0n && String(value).startsWith('-'));
  let quanta = units;
  if (!isExact && rounding === 'floor' && isNegative) quanta -= 1n;
  if (!isExact && rounding === 'ceiling' && !isNegative) quanta += 1n;
  if (!signed && (quanta < 0n || (isNegative && !isExact))) {
    throw new SynthesisCryptoError('QUANTITY_INVALID', 'the value is below zero and not `signed`');
  }
  return quanta;
}

function scaled(
  value: bigint | number | string,
  scale: number,
): { units: bigint; isExact: boolean } {
  if (typeof value === 'bigint') return { units: value * 10n ** BigInt(scale), isExact: true };
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new SynthesisCryptoError(
        'QUANTITY_INVALID',
        `${value} is not a safe integer: give a decimal text or a bigint`,
      );
    }
    return { units: BigInt(value) * 10n ** BigInt(scale), isExact: true };
  }
  const match = typeof value === 'string' && value.length <= MAX_TEXT ? DECIMAL.exec(value) : null;
  if (match === null) {
    throw new SynthesisCryptoError(
      'QUANTITY_INVALID',
      `the value is not a plain decimal number of at most ${MAX_TEXT} characters`,
    );
  }
  const [, sign, whole, fraction = ''] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const magnitude = BigInt(whole + kept);
  return {
    units: sign === '-' ? -magnitude : magnitude,
    isExact: /^0*$/.test(fraction.slice(scale)),
  };
}
