import { checkDistribution } from '../argument-checks.ts';
import { checkRelatives, growth } from './price-relatives.ts';
import type { PortfolioStrategy } from './strategy.ts';

/** Buys once and never trades again: shares drift with prices. Uniform, it is the market. */
export class BuyAndHold implements PortfolioStrategy {
  readonly weights: Float64Array;

  /**
   * @param weights - to start with: ≥ 0, sum 1; copied.
   * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`
   */
  constructor(weights: ArrayLike<number>) {
    checkDistribution('weights', weights);
    this.weights = Float64Array.from(weights);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    const gross = growth(this.weights, relatives);
    for (let i = 0; i < this.weights.length; i += 1) {
      this.weights[i] = (this.weights[i] * relatives[i]) / gross;
    }
  }
}

/** Goes back to the same shares before every period. */
export class ConstantRebalanced implements PortfolioStrategy {
  readonly weights: Float64Array;

  /**
   * @param weights - ≥ 0, sum 1; copied.
   * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`
   */
  constructor(weights: ArrayLike<number>) {
    checkDistribution('weights', weights);
    this.weights = Float64Array.from(weights);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
  }
}
