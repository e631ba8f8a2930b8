import { log } from '@sema/simulator/elementary';
import { defineExpert, abstain, lean } from './expert.ts';
import { SMALLEST_SPREAD, simpleReturn } from './indicators/returns.ts';

/** Candles in the 12 months of daily candles that the paper looks back. */
const MOMENTUM_CANDLES = 252;
/** Centre of mass of the weights of the volatility, in candles. */
const CENTRE_OF_MASS = 60;
/** Standard deviations of the move at which the opinion is at full strength. */
const FULL_STRENGTH = 2;

/** The sign of the past year's return, as strong as that return is unusual. */
export const timeSeriesMomentum = defineExpert({
  name: 'time-series-momentum',
  title: 'Time-series momentum, 12 months',
  source:
    'Moskowitz, Ooi & Pedersen (2012), Time series momentum, Journal of Financial Economics 104(2)',
  lookback: MOMENTUM_CANDLES + 1,
  rule: ({ close, length }, from) => {
    const volatility = exAnteVolatility(close, from + 1, length);
    if (volatility < SMALLEST_SPREAD) return abstain('DEGENERATE_WINDOW');
    const momentum = log(close[length - 1] / close[from]);
    return lean(momentum / (volatility * Math.sqrt(MOMENTUM_CANDLES)), FULL_STRENGTH);
  },
});

/**
 * Exponentially weighted standard deviation of the simple returns of candles [from, to), per
 * candle, the latest weighing most; the paper's equation (1) without the scaling to a year.
 */
export function exAnteVolatility(close: Float64Array, from: number, to: number): number {
  const decay = CENTRE_OF_MASS / (1 + CENTRE_OF_MASS);
  let weights = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    weights = weights * decay + 1;
    sum = sum * decay + simpleReturn(close, i);
  }
  const average = sum / weights;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const deviation = simpleReturn(close, i) - average;
    squares = squares * decay + deviation * deviation;
  }
  return Math.sqrt(squares / weights);
}
