import type { CandleWindow } from '../../market-data/candles.ts';

/**
 * Wilder's true range of candle i ≥ 1: the candle's range, stretched to the close before it.
 *
 * @see Wilder (1978), New Concepts in Technical Trading Systems
 */
export function trueRange(window: CandleWindow, i: number): number {
  const before = window.close[i - 1];
  return Math.max(window.high[i], before) - Math.min(window.low[i], before);
}
