import { log, pow } from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { QarError } from '../errors.ts';
import { checkProbability, checkReplications, checkSample, isConstant } from './sample-checks.ts';

/** Fills an array with the rows of one resample, as many as there are. */
export type Resampler = (rows: Uint32Array) => void;

export interface BootstrapOptions {
  readonly resample: Resampler;
  /** In [1, 10^6]. */
  readonly replications: number;
}

export interface PairedInterval {
  /** Mean of left minus right. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Share of the resamples in which the difference is above 0. */
  readonly shareAbove: number;
}

/**
 * The stationary bootstrap: blocks that start anywhere, wrap around, and end with probability
 * 1/`meanBlock` after each row.
 *
 * @param meanBlock - ≥ 1; 1 draws rows independently.
 * @throws {QarError} `BAD_SAMPLE`
 * @see Politis & Romano (1994), The stationary bootstrap.
 */
export function stationaryBootstrap(meanBlock: number, random: RandomSource): Resampler {
  if (!(meanBlock >= 1 && meanBlock < Infinity)) {
    throw new QarError('BAD_SAMPLE', `meanBlock is ${meanBlock}, not a number of at least 1`);
  }
  const ends = 1 / meanBlock;
  return (rows) => {
    const count = rows.length;
    for (let i = 0; i < count; i++) {
      const goesOn = i > 0 && random.next() >= ends;
      rows[i] = goesOn ? (rows[i - 1] + 1) % count : Math.floor(random.next() * count);
    }
  };
}

/**
 * The mean block that lets the stationary bootstrap estimate the variance of a mean best, in
 * [1, min(3√n, n/3)]; 1 for values that do not vary. O(n^1.5).
 *
 * @throws {QarError} `BAD_SAMPLE` with fewer than nine values.
 * @see Politis & White (2004) with the correction of Patton, Politis & White (2009).
 */
export function optimalMeanBlock(values: ArrayLike<number>): number {
  checkSample('values', values, 9);
  const count = values.length;
  if (isConstant(values)) return 1;
  const { covariances, correlations } = autocovariances(values);
  const lag = cutOff(correlations, count);
  let weighted = 0;
  let longRun = covariances[0];
  for (let k = 1; k <= lag; k++) {
    const taper = 2 * k <= lag ? 1 : 2 * (1 - k / lag);
    weighted += 2 * taper * k * covariances[k];
    longRun += 2 * taper * covariances[k];
  }
  if (longRun === 0) return 1;
  const most = Math.ceil(Math.min(3 * Math.sqrt(count), count / 3));
  const best = pow(((weighted * weighted) / (longRun * longRun)) * count, 1 / 3);
  return Math.max(1, Math.min(best, most));
}

/**
 * Percentile interval of the mean difference between two series over the same periods, which are
 * resampled together.
 *
 * @param confidence - between 0 and 1, such as 0.95.
 * @throws {QarError} `BAD_SAMPLE`
 */
export function pairedInterval(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  confidence: number,
  { resample, replications }: BootstrapOptions,
): PairedInterval {
  checkSample('left', left, 2);
  checkSample('right', right, 2);
  checkProbability('confidence', confidence);
  checkReplications(replications);
  if (left.length !== right.length) {
    throw new QarError('BAD_SAMPLE', `${left.length} values cannot pair with ${right.length}`);
  }
  const differences = Float64Array.from(left, (value, i) => value - right[i]);
  const rows = new Uint32Array(left.length);
  const means = new Float64Array(replications);
  for (let b = 0; b < replications; b++) {
    resample(rows);
    means[b] = meanOf(differences, rows);
  }
  let above = 0;
  for (const mean of means) if (mean > 0) above++;
  means.sort();
  let difference = 0;
  for (const value of differences) difference += value / differences.length;
  return {
    difference,
    low: quantileOf(means, (1 - confidence) / 2),
    high: quantileOf(means, (1 + confidence) / 2),
    shareAbove: above / replications,
  };
}

/** Of sorted values, between neighbours by the distance to each. */
export function quantileOf(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Mean of the values at the rows of a resample. */
export function meanOf(values: ArrayLike<number>, rows: Uint32Array): number {
  let sum = 0;
  for (const row of rows) sum += values[row];
  return sum / rows.length;
}

/** At lags 0 … ⌈√n⌉ + max(5, ⌊log10 n⌋). */
function autocovariances(values: ArrayLike<number>) {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] / count;
  const lags = Math.min(count - 2, Math.ceil(Math.sqrt(count)) + runLength(count)) + 1;
  const covariances = new Float64Array(lags);
  const correlations = new Float64Array(lags);
  for (let lag = 0; lag < lags; lag++) {
    let [products, later, earlier] = [0, 0, 0];
    for (let i = lag; i < count; i++) {
      const [now, then] = [values[i] - mean, values[i - lag] - mean];
      products += now * then;
      // The reference leaves one more row out of either norm.
      if (i > lag) {
        later += now * now;
        const before = values[i - lag - 1] - mean;
        earlier += before * before;
      }
    }
    covariances[lag] = products / count;
    correlations[lag] = Math.abs(products) / Math.sqrt(later * earlier);
  }
  return { covariances, correlations };
}

function runLength(count: number): number {
  return Math.max(5, Math.floor(log10(count)));
}

/** Twice the first lag after which a run of correlations cannot be told from none. */
function cutOff(correlations: Float64Array, count: number): number {
  const most = correlations.length - 1;
  const run = runLength(count);
  const noise = 2 * Math.sqrt(log10(count) / count);
  for (let lag = run; lag <= most; lag++) {
    const quiet = correlations.subarray(lag - run, lag).every((value) => value < noise);
    if (quiet) return Math.min(most, 2 * Math.max(1, lag - run));
  }
  return most;
}

function log10(x: number): number {
  return log(x) / 2.302_585_092_994_046;
}
