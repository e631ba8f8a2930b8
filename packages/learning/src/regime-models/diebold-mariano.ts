import { exp } from '@sema/simulator/elementary';
import { requireEntry, requireInteger, requireLength, type Range } from '../validation.ts';

/** Whether one forecaster scores better than another, and how sure that is. */
export interface ScoreComparison {
  /** Mean of a's score less b's. */
  readonly mean: number;
  /** Its standard error, with serial correlation allowed for. */
  readonly error: number;
  /** mean ± 1.96 errors. */
  readonly interval: readonly [number, number];
  /** mean/error, standard normal when both are equally good; 0 when the scores are the same. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
}

const FINITE: Range = { min: -1e150, max: 1e150 };
const LENGTH_RANGE: Range = { min: 2, max: 1e8 };

/**
 * The test of Diebold and Mariano on two series of scores of the same one-step forecasts, with the
 * variance of Newey and West over ⌊T^⅓⌋ lags. O(T^{4/3}).
 *
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_SERIES`
 * @see Diebold & Mariano (1995); Newey & West (1987)
 */
export function compareScores(a: ArrayLike<number>, b: ArrayLike<number>): ScoreComparison {
  const length = requireInteger(a.length, 'scores', LENGTH_RANGE, 'LENGTH_MISMATCH');
  requireLength(b, 'b', length);
  const differences = new Float64Array(length);
  let mean = 0;
  for (let t = 0; t < length; t += 1) {
    const left = requireEntry(a, t, 'a', FINITE, 'INVALID_SERIES');
    differences[t] = left - requireEntry(b, t, 'b', FINITE, 'INVALID_SERIES');
    mean += differences[t] / length;
  }
  let lags = 0;
  while ((lags + 1) * (lags + 1) * (lags + 1) <= length) lags += 1;
  let variance = 0;
  for (let lag = 0; lag <= lags && lag < length; lag += 1) {
    let covariance = 0;
    for (let t = lag; t < length; t += 1) {
      covariance += ((differences[t] - mean) * (differences[t - lag] - mean)) / length;
    }
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * covariance;
  }
  const error = Math.sqrt(Math.max(0, variance) / length);
  const statistic = mean === 0 ? 0 : mean / error;
  const interval = [mean - 1.96 * error, mean + 1.96 * error] as const;
  return { mean, error, interval, statistic, pValue: twoSidedTail(statistic) };
}

/**
 * P(|Z| ≥ |z|) of a standard normal Z, absolute error below 1e-15; 0 from 8.3 on.
 *
 * @see Marsaglia (2004), Evaluating the normal distribution
 */
function twoSidedTail(z: number): number {
  const x = Math.abs(z);
  if (!(x < 8.3)) return 0;
  let term = x;
  let sum = x;
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  const density = 0.3989422804014327 * exp((-x * x) / 2);
  return Math.max(0, 1 - 2 * density * sum);
}
