import { abstain, defineExpert, exceed } from './expert.ts';
import { logPrices } from './indicators/log-prices.ts';
import { SMALLEST_SPREAD } from './indicators/returns.ts';

const CANDLES = 128;
/** Variance of the slope's steps as a share of the variance of the noise. */
const SIGNAL_TO_NOISE = 1 / 1600;
/** Two-sided 5 % point of the normal distribution. */
const CRITICAL = 1.959963984540054;

/** Follows the slope of a smooth trend through the log price when it differs from zero. */
export const localLinearTrend = defineExpert({
  name: 'local-linear-trend',
  title: 'Kalman filter of a local linear trend',
  source:
    'Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter; ' +
    'signal-to-noise ratio 1/1600 of Harvey & Jaeger (1993), Journal of Applied Econometrics 8(3)',
  // Long after the start: the filter forgets by a factor of about 0.89 a candle.
  lookback: CANDLES,
  rule: ({ close }, from) => {
    const { slope, slopeDeviation, noiseDeviation } = smoothTrend(logPrices(close, from), GAINS);
    if (noiseDeviation < SMALLEST_SPREAD) return abstain('DEGENERATE_WINDOW');
    return exceed(slope / slopeDeviation, CRITICAL, 'NOT_SIGNIFICANT');
  },
});

/** What the filter needs at each step; it depends on the model only, not on the series. */
interface TrendGains {
  readonly level: Float64Array;
  readonly slope: Float64Array;
  /** Variance of the one-step prediction error, relative to that of the noise. */
  readonly errorVariance: Float64Array;
  /** Variance of the slope after the last step, relative to that of the noise. */
  readonly slopeVariance: number;
}

/**
 * The filter for `length` ≥ 3 observations of level + noise, where the level grows by the slope and
 * the slope takes steps of variance `signalToNoise` times that of the noise. Nothing is known at
 * the start: the first two observations fix level and slope (an exact diffuse prior).
 */
export function smoothTrendGains(length: number, signalToNoise: number): TrendGains {
  const level = new Float64Array(length);
  const slope = new Float64Array(length);
  const errorVariance = new Float64Array(length);
  // Covariance of (level, slope) after two observations, in units of the noise variance.
  let levelVariance = 1;
  let covariance = 1;
  let slopeVariance = 2 + signalToNoise;
  for (let t = 2; t < length; t++) {
    levelVariance += 2 * covariance + slopeVariance;
    covariance += slopeVariance;
    slopeVariance += signalToNoise;
    errorVariance[t] = levelVariance + 1;
    level[t] = levelVariance / errorVariance[t];
    slope[t] = covariance / errorVariance[t];
    slopeVariance -= slope[t] * covariance;
    levelVariance *= 1 - level[t];
    covariance *= 1 - level[t];
  }
  return { level, slope, errorVariance, slopeVariance };
}

const GAINS = smoothTrendGains(CANDLES, SIGNAL_TO_NOISE);

/**
 * Level and slope at the end of the series, and the standard deviations of the slope and of the
 * noise, with the noise's variance as the prediction errors of this series estimate it.
 */
export function smoothTrend(
  series: Float64Array,
  gains: TrendGains,
): {
  readonly level: number;
  readonly slope: number;
  readonly slopeDeviation: number;
  readonly noiseDeviation: number;
} {
  let level = series[1];
  let slope = series[1] - series[0];
  let errors = 0;
  for (let t = 2; t < series.length; t++) {
    const error = series[t] - (level + slope);
    level += slope + gains.level[t] * error;
    slope += gains.slope[t] * error;
    errors += (error * error) / gains.errorVariance[t];
  }
  const noiseVariance = errors / (series.length - 2);
  return {
    level,
    slope,
    slopeDeviation: Math.sqrt(noiseVariance * gains.slopeVariance),
    noiseDeviation: Math.sqrt(noiseVariance),
  };
}
