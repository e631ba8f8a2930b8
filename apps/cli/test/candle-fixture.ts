import { writeFileSync } from 'node:fs';

const DAY_MS = 86_400_000;
const START = Date.UTC(2019, 0, 1);
const SEED = 20_190_101;

/** Rows of a seeded random walk of daily candles with a slow swing, header first. */
export function candleRows(candles: number): string[] {
  const random = lehmer(SEED);
  const rows = ['date,open,high,low,close,volume'];
  let close = 100;
  for (let i = 0; i < candles; i++) {
    const open = close;
    close = open * (1 + 0.002 * Math.sign(Math.sin(i / 40)) + 0.02 * (random() - 0.5));
    const high = Math.max(open, close) * (1 + 0.004 * random());
    const low = Math.min(open, close) * (1 - 0.004 * random());
    const volume = 1000 + 500 * random();
    const date = new Date(START + i * DAY_MS).toISOString().slice(0, 10);
    rows.push([date, ...[open, high, low, close, volume].map((x) => x.toString())].join(','));
  }
  return rows;
}

export function writeRows(path: string, rows: readonly string[]): string {
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
}

/** Writes a good candle file and gives its path back. */
export function writeCandles(path: string, candles = 300): string {
  return writeRows(path, candleRows(candles));
}

/** The minimal standard generator (Park & Miller 1988). */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
