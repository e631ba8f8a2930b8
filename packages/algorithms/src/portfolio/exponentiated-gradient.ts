import { checkRange } from '../argument-checks.ts';
import { softMaximum } from '../soft-maximum.ts';
import { checkRelatives, growth } from './price-relatives.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';

const LEARNING_RATE = { from: 0, to: 100 };

/**
 * EG: bᵢ ∝ bᵢ e^{η xᵢ/(b·x)}, the step of Hedge on the gradient of ln(b·x).
 *
 * When every relative is at least r times the largest of its period and η = 2r √(2 ln m / T),
 * ln wealth after T periods is within √(T ln m / 2) / r of that of the best constant rebalanced
 * portfolio.
 *
 * @see Helmbold, Schapire, Singer & Warmuth (1998), "On-Line Portfolio Selection Using
 * Multiplicative Updates"
 */
export class ExponentiatedGradientPortfolio implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #learningRate: number;
  readonly #gradient: Float64Array;

  /**
   * @param assets - 1 … 10 000.
   * @param learningRate - η in [0, 100]; 0.05 is the authors'.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(assets: number, learningRate: number) {
    checkRange('learning rate', learningRate, LEARNING_RATE);
    this.weights = uniformWeights(assets);
    this.#learningRate = learningRate;
    this.#gradient = new Float64Array(assets);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    const gross = growth(this.weights, relatives);
    for (let i = 0; i < relatives.length; i += 1) this.#gradient[i] = relatives[i] / gross;
    softMaximum(this.#gradient, this.#learningRate, this.weights, this.#gradient);
    this.weights.set(this.#gradient);
  }
}
