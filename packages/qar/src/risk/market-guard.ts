import type { CandleWindow } from '../market-data/candles.ts';

/** What the risk gate looks at in the latest candles to tell a market from a fault. */
export interface MarketGuard {
  /**
   * Size of the newest return, in standard deviations of the 20 before it; 0 when the price stood
   * still, Infinity when it moved for the first time in them.
   */
  readonly jumpSigmas: number;
  /** Longest time between two of the last 21 candles, in intervals. */
  readonly gapIntervals: number;
  /** Volume of the newest candle, base units. */
  readonly volume: number;
  /** Mean volume of the 20 candles before it, base units. */
  readonly usualVolume: number;
}

const LATEST = 20;

/** O(1): reads the last 22 candles of a window that has at least as many. */
export function marketGuard(window: CandleWindow, intervalMs: number): MarketGuard {
  const { time, close, volume } = window;
  const last = window.length - 1;
  let sum = 0;
  let squares = 0;
  let traded = 0;
  let gap = time[last] - time[last - 1];
  for (let i = last - LATEST; i < last; i++) {
    const change = close[i] / close[i - 1] - 1;
    sum += change;
    squares += change * change;
    traded += volume[i];
    gap = Math.max(gap, time[i] - time[i - 1]);
  }
  const variance = Math.max(0, (squares - (sum * sum) / LATEST) / (LATEST - 1));
  const move = Math.abs(close[last] / close[last - 1] - 1);
  return {
    jumpSigmas: move === 0 ? 0 : move / Math.sqrt(variance),
    gapIntervals: gap / intervalMs,
    volume: volume[last],
    usualVolume: traded / LATEST,
  };
}
