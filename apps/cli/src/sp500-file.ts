import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * What demo and evaluation of these candles ask for: a profit that is more likely than not. The
 * default is more than the confidence of a position of ten candles comes to in most markets.
 */
export const SP500_SETTINGS = { pair: 'SP500', risk: { minimumConfidence: 0.5 } } as const;

/**
 * Daily candles of the S&P 500, 2000 to 2020. They lie beside their package's code, but are not
 * among its exports.
 */
export function sp500File(): string {
  const code = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(code), '..', 'data', 'sp500-2000.csv');
}
