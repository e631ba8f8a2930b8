import { log } from '@sema/simulator/elementary';
import { LearningError } from '../errors.ts';
import { requireEntry, requireInteger, requireNumber, type Range } from '../validation.ts';
import { hamiltonFilter, kimSmoother, type FilteredRegimes } from './regime-filter.ts';
import type { RegimeChain } from './regime-filter.ts';
import { logNormalDensity } from './switching-models.ts';

/** A hidden Markov model with one normal distribution per regime, ordered by deviation. */
export interface GaussianHmm extends RegimeChain {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

export interface HmmFitOptions {
  /** Regimes, in [1, 8]. */
  readonly states: number;
  /** Steps of expectation and maximisation at most, in [1, 10000]. */
  readonly iterations: number;
  /** Gain in log likelihood at which to stop, ≥ 0. */
  readonly tolerance: number;
  /** Where to start; from quantiles of the series' absolute deviations when not given. */
  readonly start?: GaussianHmm;
}

export interface HmmFit {
  readonly model: GaussianHmm;
  /** ln likelihood of the series before each step and after the last: never falls. */
  readonly logLikelihoods: readonly number[];
}

const STATES_RANGE: Range = { min: 1, max: 8 };
const ITERATIONS_RANGE: Range = { min: 1, max: 10_000 };
const TOLERANCE_RANGE: Range = { min: 0, max: Number.MAX_VALUE };
const FINITE: Range = { min: -1e150, max: 1e150 };
/**
 * No regime becomes narrower than this part of the series' deviation: its density would explode.
 */
const SMALLEST_DEVIATION = 1e-3;
const START_PERSISTENCE = 0.95;

/**
 * The filter of a hidden Markov model; only the past and the present count. O(T k²).
 *
 * @throws {LearningError} `INVALID_SERIES`, `INVALID_MEMBERSHIPS`, `LENGTH_MISMATCH`
 */
export function filterHmm(series: ArrayLike<number>, model: GaussianHmm): FilteredRegimes {
  const states = model.means.length;
  const logDensities = new Float64Array(series.length * states);
  for (let t = 0; t < series.length; t += 1) {
    const value = requireEntry(series, t, 'series', FINITE, 'INVALID_SERIES');
    for (let s = 0; s < states; s += 1) {
      logDensities[t * states + s] = logNormalDensity(value, model.means[s], model.deviations[s]);
    }
  }
  return hamiltonFilter(logDensities, model);
}

/**
 * Fits a hidden Markov model by expectation and maximisation. The likelihood never falls; where it
 * ends is a local maximum. Regimes are ordered by deviation, which fixes their names. O(T k²) a
 * step.
 *
 * @param series - at least 4 finite numbers, not all equal.
 * @throws {LearningError} `INVALID_SERIES`, `INVALID_OPTION`
 * @see Baum, Petrie, Soules & Weiss (1970); Rabiner (1989)
 */
export function fitHmm(series: ArrayLike<number>, options: HmmFitOptions): HmmFit {
  const code = 'INVALID_OPTION';
  const states = requireInteger(options.states, 'states', STATES_RANGE, code);
  const iterations = requireInteger(options.iterations, 'iterations', ITERATIONS_RANGE, code);
  const tolerance = requireNumber(options.tolerance, 'tolerance', TOLERANCE_RANGE, code);
  const floor = SMALLEST_DEVIATION * seriesDeviation(series);
  let model = options.start ?? startingModel(series, states);
  let regimes = filterHmm(series, model);
  const logLikelihoods = [regimes.logLikelihood];
  for (let step = 0; step < iterations; step += 1) {
    model = maximised(series, model, regimes, floor);
    regimes = filterHmm(series, model);
    logLikelihoods.push(regimes.logLikelihood);
    if (regimes.logLikelihood - logLikelihoods[step] <= tolerance) break;
  }
  return { model: inOrder(model), logLikelihoods };
}

/** The model under which the expected log likelihood of series and regimes is largest. */
function maximised(
  series: ArrayLike<number>,
  model: GaussianHmm,
  regimes: FilteredRegimes,
  floor: number,
): GaussianHmm {
  const states = model.means.length;
  const smoothed = kimSmoother(regimes, model);
  const means = new Float64Array(states);
  const deviations = new Float64Array(states);
  const transition = new Float64Array(states * states);
  for (let s = 0; s < states; s += 1) {
    let weight = 0;
    let sum = 0;
    for (let t = 0; t < series.length; t += 1) {
      weight += smoothed[t * states + s];
      sum += smoothed[t * states + s] * series[t];
    }
    means[s] = weight > 0 ? sum / weight : model.means[s];
    let squares = 0;
    for (let t = 0; t < series.length; t += 1) {
      squares += smoothed[t * states + s] * (series[t] - means[s]) * (series[t] - means[s]);
    }
    deviations[s] = weight > 0 ? Math.max(floor, Math.sqrt(squares / weight)) : model.deviations[s];
  }
  addTransitions(transition, smoothed, regimes, model.transition);
  for (let i = 0; i < states; i += 1) {
    let row = 0;
    for (let j = 0; j < states; j += 1) row += transition[i * states + j];
    for (let j = 0; j < states; j += 1) {
      const at = i * states + j;
      transition[at] = row > 0 ? transition[at] / row : model.transition[at];
    }
  }
  return { means, deviations, transition, initial: smoothed.slice(0, states) };
}

/** Adds Σ_t P(i at t, j at t + 1 | all observations). */
function addTransitions(
  counts: Float64Array,
  smoothed: Float64Array,
  { filtered, predicted }: FilteredRegimes,
  transition: Float64Array,
): void {
  const states = Math.sqrt(counts.length);
  for (let t = 0; t + 1 < smoothed.length / states; t += 1) {
    const next = (t + 1) * states;
    for (let j = 0; j < states; j += 1) {
      if (!(predicted[next + j] > 0)) continue;
      const ratio = smoothed[next + j] / predicted[next + j];
      for (let i = 0; i < states; i += 1) {
        counts[i * states + j] += filtered[t * states + i] * transition[i * states + j] * ratio;
      }
    }
  }
}

/** Deviations from equal parts of the sorted absolute deviations, and regimes that mostly stay. */
function startingModel(series: ArrayLike<number>, states: number): GaussianHmm {
  let mean = 0;
  for (let t = 0; t < series.length; t += 1) mean += series[t] / series.length;
  const sizes = Float64Array.from(series, (value) => Math.abs(value - mean)).sort();
  const deviations = new Float64Array(states);
  for (let s = 0; s < states; s += 1) {
    const from = Math.floor((s * sizes.length) / states);
    const to = Math.max(from + 1, Math.floor(((s + 1) * sizes.length) / states));
    let squares = 0;
    for (let k = from; k < to; k += 1) squares += sizes[k] * sizes[k];
    deviations[s] = Math.sqrt(squares / (to - from));
  }
  const floor = SMALLEST_DEVIATION * deviations[states - 1];
  for (let s = 0; s < states; s += 1) deviations[s] = Math.max(floor, deviations[s]);
  const away = states > 1 ? (1 - START_PERSISTENCE) / (states - 1) : 0;
  const transition = new Float64Array(states * states).fill(away);
  for (let s = 0; s < states; s += 1) transition[s * (states + 1)] = 1 - away * (states - 1);
  return {
    means: new Float64Array(states).fill(mean),
    deviations,
    transition,
    initial: new Float64Array(states).fill(1 / states),
  };
}

function inOrder(model: GaussianHmm): GaussianHmm {
  const states = model.means.length;
  const order = Array.from({ length: states }, (_, s) => s);
  order.sort((a, b) => model.deviations[a] - model.deviations[b] || a - b);
  const pick = (values: Float64Array) => Float64Array.from(order, (s) => values[s]);
  return {
    means: pick(model.means),
    deviations: pick(model.deviations),
    initial: pick(model.initial),
    transition: Float64Array.from(
      { length: states * states },
      (_, at) => model.transition[order[Math.floor(at / states)] * states + order[at % states]],
    ),
  };
}

function seriesDeviation(series: ArrayLike<number>): number {
  let mean = 0;
  for (let t = 0; t < series.length; t += 1) {
    mean += requireEntry(series, t, 'series', FINITE, 'INVALID_SERIES') / series.length;
  }
  let squares = 0;
  for (let t = 0; t < series.length; t += 1) squares += (series[t] - mean) * (series[t] - mean);
  const deviation = Math.sqrt(squares / series.length);
  if (series.length >= 4 && deviation > 0 && log(deviation) > -300) return deviation;
  const message = `${series.length} observations with deviation ${deviation} cannot be fitted`;
  throw new LearningError('INVALID_SERIES', message);
}
