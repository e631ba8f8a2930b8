import type { RegimeFeatures } from '@sema/learning';
import { logRatio } from './experts/indicators/log-ratio.ts';
import { mean } from './experts/indicators/mean.ts';
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
 * Features of the window's end, or of the candle before `end`, or `undefined` when it did not move,
 * so that no ratio exists. Looks back on 60 candles.
 *
 * - `volatility`: annualised, σ·√periodsPerYear.
 * - `trendClarity`: Kaufman's efficiency ratio over 20 candles, |net move| / Σ|moves|, in [0, 1].
 * - `normalizedVolume`: mean of the last 5 volumes over the mean of the last 60. Prices do not move
 *   without a trade: where they did and all of the 60 volumes are 0, volume was not recorded. It
 *   then counts as usual, 1, and says nothing; experts that weigh volume abstain, and the risk gate
 *   opens nothing, both with `NO_VOLUME`.
 *
 * @see Kaufman (1995), Smarter Trading, ch. 7.
 */
export function marketFeatures(
  window: CandleWindow,
  periodsPerYear: number,
  end = window.length,
): MarketFeatures | undefined {
  const { close, volume } = window;
  let sum = 0;
  let squares = 0;
  let path = 0;
  for (let i = end - RETURNS; i < end; i++) {
    const change = logRatio(close[i - 1], close[i]);
    sum += change;
    squares += change * change;
    path += Math.abs(close[i] - close[i - 1]);
  }
  const variance = (squares - (sum * sum) / RETURNS) / (RETURNS - 1);
  const usualVolume = mean(volume, end - USUAL_VOLUME, end);
  if (!(variance > 0) || !(path > 0)) return undefined;
  const sigma = Math.sqrt(variance);
  const net = Math.abs(close[end - 1] - close[end - 1 - RETURNS]);
  return {
    sigma,
    volatility: sigma * Math.sqrt(periodsPerYear),
    trendClarity: Math.min(1, net / path),
    normalizedVolume: usualVolume > 0 ? mean(volume, end - RECENT_VOLUME, end) / usualVolume : 1,
  };
}
