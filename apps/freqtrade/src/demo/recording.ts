import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CandleCsvReader } from '@sema/qar';
import type { Candles } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';

export interface Recording {
  readonly file: string;
  /** Of which the demo knows nothing else. */
  readonly origin: 'given' | 'recorded' | 'seeded';
  readonly candles: Candles;
}

export const MINUTE_MS = 60_000;
const SEED = 20_220_101;
const SEEDED_CANDLES = 20_000;
const SEEDED_START = Date.UTC(2022, 0, 1);
/** Minutes for which the price drifts one way, then the other. */
const SWING = 80;
const MOST_ROWS = 1_000_000;

/**
 * One-minute candles to replay: a CSV that was given, the recorded month of BTC where the data
 * folder has it, or else a seeded walk, written to `folder`.
 */
export function recordingOf(
  given: string | undefined,
  dataFolder: string,
  folder: string,
): Recording {
  if (given !== undefined) return read(given, 'given');
  const recorded = join(dataFolder, 'market', 'btc-perp-1m.csv');
  if (existsSync(recorded)) return read(recorded, 'recorded');
  const file = join(folder, 'seeded-1m.csv');
  writeFileSync(file, seededCsv());
  return read(file, 'seeded');
}

function read(file: string, origin: Recording['origin']): Recording {
  const reader = new CandleCsvReader({ file, maximumRows: MOST_ROWS });
  reader.push(readFileSync(file, 'utf8'));
  return { file, origin, candles: reader.end() };
}

/** A walk whose drift turns now and then; the same on every machine. */
function seededCsv(): string {
  const random = mulberry32(SEED);
  const lines = ['time,open,high,low,close,volume'];
  let price = 40_000;
  for (let index = 0; index < SEEDED_CANDLES; index++) {
    const drift = Math.floor(index / SWING) % 2 === 0 ? 0.0006 : -0.0006;
    const open = price;
    price *= 1 + drift + (random.next() - 0.5) * 0.003;
    const high = Math.max(open, price) * (1 + random.next() * 0.001);
    const low = Math.min(open, price) * (1 - random.next() * 0.001);
    const volume = 10 + random.next() * 5;
    const time = SEEDED_START + index * MINUTE_MS;
    const prices = [open, high, low, price].map((value) => value.toFixed(2));
    lines.push([time, ...prices, volume.toFixed(4)].join(','));
  }
  return `${lines.join('\n')}\n`;
}
