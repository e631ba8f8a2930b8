import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

export const PORTFOLIO_FOLDER = resolve(
  process.env['SEMA_DATA_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'portfolio',
);

export const MARKETS = ['nyse_o', 'tse', 'sp500'] as const;
export type Market = (typeof MARKETS)[number];

export function hasPortfolioData(): boolean {
  return existsSync(PORTFOLIO_FOLDER);
}

/** Daily price relatives, a row per day. */
export function marketRows(market: Market): Float64Array[] {
  return lines(`${market}.csv`).map((line) => Float64Array.from(line.split(','), Number));
}

/** Final wealth that the authors' toolbox computed, by `market,strategy`. */
export function referenceWealth(): ReadonlyMap<string, number> {
  return new Map(
    lines('reference-wealth.csv').map((line) => {
      const [market, strategy, wealth] = line.split(',');
      return [`${market},${strategy}`, Number(wealth)] as const;
    }),
  );
}

function lines(name: string): string[] {
  return readFileSync(resolve(PORTFOLIO_FOLDER, name), 'utf8').trim().split(/\r?\n/).slice(1);
}
