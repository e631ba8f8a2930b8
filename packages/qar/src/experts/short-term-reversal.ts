import { abstain, defineExpert, lean } from './expert.ts';
import { returnVariance, SMALLEST_SPREAD } from './indicators/returns.ts';

const WEEK_CANDLES = 5;
const YEAR_CANDLES = 252;
/** Standard deviations of a week's move at which the opinion is at full strength. */
const FULL_STRENGTH = 2;

/** Expects the opposite of the last week's move, in proportion to it. */
export const shortTermReversal = defineExpert({
  name: 'short-term-reversal',
  title: 'Reversal of the last 5 candles',
  source:
    'Lehmann (1990), Fads, martingales, and market efficiency, ' +
    'Quarterly Journal of Economics 105(1)',
  lookback: YEAR_CANDLES + 1,
  rule: ({ close, length }, from) => {
    const volatility = Math.sqrt(returnVariance(close, from + 1, length));
    if (volatility < SMALLEST_SPREAD) return abstain('DEGENERATE_WINDOW');
    const week = close[length - 1] / close[length - 1 - WEEK_CANDLES] - 1;
    return lean(-week / (volatility * Math.sqrt(WEEK_CANDLES)), FULL_STRENGTH);
  },
});
