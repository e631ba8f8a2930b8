import { checkLength, checkRange, checkValues } from '../argument-checks.ts';
import { checkExperts, checkLearningRate } from '../expert-checks.ts';
import { ExponentialWeights } from '../exponential-weights.ts';

export interface ExponentiatedGradientOptions {
  /** N, 2 … 2^20. */
  readonly experts: number;
  /** η in [1e-9, 500]; √(2 ln N / T)/G gives the best bound. */
  readonly learningRate: number;
  /** G in [1e-9, 1e9]: no entry of a gradient is beyond ±G. */
  readonly gradientBound: number;
}

/**
 * Exponentiated gradient descent of convex losses f_t over mixtures of N: w ∝ e^{−η Σ ∇f_t(w_t)}.
 * To every fixed mixture the regret Σ f_t(w_t) − Σ f_t(u) is at most ln N/η + ηG²T/2 on every
 * prefix. On linear losses it is Hedge. O(N) a round, without a new array.
 *
 * @see Kivinen & Warmuth (1997), "Exponentiated Gradient versus Gradient Descent for Linear
 * Predictors"
 */
export class ExponentiatedGradient {
  readonly #engine: ExponentialWeights;
  readonly #gradientBound: number;

  /** @throws {AlgorithmError} `OUT_OF_RANGE` */
  constructor({ experts, learningRate, gradientBound }: ExponentiatedGradientOptions) {
    checkExperts(experts, 2);
    checkLearningRate(learningRate);
    checkRange('gradient bound', gradientBound, { from: 1e-9, to: 1e9 });
    this.#gradientBound = gradientBound;
    this.#engine = new ExponentialWeights(experts, learningRate);
  }

  /** A copy of the mixture of the next round, sum 1. */
  weights(): Float64Array {
    return this.#engine.weights.slice();
  }

  /**
   * Learns one round.
   *
   * @param gradient - of the round's loss at {@link weights}, within ±G.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(gradient: ArrayLike<number>): void {
    checkLength('gradient', gradient, this.#engine.weights.length);
    checkValues('gradient', gradient, { from: -this.#gradientBound, to: this.#gradientBound });
    this.#engine.move(gradient, -1);
  }
}
