import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { mulberry32 } from '@sema/simulator';

const DAYS = 420;
const MINUTES = 400;
const FIRST_MINUTE = Date.UTC(2025, 0, 1);

/** Writes what pages say that their readers have: candles of their own, a feed, a circuit. */
export function writeReaderFiles(folder: string): void {
  const minutes = randomMinutes();
  const header = 'time,open,high,low,close,volume';
  const files: Readonly<Record<string, string>> = {
    'candles.csv': lastDays(),
    'btc.csv': [header, ...minutes.map((row) => row.join(','))].join('\n'),
    'candles.json': JSON.stringify({ candles: minutes.map(named) }),
    'candles.jsonl': minutes.map((row) => JSON.stringify(row)).join('\n'),
    'feed.csv': ['time,price,quantity', ...trades(minutes)].join('\n'),
    'bell.qasm':
      'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\n' +
      'h q[0];\ncx q[0],q[1];\nmeasure q -> c;',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
}

/** The last years of the S&P 500 file that the demo decides on. */
function lastDays(): string {
  const code = createRequire(import.meta.url).resolve('vega-datasets');
  const file = join(dirname(code), '..', 'data', 'sp500-2000.csv');
  const [header, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return [header, ...rows.slice(-DAYS)].join('\n');
}

/** Candles of one minute as ccxt gives them, of a seeded walk. */
function randomMinutes(): number[][] {
  const random = mulberry32(7);
  let price = 100;
  return Array.from({ length: MINUTES }, (_, minute) => {
    const open = price;
    price = Number((open * (1 + 0.004 * (random.next() - 0.5))).toFixed(2));
    const [high, low] = [Math.max(open, price), Math.min(open, price)];
    return [FIRST_MINUTE + minute * 60_000, open, high, low, price, 1000];
  });
}

function named([time, open, high, low, close, volume]: readonly number[]): object {
  return { time, open, high, low, close, volume };
}

function trades(minutes: readonly number[][]): string[] {
  return minutes.slice(0, 20).map(([time, open]) => `${String(time)},${String(open)},1`);
}
