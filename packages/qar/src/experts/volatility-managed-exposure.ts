import { abstain, defineExpert, lean } from './expert.ts';
import { returnVariance, SMALLEST_SPREAD } from './indicators/returns.ts';

const MONTH_CANDLES = 22;
const YEAR_CANDLES = 252;

/**
 * Up when the managed portfolio holds more than the market, down when it holds less.
 *
 * The exposure is w = (variance of the year) / (variance of the month), with the year's variance as
 * the paper's constant c; the strength is 1 − 1/w above 1 and 1 − w below.
 */
export const volatilityManagedExposure = defineExpert({
  name: 'volatility-managed-exposure',
  title: 'Volatility-managed exposure, month against year',
  source:
    'Moreira & Muir (2017), Volatility-managed portfolios, Journal of Finance 72(4), equation (1)',
  lookback: YEAR_CANDLES + 1,
  rule: ({ close, length }, from) => {
    const month = returnVariance(close, length - MONTH_CANDLES, length);
    const year = returnVariance(close, from + 1, length);
    const largest = Math.max(month, year);
    if (largest < SMALLEST_SPREAD * SMALLEST_SPREAD) return abstain('DEGENERATE_WINDOW');
    return lean((year - month) / largest, 1);
  },
});
