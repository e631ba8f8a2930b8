import { exp } from '@sema/simulator/elementary';
import { QarError } from '../errors.ts';
import { isBetween } from './restored-numbers.ts';

export interface CalibratorOptions {
  /** Independent outcomes remembered: the older ones fade exponentially. */
  readonly memory: number;
  /**
   * How many successive outcomes share their candles, H. Each then counts as 1/H of an independent
   * one: the mean of n sums over H overlapping steps of a walk varies as that of n/H that do not
   * overlap, and the mean of their signs varies less.
   */
  readonly overlap: number;
}

/** Evidence is measured from here: about the median over the series it was chosen on. */
const CENTRE = 1;
/** As broad as ignorance: the log-odds of a uniformly distributed probability vary by π²/3. */
const INTERCEPT_PRECISION = 3 / (Math.PI * Math.PI);
/** Standard deviation 1/4: that preferences mean anything has to be shown by outcomes. */
const SLOPE_PRECISION = 16;
/** Independent outcomes without which no probability is stated. */
const LEAST_OBSERVATIONS = 10;

/** Intercept, slope, information (3 entries of a symmetric matrix) without the prior's, count. */
const STATE = 6;

/**
 * How probable an event is, given the evidence for it, learned from outcomes one by one: Bayesian
 * logistic regression of what happened on the evidence, with forgetting.
 *
 * The posterior of intercept and slope is kept as a normal distribution; each outcome moves its
 * mean by one Newton step and adds its Fisher information. What is stated is the probability
 * averaged over that posterior, which is nearer to 1/2 the less is known. O(1), allocates nothing.
 *
 * @see Platt (1999), Probabilistic outputs for support vector machines; MacKay (1992), The
 *   evidence framework applied to classification networks, for the average; West, Harrison &
 *   Migon (1985), Dynamic generalized linear models, for forgetting
 */
export class LogisticCalibrator {
  readonly #keep: number;
  readonly #weight: number;
  #state = new Float64Array(STATE);

  constructor({ memory, overlap }: CalibratorOptions) {
    this.#keep = 1 - 1 / (memory * overlap);
    this.#weight = 1 / overlap;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(options: CalibratorOptions, state: unknown): LogisticCalibrator {
    const calibrator = new LogisticCalibrator(options);
    if (!(state instanceof Float64Array) || !isState(state, options.memory)) {
      throw new QarError('BAD_SNAPSHOT', 'the calibrator has no usable state');
    }
    calibrator.#state = state.slice();
    return calibrator;
  }

  /** Outcomes on record, in independent ones. */
  get observations(): number {
    return this.#state[5];
  }

  /** The probability of the event; undefined before `LEAST_OBSERVATIONS`. */
  probability(evidence: number): number | undefined {
    if (this.observations < LEAST_OBSERVATIONS) return undefined;
    const { mean, variance } = this.logOdds(evidence);
    return logistic(mean / Math.sqrt(1 + (Math.PI / 8) * variance));
  }

  /** The posterior of the event's log-odds. */
  logOdds(evidence: number): { readonly mean: number; readonly variance: number } {
    const state = this.#state;
    const x = evidence - CENTRE;
    const a = INTERCEPT_PRECISION + state[2];
    const b = state[3];
    const c = SLOPE_PRECISION + state[4];
    const variance = (c - 2 * b * x + a * x * x) / (a * c - b * b);
    return { mean: state[0] + state[1] * x, variance };
  }

  /** Takes in what came of a decision with this evidence. */
  learn(evidence: number, happened: boolean): void {
    const state = this.#state;
    const intercept = state[0];
    const slope = state[1];
    const x = evidence - CENTRE;
    const stated = logistic(intercept + slope * x);
    const gained = stated * (1 - stated) * this.#weight;
    state[2] = state[2] * this.#keep + gained;
    state[3] = state[3] * this.#keep + gained * x;
    state[4] = state[4] * this.#keep + gained * x * x;
    state[5] = state[5] * this.#keep + this.#weight;
    const surprise = ((happened ? 1 : 0) - stated) * this.#weight;
    // What is forgotten no longer holds the mean away from the prior's.
    const forgotten = 1 - this.#keep;
    const g0 = surprise - forgotten * INTERCEPT_PRECISION * intercept;
    const g1 = surprise * x - forgotten * SLOPE_PRECISION * slope;
    const a = INTERCEPT_PRECISION + state[2];
    const b = state[3];
    const c = SLOPE_PRECISION + state[4];
    const determinant = a * c - b * b;
    state[0] = intercept + (c * g0 - b * g1) / determinant;
    state[1] = slope + (a * g1 - b * g0) / determinant;
  }

  /** Six numbers from which `restore` goes on bit for bit. */
  snapshot(): Float64Array {
    return this.#state.slice();
  }
}

function logistic(logOdds: number): number {
  return 1 / (1 + exp(-logOdds));
}

/** Log-odds beyond 1000 and slopes beyond 1000 are those of no run. */
function isState(state: Float64Array, memory: number): boolean {
  if (state.length !== STATE) return false;
  const [intercept, slope, information, across, spread, observations] = state;
  const most = memory * (1 + 1e-9);
  return (
    isBetween(intercept, -1000, 1000) &&
    isBetween(slope, -1000, 1000) &&
    isBetween(information, 0, most) &&
    isBetween(spread, 0, most * 64) &&
    across * across <= information * spread * (1 + 1e-9) &&
    isBetween(observations, 0, most)
  );
}
