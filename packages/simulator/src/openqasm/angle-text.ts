import type { Angle } from '../angle.ts';

const DENOMINATORS = [1, 2, 3, 4, 5, 6, 8, 12, 16, 32, 64, 128, 256];
const LARGEST_NUMERATOR = 64;

/**
 * An angle as an expression whose value has the same bits: a fraction of pi where it
 * is one and the style allows it.
 */
export function angleText(angle: Angle, style: 'fractions' | 'decimals'): string {
  if (typeof angle === 'number') {
    const fraction = style === 'fractions' ? fractionOfPi(angle) : undefined;
    return fraction ?? numberText(angle);
  }
  const { name, factor } = angle;
  if (factor === 1) return name;
  return factor === -1 ? `-${name}` : `${numberText(factor)}*${name}`;
}

function fractionOfPi(value: number): string | undefined {
  for (const denominator of DENOMINATORS) {
    const numerator = Math.round((value * denominator) / Math.PI);
    if (numerator === 0 || Math.abs(numerator) > LARGEST_NUMERATOR) continue;
    if ((numerator * Math.PI) / denominator !== value) continue;
    const top = Math.abs(numerator) === 1 ? 'pi' : `${Math.abs(numerator)}*pi`;
    const sign = numerator < 0 ? '-' : '';
    return denominator === 1 ? sign + top : `${sign}${top}/${denominator}`;
  }
  return undefined;
}

/** The shortest decimal of a double, with the point that version 2 wants before an exponent. */
function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const [digits, exponent] = String(value).split('e');
  if (exponent === undefined) return isReadable(value) ? digits : `${digits}.0`;
  return `${digits.includes('.') ? digits : `${digits}.0`}e${exponent}`;
}

/** Integers without a point are read exactly and only up to there. */
function isReadable(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}
