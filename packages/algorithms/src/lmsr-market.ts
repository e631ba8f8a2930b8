import { log } from '@sema/simulator/elementary';
import { checkInteger, checkLength, checkRange } from './argument-checks.ts';
import { explainTrade } from './explain-trade.ts';
import type { TradeExplanation } from './explain-trade.ts';
import { ExponentialWeights } from './exponential-weights.ts';
import { checkMarket, LIQUIDITY, SHARES } from './lmsr.ts';

export interface LmsrMarketOptions {
  /** n, 1 … 2^20. */
  readonly outcomes: number;
  /** b in [1e-300, 1e300]: the most that it can lose is b ln n. */
  readonly liquidity: number;
}

/**
 * A market maker by the logarithmic market scoring rule that begins with even prices. The engine is
 * that of `Hedge`, with shares sold for −(cumulative loss) and η = 1/b. O(n) a trade.
 *
 * @see Hanson (2003), "Combinatorial Information Market Design"
 */
export class LmsrMarket {
  readonly liquidity: number;
  readonly #engine: ExponentialWeights;
  readonly #sold: Float64Array;
  #revenue = 0;

  /** @throws {AlgorithmError} `OUT_OF_RANGE` */
  constructor({ outcomes, liquidity }: LmsrMarketOptions) {
    checkInteger('outcomes', outcomes, { from: 1, to: 1 << 20 });
    checkRange('liquidity', liquidity, LIQUIDITY);
    this.liquidity = liquidity;
    this.#engine = new ExponentialWeights(outcomes, 1 / liquidity);
    this.#sold = new Float64Array(outcomes);
  }

  /** A copy of the prices, sum 1. */
  prices(): Float64Array {
    return this.#engine.weights.slice();
  }

  /** A copy of the shares sold of each outcome. */
  sold(): Float64Array {
    return this.#sold.slice();
  }

  /** What all traders have paid, less what they were paid. */
  get revenue(): number {
    return this.#revenue;
  }

  /** b ln n: whatever is traded and whatever happens, no more is lost. */
  get largestLoss(): number {
    return this.liquidity * log(this.#sold.length);
  }

  /**
   * What is lost, negative when gained, if this outcome happens and each of its shares pays 1.
   *
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  lossIf(outcome: number): number {
    checkInteger('outcome', outcome, { from: 0, to: this.#sold.length - 1 });
    return this.#sold[outcome] - this.#revenue;
  }

  /**
   * Sells shares.
   *
   * @param shares - bought of each outcome, negative when sold back; totals stay within ±1e300.
   * @returns what the trader pays.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the market is then unchanged.
   */
  trade(shares: ArrayLike<number>): number {
    const sold = this.#sold;
    checkLength('shares', shares, sold.length);
    checkMarket('shares', shares, this.liquidity);
    for (let i = 0; i < sold.length; i += 1) {
      if (!(Math.abs(sold[i] + shares[i]) <= SHARES.to)) {
        checkRange(`shares sold of outcome ${i}`, sold[i] + shares[i], SHARES);
      }
    }
    for (let i = 0; i < sold.length; i += 1) sold[i] += shares[i];
    this.#engine.move(shares, 1);
    this.#revenue += this.#engine.rise;
    return this.#engine.rise;
  }

  /**
   * What a trade would do to each price, and why; nothing is traded.
   *
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`, also when a price is below 1e-300.
   */
  explain(shares: Float64Array): TradeExplanation {
    return explainTrade({ prior: this.prices(), shares, liquidity: this.liquidity });
  }
}
