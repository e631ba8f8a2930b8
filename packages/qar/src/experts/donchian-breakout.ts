import { abstain, defineExpert, lean } from './expert.ts';
import { trueRange } from './indicators/true-range.ts';

const CHANNEL_CANDLES = 20;

/** Follows a close outside the highest high or lowest low of the four weeks before it. */
export const donchianBreakout = defineExpert({
  name: 'donchian-breakout',
  title: 'Donchian channel breakout, 20 candles',
  source: 'Donchian (1960), High finance in copper, Financial Analysts Journal 16(6)',
  lookback: CHANNEL_CANDLES + 2,
  rule: (window, from) => {
    const last = window.length - 1;
    let upper = -Infinity;
    let lower = Infinity;
    let ranges = 0;
    for (let i = from + 1; i < last; i++) {
      upper = Math.max(upper, window.high[i]);
      lower = Math.min(lower, window.low[i]);
      ranges += trueRange(window, i);
    }
    // At full strength one average true range outside.
    const averageRange = ranges / CHANNEL_CANDLES;
    const close = window.close[last];
    if (close > upper) return lean((close - upper) / averageRange, 1);
    if (close < lower) return lean((close - lower) / averageRange, 1);
    return abstain('NO_SIGNAL');
  },
});
