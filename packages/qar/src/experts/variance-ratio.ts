import { abstain, defineExpert, exceed } from './expert.ts';
import { logPrices } from './indicators/log-prices.ts';
import { SMALLEST_SPREAD } from './indicators/returns.ts';

const CANDLES = 256;
const PERIOD = 2;
/** Two-sided 5 % point of the normal distribution. */
const CRITICAL = 1.959963984540054;

/**
 * Expects the last move to go on where returns persist (ratio above 1), to come back where they
 * revert (below 1), and nothing where a random walk is not rejected.
 */
export const varianceRatio = defineExpert({
  name: 'variance-ratio',
  title: 'Persistence by the variance ratio of 2 candles to 1',
  source:
    'Lo & MacKinlay (1988), Stock market prices do not follow random walks, Review of Financial ' +
    'Studies 1(1), heteroskedasticity-consistent z*(2)',
  lookback: CANDLES,
  rule: ({ close, length }, from) => {
    const { statistic } = varianceRatioTest(logPrices(close, from), PERIOD);
    if (Number.isNaN(statistic)) return abstain('DEGENERATE_WINDOW');
    const lastMove = Math.sign(close[length - 1] - close[length - 2]);
    if (lastMove === 0) return abstain('NO_SIGNAL');
    return exceed(statistic * lastMove, CRITICAL, 'NOT_SIGNIFICANT');
  },
});

/**
 * Variance of `period`-step changes of a series over `period` times that of single steps, unbiased
 * and with overlapping changes, and its test statistic: asymptotically standard normal when the
 * steps are uncorrelated, also with changing variance. O(length · period).
 *
 * @param series - log prices, more than `period` + 1 of them.
 * @returns NaN for both when the steps do not vary.
 * @see Lo & MacKinlay (1988), section 1
 */
export function varianceRatioTest(
  series: Float64Array,
  period: number,
): { readonly ratio: number; readonly statistic: number } {
  const steps = series.length - 1;
  const drift = (series[steps] - series[0]) / steps;
  const squares = new Float64Array(steps);
  let sum = 0;
  for (let t = 0; t < steps; t++) {
    const deviation = series[t + 1] - series[t] - drift;
    squares[t] = deviation * deviation;
    sum += squares[t];
  }
  if (!(sum > steps * SMALLEST_SPREAD * SMALLEST_SPREAD)) return { ratio: NaN, statistic: NaN };

  let longSum = 0;
  for (let t = period; t <= steps; t++) {
    const deviation = series[t] - series[t - period] - period * drift;
    longSum += deviation * deviation;
  }
  const longVariance = longSum / (period * (steps - period + 1) * (1 - period / steps));
  const ratio = longVariance / (sum / (steps - 1));

  let ratioVariance = 0;
  for (let lag = 1; lag < period; lag++) {
    let products = 0;
    for (let t = lag; t < steps; t++) products += squares[t] * squares[t - lag];
    const weight = (2 * (period - lag)) / period;
    ratioVariance += (weight * weight * products) / (sum * sum);
  }
  return { ratio, statistic: (ratio - 1) / Math.sqrt(ratioVariance) };
}
