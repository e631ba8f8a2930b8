import { log } from '@sema/simulator/elementary';
import { LearningError } from '../errors.ts';
import { requireEntry, requireInteger, requireLength, type Range } from '../validation.ts';
import { hamiltonFilter, stationaryDistribution, type FilteredRegimes } from './regime-filter.ts';
import type { RegimeChain } from './regime-filter.ts';

const HALF_LOG_TAU = 0.9189385332046728;
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
const POSITIVE: Range = { min: Number.MIN_VALUE, max: Number.MAX_VALUE };
const ORDER_RANGE: Range = { min: 0, max: 6 };

/** y_t = intercept_s + Σ coefficient_s,k x_t,k + deviation_s ε_t, in regime s. */
export interface SwitchingRegression {
  /** k × k, row-major: entry (i, j) is P(j next | i now). */
  readonly transition: Float64Array;
  readonly intercepts: ArrayLike<number>;
  /** Per regime its coefficients, as many as there are regressors. */
  readonly coefficients: readonly ArrayLike<number>[];
  readonly deviations: ArrayLike<number>;
}

/** y_t − μ_s = Σ φ_i (y_{t−i} − μ_{s at t−i}) + deviation · ε_t. */
export interface SwitchingAutoregression {
  /** k × k, row-major: entry (i, j) is P(j next | i now). */
  readonly transition: Float64Array;
  readonly means: ArrayLike<number>;
  /** φ_1 … φ_p, in every regime the same. */
  readonly lags: ArrayLike<number>;
  readonly deviation: number;
}

/** ln of the normal density. */
export function logNormalDensity(value: number, mean: number, deviation: number): number {
  const z = (value - mean) / deviation;
  return -HALF_LOG_TAU - log(deviation) - (z * z) / 2;
}

/**
 * A regression whose intercept, coefficients and deviation follow the regime, filtered from the
 * chain's stationary distribution.
 *
 * @param series - T finite numbers.
 * @param regressors - each T finite numbers; none for switching means.
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_SERIES`, `INVALID_MEMBERSHIPS`
 * @see Hamilton (1994), Time Series Analysis, ch. 22
 */
export function filterRegression(
  series: ArrayLike<number>,
  regressors: readonly ArrayLike<number>[],
  model: SwitchingRegression,
): { readonly regimes: FilteredRegimes; readonly chain: RegimeChain } {
  const states = model.intercepts.length;
  requireLength(model.coefficients, 'coefficients', states);
  requireLength(model.deviations, 'deviations', states);
  for (const regressor of regressors) requireLength(regressor, 'a regressor', series.length);
  for (let s = 0; s < states; s += 1) {
    requireEntry(model.deviations, s, 'deviations', POSITIVE, 'INVALID_SERIES');
    requireLength(model.coefficients[s], 'the coefficients of a regime', regressors.length);
  }
  const logDensities = new Float64Array(series.length * states);
  for (let t = 0; t < series.length; t += 1) {
    const value = requireEntry(series, t, 'series', FINITE, 'INVALID_SERIES');
    for (let s = 0; s < states; s += 1) {
      let mean = model.intercepts[s];
      regressors.forEach((regressor, k) => {
        mean += model.coefficients[s][k] * regressor[t];
      });
      logDensities[t * states + s] = logNormalDensity(value, mean, model.deviations[s]);
    }
  }
  const initial = stationaryDistribution(model.transition);
  const chain = { transition: model.transition, initial };
  return { regimes: hamiltonFilter(logDensities, chain), chain };
}

/**
 * Hamilton's autoregression around a switching mean: a chain of the last p + 1 regimes, k^(p+1)
 * states of it, whose state is Σ s_{t−i} k^i. The first p observations are taken as given.
 *
 * @param series - more than p finite numbers.
 * @returns the regimes of the long chain, and the chain.
 * @throws {LearningError} `INVALID_SERIES`, `TOO_LARGE` above 256 states, `INVALID_MEMBERSHIPS`
 * @see Hamilton (1989)
 */
export function filterAutoregression(
  series: ArrayLike<number>,
  model: SwitchingAutoregression,
): { readonly regimes: FilteredRegimes; readonly chain: RegimeChain } {
  const states = model.means.length;
  const order = requireInteger(model.lags.length, 'lags', ORDER_RANGE, 'TOO_LARGE');
  let combinations = states;
  for (let i = 0; i < order; i += 1) combinations *= states;
  if (combinations > 256) {
    throw new LearningError('TOO_LARGE', `${combinations} states are above 256`);
  }
  requireEntry([model.deviation], 0, 'deviation', POSITIVE, 'INVALID_SERIES');
  if (!(series.length > order)) {
    throw new LearningError('INVALID_SERIES', `${series.length} observations for ${order} lags`);
  }
  const chain = longChain(model.transition, states, order, combinations);
  const times = series.length - order;
  const logDensities = new Float64Array(times * combinations);
  for (let t = 0; t < times; t += 1) {
    for (let state = 0; state < combinations; state += 1) {
      let rest = state;
      let error = 0;
      for (let i = 0; i <= order; i += 1) {
        const value = requireEntry(series, t + order - i, 'series', FINITE, 'INVALID_SERIES');
        const deviation = value - model.means[rest % states];
        error += i === 0 ? deviation : -model.lags[i - 1] * deviation;
        rest = Math.floor(rest / states);
      }
      logDensities[t * combinations + state] = logNormalDensity(error, 0, model.deviation);
    }
  }
  return { regimes: hamiltonFilter(logDensities, chain), chain };
}

/** T × k probabilities of the present regime, from those of the long chain. */
export function presentRegimes(
  probabilities: Float64Array,
  combinations: number,
  states: number,
): Float64Array {
  const times = probabilities.length / combinations;
  const present = new Float64Array(times * states);
  for (let t = 0; t < times; t += 1) {
    for (let state = 0; state < combinations; state += 1) {
      present[t * states + (state % states)] += probabilities[t * combinations + state];
    }
  }
  return present;
}

/** From (s_t, …, s_{t−p}) to (s_{t+1}, s_t, …): the oldest is dropped. */
function longChain(
  transition: Float64Array,
  states: number,
  order: number,
  combinations: number,
): RegimeChain {
  const long = new Float64Array(combinations * combinations);
  const kept = combinations / states;
  for (let state = 0; state < combinations; state += 1) {
    for (let next = 0; next < states; next += 1) {
      const target = next + states * (state % kept);
      long[state * combinations + target] = transition[(state % states) * states + next];
    }
  }
  const initial = new Float64Array(combinations);
  const stationary = stationaryDistribution(transition);
  for (let state = 0; state < combinations; state += 1) {
    // Oldest first: π(s_{t−p}) and then the steps up to s_t.
    let rest = state;
    const path = Array.from({ length: order + 1 }, () => {
      const regime = rest % states;
      rest = Math.floor(rest / states);
      return regime;
    }).reverse();
    let probability = stationary[path[0]];
    for (let i = 1; i <= order; i += 1) probability *= transition[path[i - 1] * states + path[i]];
    initial[state] = probability;
  }
  return { transition: long, initial };
}
