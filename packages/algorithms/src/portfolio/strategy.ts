import { log } from '@sema/simulator/elementary';
import { checkInteger, checkValues } from '../argument-checks.ts';
import { checkMarket, growth } from './price-relatives.ts';
import type { PriceRelatives } from './price-relatives.ts';

/** Decides, before each period, how wealth is spread over the assets. */
export interface PortfolioStrategy {
  /**
   * Shares of wealth for the period to come: ≥ 0, sum 1. Owned by the strategy, and rewritten by
   * `update`.
   */
  readonly weights: Float64Array;
  /**
   * Learns the price relatives of the period that just ended. Allocates nothing.
   *
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the strategy is then unchanged.
   */
  update(relatives: ArrayLike<number>): void;
}

/** What a strategy would have made of one unit of wealth. */
export interface PortfolioRun {
  /** After the last period. */
  readonly wealth: number;
  /** ln wealth as a sum, which neither overflows nor underflows however long the run. */
  readonly logWealth: number;
  /** Mean over the periods of Σ |bᵢ − b̂ᵢ|, from 0 to 2, the first purchase included. */
  readonly turnover: number;
}

const ASSETS = { from: 1, to: 10_000 };

const COST_RATE = { from: 0, to: 0.99 };

/**
 * Runs a strategy through a market, period by period: it never sees a row before it has chosen for
 * it. Rebalancing from b̂, the shares that prices left behind, to b costs the share
 * (γ/2)·Σ |bᵢ − b̂ᵢ| of wealth; at the start b̂ is 0, for everything must be bought.
 *
 * @param strategy - fresh; it has learned the whole market afterwards.
 * @param costRate - γ in [0, 0.99], for a purchase and the sale it needs together.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function runPortfolio(
  strategy: PortfolioStrategy,
  market: PriceRelatives,
  { costRate }: { readonly costRate: number },
): PortfolioRun {
  return runAtCosts(strategy, market, [costRate])[0];
}

/**
 * The same at several cost rates: no strategy looks at costs, so one run tells all.
 *
 * @returns a run per rate.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function runAtCosts(
  strategy: PortfolioStrategy,
  market: PriceRelatives,
  costRates: readonly number[],
): PortfolioRun[] {
  checkValues('cost rates', costRates, COST_RATE);
  const assets = checkMarket(market);
  const drifted = new Float64Array(assets);
  const wealth = new Float64Array(costRates.length).fill(1);
  const logWealth = new Float64Array(costRates.length);
  let traded = 0;
  for (const relatives of market) {
    const { weights } = strategy;
    const gross = growth(weights, relatives);
    let moved = 0;
    for (let i = 0; i < assets; i += 1) {
      moved += Math.abs(weights[i] - drifted[i]);
      drifted[i] = (weights[i] * relatives[i]) / gross;
    }
    for (let rate = 0; rate < costRates.length; rate += 1) {
      const factor = gross * (1 - (costRates[rate] / 2) * moved);
      wealth[rate] *= factor;
      logWealth[rate] += log(factor);
    }
    traded += moved;
    strategy.update(relatives);
  }
  const turnover = traded / market.length;
  return costRates.map((_, rate) => ({
    wealth: wealth[rate],
    logWealth: logWealth[rate],
    turnover,
  }));
}

/**
 * @param assets - 1 … 10 000.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function uniformWeights(assets: number): Float64Array {
  checkInteger('assets', assets, ASSETS);
  return new Float64Array(assets).fill(1 / assets);
}
