import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineExpert, lean } from './expert.ts';
import { trueRange } from './indicators/true-range.ts';

const PERIOD = 14;
/** Wilder's average directional index from which a market counts as trending. */
const TRENDING = 25;

/** Follows the stronger directional indicator while the average directional index says trend. */
export const directionalMovement = defineExpert({
  name: 'directional-movement',
  title: 'Directional movement 14, in trends (ADX above 25)',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems',
  // Long after the start: what came before it weighs less than 1e-6.
  lookback: 256,
  rule: (window, from) => {
    const { plus, minus, adx } = directionalIndex(window, from, PERIOD);
    if (Number.isNaN(plus)) return abstain('DEGENERATE_WINDOW');
    if (adx <= TRENDING) return abstain('NO_SIGNAL');
    return lean((Math.sign(plus - minus) * (adx - TRENDING)) / (100 - TRENDING), 1);
  },
});

/**
 * Wilder's directional indicators (+DI, −DI, in [0, 1], NaN where there was no range at all) and
 * average directional index (in [0, 100]) of the last of the candles [from, …end), of which at
 * least 2 · period are needed. A candle without any directional movement has index 0.
 */
export function directionalIndex(
  window: CandleWindow,
  from: number,
  period: number,
): { readonly plus: number; readonly minus: number; readonly adx: number } {
  const { high, low, length } = window;
  let plus = 0;
  let minus = 0;
  let range = 0;
  let adx = 0;
  for (let i = from + 1; i < length; i++) {
    const up = high[i] - high[i - 1];
    const down = low[i - 1] - low[i];
    const keep = i - from <= period ? 1 : (period - 1) / period;
    plus = plus * keep + (up > down && up > 0 ? up : 0);
    minus = minus * keep + (down > up && down > 0 ? down : 0);
    range = range * keep + trueRange(window, i);
    if (i - from < period) continue;
    const moved = plus + minus;
    const index = moved > 0 ? (100 * Math.abs(plus - minus)) / moved : 0;
    adx = adx * (i - from < 2 * period ? 1 : (period - 1) / period) + index / period;
  }
  return { plus: plus / range, minus: minus / range, adx };
}
