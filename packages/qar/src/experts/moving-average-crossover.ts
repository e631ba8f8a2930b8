import { defineExpert, exceed } from './expert.ts';
import { mean } from './indicators/mean.ts';

const SHORT_CANDLES = 5;
const LONG_CANDLES = 150;
const BAND = 0.01;

/** Follows the short average when it is more than the band away from the long one. */
export const movingAverageCrossover = defineExpert({
  name: 'moving-average-crossover',
  title: 'Moving averages of 5 and 150 with a 1 % band',
  source:
    'Brock, Lakonishok & LeBaron (1992), Simple technical trading rules and the stochastic ' +
    'properties of stock returns, Journal of Finance 47(5), rule (5, 150, 0.01)',
  lookback: LONG_CANDLES,
  rule: ({ close, length }, from) => {
    const long = mean(close, from, length);
    const short = mean(close, length - SHORT_CANDLES, length);
    return exceed((short - long) / long, BAND, 'NO_SIGNAL');
  },
});
