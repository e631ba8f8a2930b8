import { log, pow } from '@sema/simulator/elementary';
import { QarError } from '../errors.ts';
import { meanOf } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { checkColumns, checkReplications, isConstant } from './sample-checks.ts';

export interface SuperiorityOptions extends BootstrapOptions {
  /** Mean block of the resampler, which the variances are estimated with too. */
  readonly meanBlock: number;
  /** Whether each strategy is measured in its own standard errors, as Hansen advises. */
  readonly studentized: boolean;
}

/** p-values of "none of the strategies is better than the benchmark". */
export interface Superiority {
  /** Index of the strategy with the highest statistic. */
  readonly best: number;
  /** Every poor strategy is taken to be as bad as it looks: the smallest. */
  readonly lower: number;
  /** Poor strategies beyond a vanishing bound do not count: the one to quote. */
  readonly consistent: number;
  /** Every strategy is taken to be as good as the benchmark: White's. */
  readonly upper: number;
}

/**
 * White's reality check: how often resamples without any edge have a best mean gain above the one
 * that was seen.
 *
 * @param gains - of each strategy: its return minus the benchmark's in each period.
 * @throws {QarError} `BAD_SAMPLE`
 * @see White (2000), A reality check for data snooping.
 */
export function realityCheck(
  gains: readonly ArrayLike<number>[],
  options: BootstrapOptions & { readonly meanBlock: number },
): number {
  return superiorPredictiveAbility(gains, { ...options, studentized: false }).upper;
}

/**
 * Hansen's test for superior predictive ability. O(replications · strategies · periods).
 *
 * @param gains - as of `realityCheck`.
 * @throws {QarError} `BAD_SAMPLE`
 * @see Hansen (2005), A test for superior predictive ability.
 */
export function superiorPredictiveAbility(
  gains: readonly ArrayLike<number>[],
  options: SuperiorityOptions,
): Superiority {
  const { resample, replications, meanBlock, studentized } = options;
  // Below it ln ln n has no root.
  checkColumns('gains', gains, 4);
  checkReplications(replications);
  if (!(meanBlock >= 1 && meanBlock < Infinity)) {
    throw new QarError('BAD_SAMPLE', `meanBlock is ${meanBlock}, not a number of at least 1`);
  }
  const strategies = gains.map((column) => strategyOf(column, meanBlock, studentized));
  let best = 0;
  for (let k = 1; k < strategies.length; k++) {
    if (strategies[k].statistic > strategies[best].statistic) best = k;
  }
  const seen = strategies[best].statistic;
  const rows = new Uint32Array(gains[0].length);
  const exceeded = { lower: 0, consistent: 0, upper: 0 };
  for (let b = 0; b < replications; b++) {
    resample(rows);
    const most = { lower: -Infinity, consistent: -Infinity, upper: -Infinity };
    strategies.forEach(({ mean, scale, isPoor }, k) => {
      const drawn = meanOf(gains[k], rows);
      const centred = (drawn - mean) * scale;
      const left = drawn * scale;
      most.upper = Math.max(most.upper, centred);
      most.consistent = Math.max(most.consistent, isPoor ? left : centred);
      most.lower = Math.max(most.lower, mean < 0 ? left : centred);
    });
    if (most.lower > seen) exceeded.lower++;
    if (most.consistent > seen) exceeded.consistent++;
    if (most.upper > seen) exceeded.upper++;
  }
  return {
    best,
    lower: exceeded.lower / replications,
    consistent: exceeded.consistent / replications,
    upper: exceeded.upper / replications,
  };
}

function strategyOf(gains: ArrayLike<number>, meanBlock: number, studentized: boolean) {
  const count = gains.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += gains[i] / count;
  // A strategy that is always the benchmark gains nothing, in whatever unit.
  const variance = isConstant(gains) ? 0 : longRunVariance(gains, mean, meanBlock);
  const scale = studentized ? (variance > 0 ? Math.sqrt(count / variance) : 0) : 1;
  const bound = -Math.sqrt((variance / count) * 2 * log(log(count)));
  return { mean, scale, statistic: mean * scale, isPoor: mean < bound };
}

/** Variance of √n times the mean under the stationary bootstrap, in closed form. */
function longRunVariance(gains: ArrayLike<number>, mean: number, meanBlock: number): number {
  const count = gains.length;
  const stays = 1 - 1 / meanBlock;
  let variance = 0;
  for (let lag = 0; lag < count; lag++) {
    const share = lag / count;
    const weight =
      lag === 0 ? 1 : 2 * ((1 - share) * pow(stays, lag) + share * pow(stays, count - lag));
    // The weight falls and then rises again, as blocks wrap around.
    if (weight < 1e-15) continue;
    let products = 0;
    for (let i = lag; i < count; i++) products += (gains[i - lag] - mean) * (gains[i] - mean);
    variance += (weight * products) / count;
  }
  return Math.max(0, variance);
}
