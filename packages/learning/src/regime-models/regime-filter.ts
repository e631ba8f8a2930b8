import { exp, log } from '@sema/simulator/elementary';
import { LearningError } from '../errors.ts';
import { NEARLY_ONE, requireEntry, requireInteger, requireLength } from '../validation.ts';
import { requireNumber, type Range } from '../validation.ts';

/** A Markov chain of regimes. */
export interface RegimeChain {
  /** k × k, row-major: entry (i, j) is P(j next | i now); every row has sum 1. */
  readonly transition: Float64Array;
  /** k probabilities of the first regime, before the first observation. */
  readonly initial: Float64Array;
}

/** What is known of the regimes from the past and the present alone. */
export interface FilteredRegimes {
  /** T × k: P(regime at t | observations up to t). */
  readonly filtered: Float64Array;
  /** T × k: P(regime at t | observations before t). */
  readonly predicted: Float64Array;
  /** T one-step log scores ln p(y_t | observations before t). */
  readonly logScores: Float64Array;
  /** Their sum. */
  readonly logLikelihood: number;
}

const STATES_RANGE: Range = { min: 1, max: 256 };
const PROBABILITY: Range = { min: 0, max: 1 + 1e-9 };
/** A density may be infinitely small, as long as not every regime's is. */
const LOG_DENSITY: Range = { min: -Infinity, max: Number.MAX_VALUE };

/**
 * Hamilton's filter: ξ_{t|t} ∝ ξ_{t|t−1} ⊙ η_t, ξ_{t+1|t} = Pᵀξ_{t|t}. O(T k²).
 *
 * @param logDensities - T × k, row-major: ln p(y_t | regime).
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_SERIES` when no regime explains an
 *   observation, `INVALID_MEMBERSHIPS` when the chain holds no probabilities
 * @see Hamilton (1989), A new approach to the economic analysis of nonstationary time series
 */
export function hamiltonFilter(
  logDensities: Float64Array,
  { transition, initial }: RegimeChain,
): FilteredRegimes {
  const states = initial.length;
  requireChain(transition, initial);
  const times = logDensities.length / states;
  requireInteger(times, 'the number of observations', { min: 1, max: 1e8 }, 'LENGTH_MISMATCH');
  const filtered = new Float64Array(times * states);
  const predicted = new Float64Array(times * states);
  const logScores = new Float64Array(times);
  const now = initial.slice();
  let logLikelihood = 0;
  for (let t = 0; t < times; t += 1) {
    const at = t * states;
    predicted.set(now, at);
    let largest = -Infinity;
    for (let j = 0; j < states; j += 1) {
      requireEntry(logDensities, at + j, 'logDensities', LOG_DENSITY, 'INVALID_SERIES');
      if (now[j] > 0) largest = Math.max(largest, logDensities[at + j]);
    }
    if (largest === -Infinity) {
      throw new LearningError('INVALID_SERIES', `no regime explains observation ${t}`);
    }
    let total = 0;
    for (let j = 0; j < states; j += 1) {
      const share = now[j] > 0 ? now[j] * exp(logDensities[at + j] - largest) : 0;
      filtered[at + j] = share;
      total += share;
    }
    for (let j = 0; j < states; j += 1) filtered[at + j] /= total;
    logScores[t] = largest + log(total);
    logLikelihood += logScores[t];
    advance(filtered.subarray(at, at + states), transition, now);
  }
  return { filtered, predicted, logScores, logLikelihood };
}

/**
 * Kim's smoother: P(regime at t | all observations). It looks ahead: for the study of the past
 * only. O(T k²).
 *
 * @returns T × k.
 * @see Kim (1994), Dynamic linear models with Markov-switching
 */
export function kimSmoother(
  { filtered, predicted }: FilteredRegimes,
  { transition, initial }: RegimeChain,
): Float64Array {
  const states = initial.length;
  const smoothed = filtered.slice();
  const ratio = new Float64Array(states);
  for (let t = filtered.length / states - 2; t >= 0; t -= 1) {
    const next = (t + 1) * states;
    for (let j = 0; j < states; j += 1) {
      ratio[j] = predicted[next + j] > 0 ? smoothed[next + j] / predicted[next + j] : 0;
    }
    for (let i = 0; i < states; i += 1) {
      let sum = 0;
      for (let j = 0; j < states; j += 1) sum += transition[i * states + j] * ratio[j];
      smoothed[t * states + i] = filtered[t * states + i] * sum;
    }
  }
  return smoothed;
}

/** target ← Pᵀ·now: the regimes one step later. O(k²). */
export function advance(now: Float64Array, transition: Float64Array, target: Float64Array): void {
  const states = target.length;
  target.fill(0);
  for (let i = 0; i < states; i += 1) {
    for (let j = 0; j < states; j += 1) target[j] += now[i] * transition[i * states + j];
  }
}

/**
 * The distribution that the chain keeps, by elimination of πP = π with Σπ = 1. O(k³).
 *
 * @param transition - k × k, every row with sum 1, one closed class of regimes.
 * @throws {LearningError} `INVALID_MEMBERSHIPS` when there is none or more than one
 */
export function stationaryDistribution(transition: Float64Array): Float64Array {
  const states = Math.sqrt(transition.length);
  requireChain(transition, new Float64Array(states).fill(1 / states));
  // Grassmann, Taksar & Heyman (1985): state by state, without a subtraction.
  const p = transition.slice();
  for (let n = states - 1; n > 0; n -= 1) {
    let leaving = 0;
    for (let j = 0; j < n; j += 1) leaving += p[n * states + j];
    if (!(leaving > 0)) {
      throw new LearningError(
        'INVALID_MEMBERSHIPS',
        `regime ${n} does not lead back to the others`,
      );
    }
    for (let i = 0; i < n; i += 1) p[i * states + n] /= leaving;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) p[i * states + j] += p[i * states + n] * p[n * states + j];
    }
  }
  const distribution = new Float64Array(states);
  distribution[0] = 1;
  let total = 1;
  for (let n = 1; n < states; n += 1) {
    for (let i = 0; i < n; i += 1) distribution[n] += distribution[i] * p[i * states + n];
    total += distribution[n];
  }
  for (let n = 0; n < states; n += 1) distribution[n] /= total;
  return distribution;
}

function requireChain(transition: Float64Array, initial: Float64Array): void {
  const states = requireInteger(initial.length, 'regimes', STATES_RANGE, 'LENGTH_MISMATCH');
  requireLength(transition, 'transition', states * states);
  const code = 'INVALID_MEMBERSHIPS';
  let start = 0;
  for (let i = 0; i < states; i += 1) {
    start += requireEntry(initial, i, 'initial', PROBABILITY, code);
    let row = 0;
    for (let j = 0; j < states; j += 1) {
      row += requireEntry(transition, i * states + j, 'transition', PROBABILITY, code);
    }
    requireNumber(row, `the sum of transition row ${i}`, NEARLY_ONE, code);
  }
  requireNumber(start, 'the sum of initial', NEARLY_ONE, code);
}
