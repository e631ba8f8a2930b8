import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineExpert, lean } from './expert.ts';

const RANGE_CANDLES = 14;
const OVERSOLD = 20;
const OVERBOUGHT = 80;

/** Expects a rise when %K turns above %D where that is oversold, a fall when it turns below. */
export const stochasticOscillator = defineExpert({
  name: 'stochastic-oscillator',
  title: 'Slow stochastic oscillator 14, 3, 3, turning outside 20 and 80',
  source: "Lane (1984), Lane's stochastics, Technical Analysis of Stocks & Commodities 2(3)",
  // %D is the mean of three %K, each the mean of three fast values.
  lookback: RANGE_CANDLES + 4,
  rule: (window) => {
    const { d, lead } = slowStochastic(window);
    if (Number.isNaN(d)) return abstain('DEGENERATE_WINDOW');
    if (d < OVERSOLD && lead > 0) return lean((OVERSOLD - d) / OVERSOLD, 1);
    if (d > OVERBOUGHT && lead < 0) return lean((OVERBOUGHT - d) / (100 - OVERBOUGHT), 1);
    return abstain('NO_SIGNAL');
  },
});

/**
 * Slow %K and %D of the last candle, in [0, 100], and k − d, which is exactly zero where the fast
 * values do not change; NaN when a range that they need is empty.
 */
export function slowStochastic(window: CandleWindow): {
  readonly k: number;
  readonly d: number;
  readonly lead: number;
} {
  const last = window.length - 1;
  const f0 = fastStochastic(window, last - 4);
  const f1 = fastStochastic(window, last - 3);
  const f2 = fastStochastic(window, last - 2);
  const f3 = fastStochastic(window, last - 1);
  const f4 = fastStochastic(window, last);
  return {
    k: (f2 + f3 + f4) / 3,
    d: (f0 + 2 * f1 + 3 * f2 + 2 * f3 + f4) / 9,
    lead: (2 * (f4 - f1) + (f3 - f0)) / 9,
  };
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
