import { log } from '@sema/simulator/elementary';
import { checkInteger, checkRange, checkValues, LARGEST_QUANTITY } from './argument-checks.ts';
import { LIQUIDITY, lmsrCost, lmsrPrices } from './lmsr.ts';

const QUANTITY = { from: 0, to: LARGEST_QUANTITY };
const SENSITIVITY = { from: 1e-6, to: 1e6 };

/**
 * C(q) = b ln Σ e^{qᵢ/b} with b = α Σ qᵢ: a market maker whose liquidity grows with what it has
 * sold, so that it need not be set beforehand. Twice the quantities cost twice as much. O(n).
 *
 * @param quantities - q, shares sold of each outcome, ≥ 0, not all 0, Σ q in [1e-294, 1e300]: sold
 * back further than that the rule has no meaning.
 * @param sensitivity - α in [1e-6, 1e6]; see {@link sensitivityFor}.
 * @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE`
 * @see Othman, Pennock, Reeves & Sandholm (2013), "A Practical Liquidity-Sensitive Automated Market
 * Maker"
 */
export function liquiditySensitiveCost(quantities: ArrayLike<number>, sensitivity: number): number {
  return lmsrCost(quantities, liquidityOf(quantities, sensitivity));
}

/**
 * The gradient of {@link liquiditySensitiveCost}: wᵢ + α·H(w), where w are the LMSR prices at the
 * liquidity of the moment and H(w) is their entropy in nats. Same arguments and errors. O(n).
 *
 * @returns as many prices as quantities; their sum is in [1, 1 + α n ln n], the largest where all
 * quantities are equal. What is above 1 is the market maker's margin.
 */
export function liquiditySensitivePrices(
  quantities: ArrayLike<number>,
  sensitivity: number,
): Float64Array {
  const prices = lmsrPrices(quantities, liquidityOf(quantities, sensitivity));
  let entropy = 0;
  for (let i = 0; i < prices.length; i += 1) {
    if (prices[i] > 0) entropy -= prices[i] * log(prices[i]);
  }
  for (let i = 0; i < prices.length; i += 1) prices[i] += sensitivity * entropy;
  return prices;
}

/**
 * The α at which n prices sum to at most 1 + margin: margin/(n ln n).
 *
 * @param outcomes - n, 2 … 2^20.
 * @param margin - in [1e-3, 10]: 0.05 is a margin of 5 %.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function sensitivityFor(outcomes: number, margin: number): number {
  checkInteger('outcomes', outcomes, { from: 2, to: 1 << 20 });
  checkRange('margin', margin, { from: 1e-3, to: 10 });
  return margin / (outcomes * log(outcomes));
}

function liquidityOf(quantities: ArrayLike<number>, sensitivity: number): number {
  checkValues('quantities', quantities, QUANTITY);
  checkRange('sensitivity', sensitivity, SENSITIVITY);
  let sum = 0;
  for (let i = 0; i < quantities.length; i += 1) sum += quantities[i];
  const liquidity = sensitivity * sum;
  checkRange('sensitivity × the sum of all quantities', liquidity, LIQUIDITY);
  return liquidity;
}
