import { REGIMES, regimeMemberships, thresholdsFor } from '@sema/learning';
import { filterHmm, fitHmm, logNormalDensity } from '@sema/learning/regime-models';
import { advance, type GaussianHmm } from '@sema/learning/regime-models';
import { featuresAt, percentReturns, WINDOW, type MarketSeries } from './market-series.ts';

/** One-step log scores per forecaster, of the same returns. */
export interface LogScores {
  readonly regimes: Float64Array;
  readonly 'single regime': Float64Array;
  readonly HMM: Float64Array;
  readonly 'volatility threshold': Float64Array;
}

/** Returns before the first score: everybody learns from them. */
const TRAINING = 750;
/** Returns between two fits of the HMM. */
const REFIT = 250;
const EWMA_DECAY = 0.94;
/** Squared returns that a regime's variance starts with, at the variance of the training part. */
const PRIOR_ROUNDS = 20;

/**
 * Everybody forecasts the next return as a normal distribution or a mixture of them, from the past
 * alone, and is scored by the log density of what came.
 */
export function logScores(series: MarketSeries): LogScores {
  const returns = percentReturns(series);
  const scores = (forecaster: Forecaster) => {
    const all = new Float64Array(returns.length - TRAINING);
    for (let t = WINDOW; t < returns.length; t++) {
      if (t >= TRAINING) all[t - TRAINING] = forecaster.score(t);
      forecaster.learn(t);
    }
    return all;
  };
  return {
    regimes: scores(regimeForecaster(series, returns)),
    'single regime': scores(singleForecaster(returns)),
    HMM: scores(hmmForecaster(returns)),
    'volatility threshold': scores(thresholdForecaster(returns)),
  };
}

/** Entry t of the returns is scored before it is learned. */
interface Forecaster {
  readonly score: (t: number) => number;
  readonly learn: (t: number) => void;
}

/** Σ membership · N(0, variance of the regime), the variances learned by membership. */
function regimeForecaster(series: MarketSeries, returns: Float64Array): Forecaster {
  const usual = Math.sqrt(meanSquare(returns, 0, TRAINING)) / 100;
  const thresholds = thresholdsFor(usual * Math.sqrt(series.periodsPerYear));
  const start = meanSquare(returns, 0, TRAINING);
  const classes = REGIMES.map(() => new RunningVariance(start));
  const membershipsAt = (t: number) => regimeMemberships(featuresAt(series, t), thresholds);
  return {
    score: (t) => {
      const memberships = membershipsAt(t);
      return logMixture(memberships, classes, returns[t]);
    },
    learn: (t) => {
      const memberships = membershipsAt(t);
      classes.forEach((variance, regime) => {
        variance.add(returns[t], memberships[regime]);
      });
    },
  };
}

/** One normal distribution with the variance of all the past. */
function singleForecaster(returns: Float64Array): Forecaster {
  const variance = new RunningVariance(meanSquare(returns, 0, TRAINING));
  return {
    score: (t) => logNormalDensity(returns[t], 0, variance.deviation),
    learn: (t) => {
      variance.add(returns[t], 1);
    },
  };
}

/**
 * Two classes, by whether exponentially weighted volatility is above the median of its past year.
 */
function thresholdForecaster(returns: Float64Array): Forecaster {
  const start = meanSquare(returns, 0, TRAINING);
  const classes = [new RunningVariance(start), new RunningVariance(start)];
  let ewma = start;
  const past: number[] = [];
  const classNow = () => {
    const sorted = past.slice(-250).sort((a, b) => a - b);
    return ewma > (sorted[Math.floor(sorted.length / 2)] ?? start) ? 1 : 0;
  };
  return {
    score: (t) => logNormalDensity(returns[t], 0, classes[classNow()].deviation),
    learn: (t) => {
      classes[classNow()].add(returns[t], 1);
      past.push(ewma);
      ewma = EWMA_DECAY * ewma + (1 - EWMA_DECAY) * returns[t] * returns[t];
    },
  };
}

/** Two hidden regimes, fitted anew every 250 returns to all the past, filtered in between. */
function hmmForecaster(returns: Float64Array): Forecaster {
  let model: GaussianHmm | undefined;
  let next = new Float64Array(2);
  const fit = (t: number) => {
    const options = { states: 2, iterations: 50, tolerance: 0.01 };
    model = fitHmm(returns.subarray(0, t), { ...options, ...(model && { start: model }) }).model;
    const { filtered } = filterHmm(returns.subarray(0, t), model);
    next = new Float64Array(2);
    advance(filtered.slice(-2), model.transition, next);
  };
  const densities = ({ means, deviations }: GaussianHmm, t: number) =>
    Float64Array.from(means, (mean, s) =>
      Math.exp(logNormalDensity(returns[t], mean, deviations[s])),
    );
  return {
    score: (t) => {
      if ((t - TRAINING) % REFIT === 0) fit(t);
      if (model === undefined) throw new Error('scored before the first fit');
      const density = densities(model, t);
      return Math.log(next[0] * density[0] + next[1] * density[1]);
    },
    learn: (t) => {
      if (model === undefined) return;
      const density = densities(model, t);
      const total = next[0] * density[0] + next[1] * density[1];
      const now = next.map((share, s) => (share * density[s]) / total);
      advance(now, model.transition, next);
    },
  };
}

/** The weighted mean square of returns, beginning with some at a given variance. */
class RunningVariance {
  #weight = PRIOR_ROUNDS;
  #squares: number;

  constructor(variance: number) {
    this.#squares = PRIOR_ROUNDS * variance;
  }

  get deviation(): number {
    return Math.sqrt(this.#squares / this.#weight);
  }

  add(value: number, weight: number): void {
    this.#weight += weight;
    this.#squares += weight * value * value;
  }
}

function logMixture(
  memberships: Float64Array,
  classes: readonly RunningVariance[],
  value: number,
): number {
  const density = classes.reduce(
    (sum, { deviation }, k) =>
      sum + memberships[k] * Math.exp(logNormalDensity(value, 0, deviation)),
    0,
  );
  return Math.log(density);
}

function meanSquare(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let t = from; t < to; t++) sum += values[t] * values[t];
  return sum / (to - from);
}
