/**
 * A spread of returns under this is rounding, not movement: a return of doubles is exact to about
 * 2e-16, and the smallest tick of any market is above 1e-9 of its price.
 */
export const SMALLEST_SPREAD = 1e-12;

/** Simple return of candle i over the candle before it. */
export function simpleReturn(close: Float64Array, i: number): number {
  return close[i] / close[i - 1] - 1;
}

/** Variance, around their mean, of the simple returns of candles [from, to); from ≥ 1. */
export function returnVariance(close: Float64Array, from: number, to: number): number {
  const count = to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += simpleReturn(close, i);
  const average = sum / count;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const deviation = simpleReturn(close, i) - average;
    squares += deviation * deviation;
  }
  return squares / count;
}
