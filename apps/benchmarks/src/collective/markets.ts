import { readFileSync } from 'node:fs';
import { CandleCsvReader, type Candles } from '@sema/qar';
import { bitcoinFile, stockIndexFile } from '../learning/market-series.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

export interface Market {
  readonly name: string;
  readonly candles: Candles;
  readonly intervalMs: number;
  readonly periodsPerYear: number;
}

/** The markets at hand, and the names of those that are not. */
export function markets(): (Market | string)[] {
  const stocks = {
    name: 'S&P 500 daily',
    candles: readCandles(stockIndexFile()),
    intervalMs: DAY_MS,
    periodsPerYear: 252,
  };
  const file = bitcoinFile();
  if (file === undefined) return [stocks, 'BTC-PERP'];
  const minutes = readCandles(file);
  return [stocks, bitcoin(minutes, 15), bitcoin(minutes, 1)];
}

function bitcoin(minutes: Candles, length: number): Market {
  return {
    name: `BTC-PERP ${length} min`,
    candles: length === 1 ? minutes : merged(minutes, length),
    intervalMs: length * MINUTE_MS,
    periodsPerYear: (365 * DAY_MS) / (length * MINUTE_MS),
  };
}

function readCandles(file: string): Candles {
  const reader = new CandleCsvReader({ file, maximumRows: 100_000 });
  reader.push(readFileSync(file, 'utf8'));
  return reader.end();
}

/** Candles of so many in a row; what is left over at the end is dropped. */
function merged(candles: Candles, count: number): Candles {
  const length = Math.floor(candles.length / count);
  const column = (value: (from: number, to: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, k) => value(k * count, (k + 1) * count));
  return {
    length,
    time: column((from) => candles.time[from]),
    open: column((from) => candles.open[from]),
    high: column((from, to) => Math.max(...candles.high.subarray(from, to))),
    low: column((from, to) => Math.min(...candles.low.subarray(from, to))),
    close: column((_, to) => candles.close[to - 1]),
    volume: column((from, to) => candles.volume.subarray(from, to).reduce((a, b) => a + b, 0)),
  };
}
