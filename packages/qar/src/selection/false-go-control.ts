import { QarError } from '../errors.ts';
import { LEAST_EVIDENCE, MOST_EVIDENCE } from './evidence.ts';
import { isBetween } from './restored-numbers.ts';

export interface FalseGoOptions {
  /** Share of wrong decisions that may go, in (0, 1). */
  readonly target: number;
  /** Independent outcomes remembered. */
  readonly memory: number;
  /** How many successive outcomes share their candles; each counts as one in so many. */
  readonly overlap: number;
}

const BINS = 64;
const BINS_PER_UNIT = BINS / (MOST_EVIDENCE - LEAST_EVIDENCE);
/** How far one independent outcome moves the level. */
const STEP = 0.05;

/**
 * Lets a decision go if its evidence would be rare among decisions that turn out wrong, and sees to
 * it that of those a stated share goes.
 *
 * The evidence of wrong decisions is kept as a histogram that fades. A decision goes if the share
 * of them with no less evidence, itself counted in, is at most the level: for decisions like those
 * before, no more than the level of the wrong ones go, also when few are known, and none before
 * 1/level − 1 independent ones are. The level moves against the error of that: up by step·target
 * when a wrong decision did not go, down by step·(1 − target) when one did. So over any sequence of
 * outcomes, however the market changes, the share that went differs from the target by at most
 * (1 + step·(overlap + 1))/(step·n), with the step of one outcome, STEP/overlap, and n the wrong
 * decisions since the first could go. O(64), allocates nothing.
 *
 * @see Gibbs & Candès (2021), Adaptive conformal inference under distribution shift; Vovk,
 *   Gammerman & Shafer (2005), Algorithmic Learning in a Random World, for the share
 */
export class FalseGoControl {
  readonly #target: number;
  readonly #keep: number;
  readonly #weight: number;
  readonly #memory: number;
  /** The level, then the weight of wrong decisions in each bin. */
  #state = new Float64Array(1 + BINS);

  constructor({ target, memory, overlap }: FalseGoOptions) {
    this.#target = target;
    this.#memory = memory;
    this.#keep = 1 - 1 / (memory * overlap);
    this.#weight = 1 / overlap;
    this.#state[0] = target;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(options: FalseGoOptions, state: unknown): FalseGoControl {
    const control = new FalseGoControl(options);
    if (!(state instanceof Float64Array) || !control.#accepts(state)) {
      throw new QarError('BAD_SNAPSHOT', 'the control of false goes has no usable state');
    }
    control.#state = state.slice();
    return control;
  }

  /** The largest share of wrong decisions with no less evidence at which one goes now. */
  get level(): number {
    return this.#state[0];
  }

  /**
   * Share of wrong decisions, this one counted in, that had at least this evidence: in (0, 1].
   *
   * @param evidence - in [LEAST_EVIDENCE, MOST_EVIDENCE].
   */
  wrongShare(evidence: number): number {
    const position = (evidence - LEAST_EVIDENCE) * BINS_PER_UNIT;
    const own = Math.min(BINS - 1, Math.floor(position));
    let above = this.#state[1 + own] * Math.min(1, own + 1 - position);
    for (let bin = own + 1; bin < BINS; bin++) above += this.#state[1 + bin];
    return Math.min(1, (above + 1) / (this.#known() + 1));
  }

  /** Takes in that a decision was wrong, and whether it had gone. */
  learn(evidence: number, went: boolean): void {
    const state = this.#state;
    // Before anything can go, nothing is to be made up for.
    if (1 / (this.#known() + 1) <= this.#target) {
      state[0] += STEP * this.#weight * (this.#target - (went ? 1 : 0));
    }
    for (let bin = 1; bin <= BINS; bin++) state[bin] *= this.#keep;
    const position = (evidence - LEAST_EVIDENCE) * BINS_PER_UNIT;
    state[1 + Math.min(BINS - 1, Math.floor(position))] += this.#weight;
  }

  /** 65 numbers from which `restore` goes on bit for bit. */
  snapshot(): Float64Array {
    return this.#state.slice();
  }

  #known(): number {
    let known = 0;
    for (let bin = 1; bin <= BINS; bin++) known += this.#state[bin];
    return known;
  }

  #accepts(state: Float64Array): boolean {
    if (state.length !== 1 + BINS || !isBetween(state[0], -1, 2)) return false;
    const most = this.#memory * (1 + 1e-9);
    let known = 0;
    for (let bin = 1; bin <= BINS; bin++) {
      if (!isBetween(state[bin], 0, most)) return false;
      known += state[bin];
    }
    return known <= most;
  }
}
