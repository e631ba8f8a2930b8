import { log } from '@sema/simulator/elementary';
import { abstain, defineStreamingExpert, lean } from './expert.ts';
import { LogReturns } from './indicators/log-returns.ts';

/** Candles in the 12 months of daily candles that the paper looks back. */
const MOMENTUM_CANDLES = 252;
/** Standard deviations of the move at which the opinion is at full strength. */
const FULL_STRENGTH = 2;

/**
 * The sign of the past year's return, as strong as that return is unusual. The paper scales by an
 * exponentially weighted volatility; here all the year's returns weigh the same.
 */
export const timeSeriesMomentum = defineStreamingExpert({
  name: 'time-series-momentum',
  title: 'Time-series momentum, 12 months',
  source:
    'Moskowitz, Ooi & Pedersen (2012), Time series momentum, Journal of Financial Economics 104(2)',
  lookback: MOMENTUM_CANDLES + 1,
  stream: () => {
    const year = new LogReturns(MOMENTUM_CANDLES);
    return {
      take: ({ close }, index) => {
        year.take(close, index);
      },
      opinion: ({ close, length }) => {
        const variance = year.variance();
        if (variance === 0) return abstain('DEGENERATE_WINDOW');
        const momentum = log(close[length - 1] / close[length - 1 - MOMENTUM_CANDLES]);
        return lean(momentum / Math.sqrt(variance * MOMENTUM_CANDLES), FULL_STRENGTH);
      },
    };
  },
});
