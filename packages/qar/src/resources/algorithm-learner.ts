import { ExpertLearner, LearningError } from '@sema/learning';
import type { LearnerSnapshot } from '@sema/learning';
import { log } from '@sema/simulator/elementary';
import { ALGORITHMS } from './qubit-shares.ts';

const EVERYONE = ALGORITHMS.map(() => true);
const COUNT = ALGORITHMS.length;

/**
 * Learns how good the word of each algorithm is: Hedge over the three, with the Brier score
 * (p − y)² of its probability of a gain as the loss.
 *
 * The rate makes the regret bound ln 3/η + ηT/8 least over a year, T candles, and 1/T of all weight
 * is shared equally after each outcome: once a year another algorithm may become the best.
 *
 * @see Herbster & Warmuth (1998), Tracking the best expert
 */
export class AlgorithmLearner {
  readonly #share: number;
  readonly #learner: ExpertLearner;
  readonly #losses = new Float64Array(COUNT);

  private constructor(learner: ExpertLearner, share: number) {
    this.#learner = learner;
    this.#share = share;
  }

  /** @param periodsPerYear - candles in a year, ≥ 1. */
  static create(periodsPerYear: number): AlgorithmLearner {
    const learningRate = rateFor(periodsPerYear);
    const learner = new ExpertLearner({ experts: COUNT, learningRate });
    return new AlgorithmLearner(learner, shareFor(periodsPerYear));
  }

  /** @throws {LearningError} `INVALID_SNAPSHOT` */
  static restore(snapshot: LearnerSnapshot, periodsPerYear: number): AlgorithmLearner {
    const learner = ExpertLearner.restore(snapshot);
    if (learner.experts === COUNT && learner.learningRate === rateFor(periodsPerYear)) {
      return new AlgorithmLearner(learner, shareFor(periodsPerYear));
    }
    throw new LearningError('INVALID_SNAPSHOT', 'the learner is not one of the three algorithms');
  }

  /** In the order of `ALGORITHMS`, sum 1. */
  get weights(): Float64Array {
    return this.#learner.weights;
  }

  /**
   * @param forecasts - each algorithm's probability of a gain, in [0, 1].
   * @throws {LearningError} `INVALID_LOSS` for what is no probability; nothing changes then
   */
  learn(forecasts: ArrayLike<number>, wentUp: boolean): void {
    for (let i = 0; i < COUNT; i++) {
      const error = forecasts[i] - Number(wentUp);
      this.#losses[i] = error * error;
    }
    this.#learner.update(this.#losses, EVERYONE, this.#share);
  }

  snapshot(): LearnerSnapshot {
    return this.#learner.snapshot();
  }
}

function rateFor(periodsPerYear: number): number {
  return Math.sqrt((8 * log(COUNT)) / periodsPerYear);
}

function shareFor(periodsPerYear: number): number {
  return Math.min(0.5, 1 / periodsPerYear);
}
