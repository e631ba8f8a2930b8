import { log } from '@sema/simulator/elementary';

/** Largest (b − a) / (b + a) of two prices for which six terms of the series give every digit. */
const SERIES_LIMIT = 1 / 32;

/**
 * ln(b / a) by the series of 2 artanh((b − a) / (b + a)), which for neighbouring candles is both
 * more exact than the logarithm of a ratio close to 1 and much cheaper. Over a move of about 6 % it
 * is that logarithm.
 */
export function logRatio(a: number, b: number): number {
  const s = (b - a) / (b + a);
  if (!(Math.abs(s) <= SERIES_LIMIT)) return log(b / a);
  const q = s * s;
  return 2 * s * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q / 11)))));
}
