import { CONTEXTS } from '@sema/learning';
import type { CandleWindow } from './market-data/candles.ts';
import type { MarketFeatures } from './market-features.ts';

/** As many candles as the regime's features look back over. */
const RECENT = 20;

/**
 * Shares of the four contexts in which expert weights are learned apart: calm and thin, agitated
 * and thin, calm and heavy, agitated and heavy. Unlike a regime, a context has no fixed thresholds:
 * it says how the end of the window stands to the window's own usual.
 *
 * Agitation is the mean absolute move of the last 20 candles over that of the window, heaviness the
 * volume over its mean; a ratio r of either counts as high by the share r⁴/(1 + r⁴), which is 1/2
 * at the usual and 0.94 at twice of it. O(window).
 *
 * @returns 4 numbers in [0, 1] with sum 1 up to rounding.
 */
export function learningContext(window: CandleWindow, features: MarketFeatures): Float64Array {
  const { close, length } = window;
  let whole = 0;
  let recent = 0;
  for (let i = 1; i < length; i++) {
    const move = Math.abs(close[i] / close[i - 1] - 1);
    whole += move;
    if (i >= length - RECENT) recent += move;
  }
  const agitated = highShare((recent / RECENT) * ((length - 1) / whole));
  const heavy = highShare(features.normalizedVolume);
  const shares = new Float64Array(CONTEXTS);
  for (let context = 0; context < CONTEXTS; context++) {
    const byMoves = (context & 1) === 0 ? 1 - agitated : agitated;
    const byVolume = (context & 2) === 0 ? 1 - heavy : heavy;
    shares[context] = byMoves * byVolume;
  }
  return shares;
}

/** r⁴/(1 + r⁴), in a form that is 0 at 0 and 1 at infinity. */
function highShare(ratio: number): number {
  const inverse = 1 / (ratio * ratio);
  return 1 / (1 + inverse * inverse);
}
