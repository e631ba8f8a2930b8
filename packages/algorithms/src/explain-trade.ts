import { settleTrade } from './lmsr.ts';
import type { MarketTrade } from './lmsr.ts';

/** Why a price moved. */
export interface PriceReason {
  readonly outcome: number;
  readonly shares: number;
  readonly before: number;
  readonly after: number;
  /** Δqᵢ/b: what its own shares add to the logarithm of its price. */
  readonly ownPush: number;
  /** −cost/b: what the trade as a whole takes from the logarithm of every price. */
  readonly commonPull: number;
}

export interface TradeExplanation {
  readonly cost: number;
  readonly liquidity: number;
  /** The largest change of price first. */
  readonly reasons: readonly PriceReason[];
  /** The cost, then one sentence an outcome. */
  readonly text: string;
}

/**
 * Why a trade costs what it does and moves each price, from ln p′ᵢ − ln pᵢ = (Δqᵢ − cost)/b. O(n
 * log n).
 *
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`
 */
export function explainTrade(trade: MarketTrade): TradeExplanation {
  const { prior, shares, liquidity } = trade;
  const { prices, cost } = settleTrade(trade);
  const reasons = Array.from(prior, (before, outcome): PriceReason => ({
    outcome,
    shares: shares[outcome],
    before,
    after: prices[outcome],
    ownPush: shares[outcome] / liquidity,
    commonPull: -cost / liquidity,
  })).sort((a, b) => moved(b) - moved(a) || a.outcome - b.outcome);
  const first =
    `The trade costs ${cost.toFixed(4)} at liquidity ${liquidity.toFixed(4)}, ` +
    `which takes ${(cost / liquidity).toFixed(4)} from the logarithm of every price.`;
  return { cost, liquidity, reasons, text: [first, ...reasons.map(sentence)].join('\n') };
}

function moved({ before, after }: PriceReason): number {
  return Math.abs(after - before);
}

function sentence({ outcome, shares, before, after, ownPush }: PriceReason): string {
  const move = `Outcome ${outcome} goes from ${before.toFixed(4)} to ${after.toFixed(4)}`;
  if (shares === 0) return `${move}: none of it is traded.`;
  const [verb, adds] = shares > 0 ? ['buying', 'adds'] : ['selling', 'takes'];
  const amount = Math.abs(shares).toFixed(4);
  return `${move}: ${verb} ${amount} of it ${adds} ${Math.abs(ownPush).toFixed(4)}.`;
}
