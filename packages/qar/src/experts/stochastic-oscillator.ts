import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineExpert, lean } from './expert.ts';

const RANGE_CANDLES = 14;
/** Candles of each of the two simple averages, slow %K and %D. */
const SMOOTHING = 3;
const OVERSOLD = 20;
const OVERBOUGHT = 80;

/** Expects a rise when %K turns above %D where that is oversold, a fall when it turns below. */
export const stochasticOscillator = defineExpert({
  name: 'stochastic-oscillator',
  title: 'Slow stochastic oscillator 14, 3, 3, turning outside 20 and 80',
  source: "Lane (1984), Lane's stochastics, Technical Analysis of Stocks & Commodities 2(3)",
  lookback: RANGE_CANDLES + 2 * (SMOOTHING - 1),
  rule: (window) => {
    const { k, d } = slowStochastic(window);
    if (Number.isNaN(d)) return abstain('DEGENERATE_WINDOW');
    if (d < OVERSOLD && k > d) return lean((OVERSOLD - d) / OVERSOLD, 1);
    if (d > OVERBOUGHT && k < d) return lean((OVERBOUGHT - d) / (100 - OVERBOUGHT), 1);
    return abstain('NO_SIGNAL');
  },
});

/** Slow %K and %D of the last candle, in [0, 100]; NaN when a range that they need is empty. */
export function slowStochastic(window: CandleWindow): { readonly k: number; readonly d: number } {
  const last = window.length - 1;
  const first = last - 2 * (SMOOTHING - 1);
  // %D is the mean of the last slow %K, each the mean of SMOOTHING fast ones.
  let k = 0;
  let d = 0;
  for (let end = first; end <= last; end++) {
    const fast = fastStochastic(window, end);
    const uses = Math.min(end - first, last - end) + 1;
    d += (fast * uses) / (SMOOTHING * SMOOTHING);
    if (end > last - SMOOTHING) k += fast / SMOOTHING;
  }
  return { k, d };
}

/** Where the close of candle `end` lies between the lowest low and the highest high, in percent. */
function fastStochastic({ high, low, close }: CandleWindow, end: number): number {
  let highest = -Infinity;
  let lowest = Infinity;
  for (let i = end + 1 - RANGE_CANDLES; i <= end; i++) {
    highest = Math.max(highest, high[i]);
    lowest = Math.min(lowest, low[i]);
  }
  return (100 * (close[end] - lowest)) / (highest - lowest);
}
