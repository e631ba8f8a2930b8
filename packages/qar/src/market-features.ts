import { log } from '@sema/simulator/elementary';
import type { RegimeFeatures } from '@sema/learning';
import type { CandleWindow } from './market-data/candles.ts';

/** What the decision path reads off a window besides the experts' opinions. */
export interface MarketFeatures extends RegimeFeatures {
  /** Standard deviation of one candle's log return over the last 20, > 0. */
  readonly sigma: number;
}

const RETURNS = 20;
const RECENT_VOLUME = 5;
const USUAL_VOLUME = 60;

/**
 * Features of the window's end, or `undefined` when it moved or traded nothing, so that no ratio
 * exists.
 *
 * - `volatility`: annualised, σ·√periodsPerYear.
 * - `trendClarity`: Kaufman's efficiency ratio over 20 candles, |net move| / Σ|moves|, in [0, 1].
 * - `normalizedVolume`: mean of the last 5 volumes over the mean of the last 60.
 *
 * @see Kaufman (1995), Smarter Trading, ch. 7.
 */
export function marketFeatures(
  window: CandleWindow,
  periodsPerYear: number,
): MarketFeatures | undefined {
  const { close, volume, length } = window;
  let sum = 0;
  let squares = 0;
  let path = 0;
  for (let i = length - RETURNS; i < length; i++) {
    const change = log(close[i] / close[i - 1]);
    sum += change;
    squares += change * change;
    path += Math.abs(close[i] - close[i - 1]);
  }
  const variance = (squares - (sum * sum) / RETURNS) / (RETURNS - 1);
  const usualVolume = mean(volume, length - USUAL_VOLUME, length);
  if (!(variance > 0) || !(path > 0) || !(usualVolume > 0)) return undefined;
  const sigma = Math.sqrt(variance);
  const net = Math.abs(close[length - 1] - close[length - 1 - RETURNS]);
  return {
    sigma,
    volatility: sigma * Math.sqrt(periodsPerYear),
    trendClarity: Math.min(1, net / path),
    normalizedVolume: mean(volume, length - RECENT_VOLUME, length) / usualVolume,
  };
}

function mean(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum / (to - from);
}
