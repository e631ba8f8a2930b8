import { abstain, defineStreamingExpert, lean } from './expert.ts';
import { LogReturns } from './indicators/log-returns.ts';

const MONTH_CANDLES = 22;
const YEAR_CANDLES = 252;

/**
 * Up when the managed portfolio holds more than the market, down when it holds less.
 *
 * The exposure is w = (variance of the year) / (variance of the month), with the year's variance as
 * the paper's constant c; the strength is 1 − 1/w above 1 and 1 − w below.
 */
export const volatilityManagedExposure = defineStreamingExpert({
  name: 'volatility-managed-exposure',
  title: 'Volatility-managed exposure, month against year',
  source:
    'Moreira & Muir (2017), Volatility-managed portfolios, Journal of Finance 72(4), equation (1)',
  lookback: YEAR_CANDLES + 1,
  stream: () => {
    const month = new LogReturns(MONTH_CANDLES);
    const year = new LogReturns(YEAR_CANDLES);
    return {
      take: ({ close }, index) => {
        month.take(close, index);
        year.take(close, index);
      },
      opinion: () => {
        const usual = year.variance();
        const recent = month.variance();
        const largest = Math.max(recent, usual);
        if (largest === 0) return abstain('DEGENERATE_WINDOW');
        return lean((usual - recent) / largest, 1);
      },
    };
  },
});
