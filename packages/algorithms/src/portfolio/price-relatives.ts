import { checkLength, checkValues } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';

/**
 * One row per period, oldest first; in a row, per asset, the price at the end of the period over
 * the price at its start. Each within [1e-6, 1e6].
 */
export type PriceRelatives = readonly ArrayLike<number>[];

/** Anything beyond is a broken quote, and a square of it still far from overflow. */
const RELATIVE = { from: 1e-6, to: 1e6 };

/** @throws {AlgorithmError} `LENGTH_MISMATCH`, `EMPTY`, `OUT_OF_RANGE` (0, negative, NaN …) */
export function checkRelatives(relatives: ArrayLike<number>, assets: number): void {
  checkLength('price relatives', relatives, assets);
  checkValues('price relatives', relatives, RELATIVE);
}

/**
 * Checks every row.
 *
 * @returns the number of assets.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function checkMarket(market: PriceRelatives): number {
  if (market.length === 0) throw new AlgorithmError('EMPTY', 'the market has no periods');
  const assets = market[0].length;
  for (const relatives of market) checkRelatives(relatives, assets);
  return assets;
}

/** Σ bᵢxᵢ: what one unit of wealth becomes. */
export function growth(weights: ArrayLike<number>, relatives: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += weights[i] * relatives[i];
  return sum;
}
