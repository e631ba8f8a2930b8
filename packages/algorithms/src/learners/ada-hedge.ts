import { log } from '@sema/simulator/elementary';
import { checkExperts, checkLosses } from '../expert-checks.ts';
import { ExponentialWeights } from '../exponential-weights.ts';

/** Follows the leader, to 300 digits, until the first gap. */
const LARGEST_RATE = 1e9;

/**
 * Hedge that sets its rate by what mixing has cost: η = ln N/Δ, Δ the sum of the mixability gaps δ
 * = (loss of the weights) − (mix loss) so far. On every prefix the regret is at most 2Δ (and 1e-9
 * ln N), and Δ at most 1 + ½√(T ln N); where one expert is clearly the best, Δ stays bounded. O(N)
 * a round, without a new array.
 *
 * @see de Rooij, van Erven, Grünwald & Koolen (2014), "Follow the Leader If You Can, Hedge If You
 * Must"
 */
export class AdaHedge {
  readonly #engine: ExponentialWeights;
  readonly #logExperts: number;
  #gaps = 0;

  /**
   * @param experts - N, 2 … 2^20.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(experts: number) {
    checkExperts(experts, 2);
    this.#logExperts = log(experts);
    this.#engine = new ExponentialWeights(experts, LARGEST_RATE);
  }

  /** Δ: the regret is at most twice that. */
  get mixabilityGaps(): number {
    return this.#gaps;
  }

  /** η of the next round. */
  get learningRate(): number {
    return Math.min(LARGEST_RATE, this.#logExperts / this.#gaps);
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
    const { weights } = this.#engine;
    checkLosses(losses, weights.length);
    let loss = 0;
    for (let i = 0; i < weights.length; i += 1) loss += weights[i] * losses[i];
    this.#engine.move(losses, -1);
    const mixLoss = -this.#engine.rise;
    // By Jensen's inequality never negative, save for rounding.
    this.#gaps += Math.max(0, loss - mixLoss);
    this.#engine.temper(this.learningRate);
    return mixLoss;
  }
}
