import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** A market bar by bar. */
export interface MarketSeries {
  readonly name: string;
  readonly periodsPerYear: number;
  readonly closes: Float64Array;
  readonly volumes: Float64Array;
}

/** What is seen of a market at the close of a bar. */
export interface Features {
  readonly volatility: number;
  readonly trendClarity: number;
  readonly normalizedVolume: number;
}

/** BTC-PERP, one minute, of nautilus_trader's test data. */
const BTC = resolve(
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'market/btc-perp-1m.csv',
);
const BTC_BAR_MINUTES = 15;
/** Bars that features look back. */
export const WINDOW = 20;

/** S&P 500, daily, 2000 to 2020, from the npm package vega-datasets. */
export function stockIndex(): MarketSeries {
  const rows = readFileSync(stockIndexFile(), 'utf8').trim().split('\n').slice(1);
  const column = (at: number) => Float64Array.from(rows, (row) => Number(row.split(',')[at]));
  return { name: 'S&P 500', periodsPerYear: 252, closes: column(4), volumes: column(6) };
}

/** Where the package keeps it. */
export function stockIndexFile(): string {
  const code = createRequire(import.meta.url).resolve('vega-datasets');
  return findUpwards(dirname(code), 'data/sp500-2000.csv');
}

/** BTC-PERP, one-minute candles; undefined when the file is not at hand. */
export function bitcoinFile(): string | undefined {
  return existsSync(BTC) ? BTC : undefined;
}

/** BTC-PERP in bars of 15 minutes; undefined when the file is not at hand. */
export function bitcoin(): MarketSeries | undefined {
  const file = bitcoinFile();
  if (file === undefined) return undefined;
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const bars = Math.floor(rows.length / BTC_BAR_MINUTES);
  const closes = new Float64Array(bars);
  const volumes = new Float64Array(bars);
  for (let bar = 0; bar < bars; bar++) {
    for (let minute = 0; minute < BTC_BAR_MINUTES; minute++) {
      const cells = rows[bar * BTC_BAR_MINUTES + minute].split(',');
      closes[bar] = Number(cells[4]);
      volumes[bar] += Number(cells[5]);
    }
  }
  const periodsPerYear = (365 * 24 * 60) / BTC_BAR_MINUTES;
  return { name: 'BTC', periodsPerYear, closes, volumes };
}

/** Log returns in percent; entry t is from bar t to bar t + 1. */
export function percentReturns({ closes }: MarketSeries): Float64Array {
  return Float64Array.from(
    { length: closes.length - 1 },
    (_, t) => 100 * Math.log(closes[t + 1] / closes[t]),
  );
}

/** Features at bar t from the last 20 returns and volumes; t ≥ 20. */
export function featuresAt({ closes, volumes, periodsPerYear }: MarketSeries, t: number): Features {
  let squares = 0;
  let path = 0;
  let volume = 0;
  for (let i = t - WINDOW + 1; i <= t; i++) {
    const change = Math.log(closes[i] / closes[i - 1]);
    squares += change * change;
    path += Math.abs(closes[i] - closes[i - 1]);
    volume += volumes[i] / WINDOW;
  }
  return {
    volatility: Math.sqrt((periodsPerYear * squares) / WINDOW),
    trendClarity: path > 0 ? Math.min(1, Math.abs(closes[t] - closes[t - WINDOW]) / path) : 0,
    normalizedVolume: volume > 0 ? volumes[t] / volume : 1,
  };
}

function findUpwards(folder: string, name: string): string {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  if (dirname(folder) === folder) throw new Error(`${name} is nowhere above its package`);
  return findUpwards(dirname(folder), name);
}
