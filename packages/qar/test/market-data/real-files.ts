import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CandleFileOptions } from '../../src/market-data/candle-collector.ts';
import { CandleCsvReader } from '../../src/market-data/candle-csv.ts';
import type { Candles } from '../../src/market-data/candles.ts';

/** S&P 500, daily candles, 2000-01-03 … 2020-04-17. */
export const SP500_FILE = fileURLToPath(
  new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url),
);

const dataFolder =
  process.env['SEMA_DATA_DIR'] ??
  fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** BTC-PERP, one-minute candles of January 2022. */
export const BTC_FILE = join(dataFolder, 'market', 'btc-perp-1m.csv');

/** Empty, or what a test's name says when its file is not on this machine. */
export const BTC_ABSENT = existsSync(BTC_FILE) ? '' : ` (SKIPPED: there is no ${BTC_FILE})`;

export function readCandles(file: string, options?: Partial<CandleFileOptions>): Candles {
  const reader = new CandleCsvReader({ file, maximumRows: 100_000, ...options });
  reader.push(readFileSync(file, 'utf8'));
  return reader.end();
}
