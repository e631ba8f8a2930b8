import { checkRange } from '../argument-checks.ts';
import { checkExperts, checkLearningRate, checkLosses } from '../expert-checks.ts';
import { writeSoftMaximum } from '../soft-maximum.ts';

export interface FixedShareOptions {
  /** N, 2 … 2^20. */
  readonly experts: number;
  /** η in [1e-9, 500]. */
  readonly learningRate: number;
  /**
   * α in [0, 1 − 1/N]: what of each weight goes to the others each round; m/(T − 1) for m changes.
   */
  readonly switching: number;
}

/**
 * Hedge that follows the best *sequence* of experts: after each round every expert gives the share
 * α of its weight to the others evenly. To any sequence with m changes the regret on T rounds is at
 * most (1/η)[ln N + m ln((N − 1)/α) + (T − 1 − m) ln(1/(1 − α))] + ηT/8. O(N) a
 * round, without a new array.
 *
 * @see Herbster & Warmuth (1998), "Tracking the Best Expert"
 */
export class FixedShare {
  /** η, and what the last round’s gains had as soft maximum. */
  readonly #terms: Float64Array;
  readonly #switching: number;
  readonly #weights: Float64Array;
  readonly #gains: Float64Array;

  /** @throws {AlgorithmError} `OUT_OF_RANGE` */
  constructor({ experts, learningRate, switching }: FixedShareOptions) {
    checkExperts(experts, 2);
    checkLearningRate(learningRate);
    checkRange('switching', switching, { from: 0, to: 1 - 1 / experts });
    this.#terms = Float64Array.of(learningRate, 0);
    this.#switching = switching;
    this.#weights = new Float64Array(experts).fill(1 / experts);
    this.#gains = new Float64Array(experts);
  }

  /** A copy of the weights of the next round, sum 1. */
  weights(): Float64Array {
    return this.#weights.slice();
  }

  /**
   * Learns one round.
   *
   * @param losses - one in [0, 1] for each expert.
   * @returns the mix loss of the weights before the round.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(losses: ArrayLike<number>): number {
    const weights = this.#weights;
    checkLosses(losses, weights.length);
    const gains = this.#gains;
    for (let i = 0; i < weights.length; i += 1) gains[i] = -losses[i];
    writeSoftMaximum(gains, this.#terms, weights, gains);
    const given = this.#switching / (weights.length - 1);
    const kept = 1 - this.#switching - given;
    for (let i = 0; i < weights.length; i += 1) weights[i] = kept * gains[i] + given;
    return -this.#terms[1];
  }
}
