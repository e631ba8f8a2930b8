import { QarError } from '../errors.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { checkCount, checkProbability, checkSample, isConstant } from './sample-checks.ts';

/** What a series of returns says of its Sharpe ratio, per period and not annualised. */
export interface SharpeMoments {
  /** Returns in the series. */
  readonly count: number;
  /** Mean over population standard deviation. */
  readonly sharpe: number;
  /** Bias-corrected. */
  readonly skewness: number;
  /** Bias-corrected, 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** How many strategies were tried, and how their Sharpe ratios spread. */
export interface TrialSpread {
  readonly trials: number;
  /** Variance of the trials' Sharpe ratios, per period and not annualised. */
  readonly variance: number;
}

const EULER_MASCHERONI = 0.577_215_664_901_532_9;
const E = 2.718_281_828_459_045;

/**
 * The moments of returns, `undefined` where they do not vary. O(n).
 *
 * @throws {QarError} `BAD_SAMPLE` with fewer than four returns, or one that is not finite.
 */
export function sharpeMoments(returns: ArrayLike<number>): SharpeMoments | undefined {
  checkSample('returns', returns, 4);
  if (isConstant(returns)) return undefined;
  const count = returns.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += returns[i];
  const mean = sum / count;
  let [m2, m3, m4] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const deviation = returns[i] - mean;
    const square = deviation * deviation;
    m2 += square / count;
    m3 += (square * deviation) / count;
    m4 += (square * square) / count;
  }
  // Squares may vanish below the smallest double.
  if (!(m2 * m2 > 0)) return undefined;
  const skewness = m3 / (m2 * Math.sqrt(m2));
  const excess = m4 / (m2 * m2) - 3;
  return {
    count,
    sharpe: mean / Math.sqrt(m2),
    skewness: (Math.sqrt(count * (count - 1)) / (count - 2)) * skewness,
    kurtosis: ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * excess + 6) + 3,
  };
}

/**
 * Probability that the true Sharpe ratio is above `benchmark`, given a series as long, as skewed
 * and as fat-tailed as this one.
 *
 * @param benchmark - per period, as the moments are.
 * @throws {QarError} `BAD_SAMPLE` where the higher moments are too extreme for the approximation.
 * @see Bailey & López de Prado (2012), The Sharpe ratio efficient frontier.
 */
export function probabilisticSharpe(moments: SharpeMoments, benchmark: number): number {
  const { count, sharpe } = moments;
  if (!Number.isFinite(benchmark)) {
    throw new QarError('BAD_SAMPLE', `benchmark is ${benchmark}, not a finite number`);
  }
  const error = Math.sqrt(estimatorVariance(moments) / (count - 1));
  return normalCdf((sharpe - benchmark) / error);
}

/**
 * The Sharpe ratio that the best of so many trials without any skill is expected to show, per
 * period; 0 for a single trial.
 *
 * @throws {QarError} `BAD_SAMPLE`
 * @see Bailey & López de Prado (2014), The deflated Sharpe ratio.
 */
export function expectedMaximumSharpe({ trials, variance }: TrialSpread): number {
  checkCount('trials', trials, 1, Number.MAX_SAFE_INTEGER);
  if (!(variance >= 0 && variance < Infinity)) {
    throw new QarError('BAD_SAMPLE', `variance is ${variance}, not a finite number of at least 0`);
  }
  if (trials === 1) return 0;
  const best =
    (1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / trials) +
    EULER_MASCHERONI * normalQuantile(1 - 1 / (trials * E));
  return Math.sqrt(variance) * best;
}

/** The probabilistic Sharpe ratio against what the best of the trials would show by luck. */
export function deflatedSharpe(moments: SharpeMoments, spread: TrialSpread): number {
  return probabilisticSharpe(moments, expectedMaximumSharpe(spread));
}

/**
 * Returns that a series with these moments needs before its Sharpe ratio is above `benchmark` with
 * that confidence; Infinity where it is not above it at all.
 *
 * @param confidence - between 0 and 1, such as 0.95.
 * @throws {QarError} `BAD_SAMPLE`
 * @see Bailey & López de Prado (2012), The Sharpe ratio efficient frontier.
 */
export function minimumTrackRecord(
  moments: SharpeMoments,
  benchmark: number,
  confidence: number,
): number {
  checkProbability('confidence', confidence);
  const lead = moments.sharpe - benchmark;
  const variance = estimatorVariance(moments);
  if (!(lead > 0)) return Infinity;
  const ratio = normalQuantile(confidence) / lead;
  return 1 + Math.ceil(variance * ratio * ratio);
}

/** Variance of the estimated Sharpe ratio, times n − 1. */
function estimatorVariance({ sharpe, skewness, kurtosis }: SharpeMoments): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  if (variance > 0 && variance < Infinity) return variance;
  const rule = `skewness ${skewness} and kurtosis ${kurtosis} leave a Sharpe ratio of ${sharpe} `;
  throw new QarError('BAD_SAMPLE', `${rule}no positive variance`);
}
