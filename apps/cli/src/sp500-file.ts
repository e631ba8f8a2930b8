import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Daily candles of the S&P 500, 2000 to 2020. They lie beside their package's code, but are not
 * among its exports.
 */
export function sp500File(): string {
  const code = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(code), '..', 'data', 'sp500-2000.csv');
}
