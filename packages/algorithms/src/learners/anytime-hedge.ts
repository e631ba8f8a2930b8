import { log } from '@sema/simulator/elementary';
import { checkExperts, checkLosses } from '../expert-checks.ts';
import { ExponentialWeights } from '../exponential-weights.ts';

/**
 * Hedge without knowing how long it will run: round t is played at η_t = √(8 ln N / t), always from
 * the cumulative losses. On every prefix the regret is at most ln N/η_T + Σ η_t/8 ≤ 1.061 √(T ln
 * N). O(N) a round, without a new array.
 *
 * @see Cesa-Bianchi & Lugosi (2006), "Prediction, Learning, and Games", §2.3
 */
export class AnytimeHedge {
  readonly #engine: ExponentialWeights;
  readonly #scale: number;
  #rounds = 0;

  /**
   * @param experts - N, 2 … 2^20.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(experts: number) {
    checkExperts(experts, 2);
    this.#scale = 8 * log(experts);
    this.#engine = new ExponentialWeights(experts, this.learningRate);
  }

  /** η of the next round. */
  get learningRate(): number {
    return Math.sqrt(this.#scale / (this.#rounds + 1));
  }

  /** A copy of the weights of the next round, sum 1. */
  weights(): Float64Array {
    return this.#engine.weights.slice();
  }

  /**
   * Learns one round.
   *
   * @param losses - one in [0, 1] for each expert.
   * @returns the mix loss of the weights before the round, at its rate.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(losses: ArrayLike<number>): number {
    checkLosses(losses, this.#engine.weights.length);
    this.#engine.move(losses, -1);
    const mixLoss = -this.#engine.rise;
    this.#rounds += 1;
    this.#engine.temper(this.learningRate);
    return mixLoss;
  }
}
