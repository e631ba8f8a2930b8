import { logRatio } from './log-ratio.ts';
import { SMALLEST_SPREAD } from './smallest-spread.ts';

/** Returns that a volatility is measured on. */
export const VOLATILITY_RETURNS = 20;
/** Larger standardised returns count as this, so that sums of their squares stay exact. */
const LARGEST = 1e6;

/**
 * Standard deviation of the 20 log returns before candle i, which must have 21 closes before it.
 */
export function volatilityBefore(close: Float64Array, i: number): number {
  let sum = 0;
  let squares = 0;
  for (let k = i - VOLATILITY_RETURNS; k < i; k++) {
    const change = logRatio(close[k - 1], close[k]);
    sum += change;
    squares += change * change;
  }
  const variance = (squares - (sum * sum) / VOLATILITY_RETURNS) / (VOLATILITY_RETURNS - 1);
  return Math.sqrt(Math.max(0, variance));
}

/**
 * Log return of candle i in units of the volatility before it; NaN without 21 closes before it or
 * where they did not move. At most 1e6 in size.
 */
export function standardizedReturn(close: Float64Array, i: number): number {
  if (i <= VOLATILITY_RETURNS) return NaN;
  const sigma = volatilityBefore(close, i);
  if (!(sigma >= SMALLEST_SPREAD)) return NaN;
  return Math.max(-LARGEST, Math.min(LARGEST, logRatio(close[i - 1], close[i]) / sigma));
}
