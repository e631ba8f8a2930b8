import { abstain, defineStreamingExpert, exceed } from './expert.ts';
import { AnchoredRecursion } from './indicators/anchored-recursion.ts';
import { logRatio } from './indicators/log-ratio.ts';
import { SMALLEST_SPREAD } from './indicators/smallest-spread.ts';

/** Long after any start: the filter forgets by a factor of about 0.89 a candle. */
const REGION = { lookback: 192, first: 0, choices: 64 };
/** Variance of the slope's steps as a share of the variance of the noise. */
const SIGNAL_TO_NOISE = 1 / 1600;
/** Two-sided 5 % point of the normal distribution. */
const CRITICAL = 1.959963984540054;

/** Follows the slope of a smooth trend through the log price when it differs from zero. */
export const localLinearTrend = defineStreamingExpert({
  name: 'local-linear-trend',
  title: 'Kalman filter of a local linear trend',
  source:
    'Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter; ' +
    'signal-to-noise ratio 1/1600 of Harvey & Jaeger (1993), Journal of Applied Econometrics 8(3)',
  lookback: REGION.lookback,
  stream: () => {
    const trend = new SmoothTrend(GAINS);
    const recursion = new AnchoredRecursion(
      {
        start: () => {
          trend.start();
        },
        step: ({ close }, index) => {
          trend.step(logRatio(close[index - 1], close[index]));
        },
      },
      REGION,
    );
    return {
      take: (window, index) => {
        recursion.take(window, index);
      },
      opinion: () => {
        const { slope, slopeDeviation, noiseDeviation } = trend;
        if (noiseDeviation < SMALLEST_SPREAD) return abstain('DEGENERATE_WINDOW');
        return exceed(slope / slopeDeviation, CRITICAL, 'NOT_SIGNIFICANT');
      },
    };
  },
});

/** What the filter needs at each step; it depends on the model only, not on the series. */
interface TrendGains {
  readonly level: Float64Array;
  readonly slope: Float64Array;
  /** Variance of the one-step prediction error, relative to that of the noise. */
  readonly errorVariance: Float64Array;
  /** Variance of the slope after each step, relative to that of the noise. */
  readonly slopeVariance: Float64Array;
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
  const slopeVariances = new Float64Array(length);
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
    slopeVariances[t] = slopeVariance;
  }
  return { level, slope, errorVariance, slopeVariance: slopeVariances };
}

const GAINS = smoothTrendGains(REGION.lookback, SIGNAL_TO_NOISE);

/** The filter along a series given by its steps; with fewer than three values all is NaN. */
export class SmoothTrend {
  readonly #gains: TrendGains;
  #last = 0;
  #level = 0;
  #slope = 0;
  #errors = 0;
  /** Index of the last value. */
  #t = 0;

  /** @param gains - for the longest series that will be given. */
  constructor(gains: TrendGains) {
    this.#gains = gains;
  }

  /** Begins with the first value, 0. */
  start(): void {
    this.#last = 0;
    this.#level = 0;
    this.#slope = 0;
    this.#errors = 0;
    this.#t = 0;
  }

  /** @param change - from the last value to this. */
  step(change: number): void {
    this.#last += change;
    const t = ++this.#t;
    if (t === 1) {
      this.#level = this.#last;
      this.#slope = change;
      return;
    }
    const { level, slope, errorVariance } = this.#gains;
    const error = this.#last - (this.#level + this.#slope);
    this.#level += this.#slope + level[t] * error;
    this.#slope += slope[t] * error;
    this.#errors += (error * error) / errorVariance[t];
  }

  /** At the last value. */
  get level(): number {
    return this.#level;
  }

  get slope(): number {
    return this.#slope;
  }

  /** Standard deviation of the noise, as the prediction errors of this series estimate it. */
  get noiseDeviation(): number {
    return Math.sqrt(this.#errors / (this.#t - 1));
  }

  /** Standard deviation of the slope, with that noise. */
  get slopeDeviation(): number {
    return this.noiseDeviation * Math.sqrt(this.#gains.slopeVariance[this.#t]);
  }
}
