import { log } from '@sema/simulator/elementary';
import {
  checkDistribution,
  checkLength,
  checkRange,
  checkValues,
  isOutside,
  LARGEST_QUANTITY,
} from './argument-checks.ts';
import { softMaximum } from './soft-maximum.ts';

/** A trade with a logarithmic market scoring rule market maker. */
export interface MarketTrade {
  /** Prices before the trade: each in [1e-300, 1], sum 1. A price of 0 could never move again. */
  readonly prior: Float64Array;
  /** Shares bought of each outcome, negative when sold; within ±1e300. */
  readonly shares: Float64Array;
  /** b: shares that move a price by a factor e. In [1e-300, 1e300]. */
  readonly liquidity: number;
}

export interface Settlement {
  /** Prices after the trade, sum 1; one too small for a double beside the others is 0. */
  readonly prices: Float64Array;
  /** What the trader pays, in payout units; negative when the market maker pays. */
  readonly cost: number;
}

const SMALLEST_PRICE = 1e-300;

export const LIQUIDITY = { from: 1 / LARGEST_QUANTITY, to: LARGEST_QUANTITY };
export const SHARES = { from: -LARGEST_QUANTITY, to: LARGEST_QUANTITY };

/**
 * C(q) = b ln Σ e^{qᵢ/b}: what the market maker has taken in, beginning with its subsidy b ln n,
 * which is also the most it can lose.
 *
 * @param quantities - q, shares sold of each outcome, within ±1e300.
 * @param liquidity - b in [1e-300, 1e300].
 * @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE`
 * @see Hanson (2003), "Combinatorial Information Market Design"
 */
export function lmsrCost(quantities: ArrayLike<number>, liquidity: number): number {
  checkMarket('quantities', quantities, liquidity);
  const even = new Float64Array(quantities.length).fill(1);
  const weights = new Float64Array(quantities.length);
  const subsidy = liquidity * log(quantities.length);
  return subsidy + softMaximum(quantities, 1 / liquidity, even, weights);
}

/**
 * Prices e^{qᵢ/b} / Σ e^{qⱼ/b}, the gradient of {@link lmsrCost}; same arguments and errors.
 *
 * @returns as many prices as quantities, sum 1.
 */
export function lmsrPrices(quantities: ArrayLike<number>, liquidity: number): Float64Array {
  checkMarket('quantities', quantities, liquidity);
  const even = new Float64Array(quantities.length).fill(1);
  const prices = new Float64Array(quantities.length);
  softMaximum(quantities, 1 / liquidity, even, prices);
  return prices;
}

/**
 * C(q + Δq) − C(q): the cost of buying `shares` when `quantities` have been sold.
 *
 * @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE`, also when q + Δq leaves ±1e300,
 * `LENGTH_MISMATCH`
 */
export function lmsrTradeCost(
  quantities: ArrayLike<number>,
  shares: ArrayLike<number>,
  liquidity: number,
): number {
  checkLength('shares', shares, quantities.length);
  const after = Float64Array.from(quantities, (quantity, i) => quantity + shares[i]);
  return lmsrCost(after, liquidity) - lmsrCost(quantities, liquidity);
}

/**
 * Prices and cost of a trade from the prices before it; the quantities behind them are not needed.
 * The classical twin of `QuantumLmsr.settle`. O(n).
 *
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`
 */
export function settleTrade(trade: MarketTrade): Settlement {
  checkTrade(trade);
  const prices = new Float64Array(trade.prior.length);
  const cost = softMaximum(trade.shares, 1 / trade.liquidity, trade.prior, prices);
  return { prices, cost };
}

/** @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH` */
export function checkTrade({ prior, shares, liquidity }: MarketTrade): void {
  checkDistribution('prior', prior);
  checkValues('prior', prior, { from: SMALLEST_PRICE, to: 1 });
  checkLength('shares', shares, prior.length);
  checkValues('shares', shares, SHARES);
  if (isOutside(liquidity, LIQUIDITY)) checkRange('liquidity', liquidity, LIQUIDITY);
}

/** @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE` */
export function checkMarket(name: string, shares: ArrayLike<number>, liquidity: number): void {
  checkValues(name, shares, SHARES);
  checkRange('liquidity', liquidity, LIQUIDITY);
}
