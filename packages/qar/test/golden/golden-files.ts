import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseLine } from '../../src/journal.ts';
import { CandleCsvReader } from '../../src/market-data/candle-csv.ts';
import type { Candles } from '../../src/market-data/candles.ts';
import { replayJournal } from '../../src/replay.ts';
import { countingClock } from '../counting-clock.ts';
import { goldenCandles, goldenJournal } from './golden-journal.ts';

const CSV = new URL('candles.csv', import.meta.url);
const JOURNAL = new URL('journal.jsonl', import.meta.url);
const LAST_HASH = new URL('last-hash.txt', import.meta.url);

/** What is kept in the repository. */
export interface GoldenFiles {
  readonly csv: string;
  readonly lines: readonly string[];
  readonly lastHash: string;
}

export function readGolden(): GoldenFiles {
  return {
    csv: readFileSync(CSV, 'utf8'),
    lines: readFileSync(JOURNAL, 'utf8').trimEnd().split('\n'),
    lastHash: readFileSync(LAST_HASH, 'utf8').trim(),
  };
}

/** Makes all of it on this machine. */
export function makeGolden(): GoldenFiles {
  const csv = goldenCandles();
  const lines = goldenJournal(candlesOf(csv), sha256(csv));
  const last = parseLine(lines[lines.length - 1]);
  if (typeof last === 'string') throw new Error(last);
  return { csv, lines, lastHash: last.hash };
}

export function writeGolden({ csv, lines, lastHash }: GoldenFiles): void {
  writeFileSync(CSV, csv);
  writeFileSync(JOURNAL, `${lines.join('\n')}\n`);
  writeFileSync(LAST_HASH, `${lastHash}\n`);
}

export function candlesOf(csv: string): Candles {
  const reader = new CandleCsvReader({ file: 'candles.csv', maximumRows: 1000 });
  reader.push(csv);
  return reader.end();
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What this machine makes of the journal kept, and of the candles by itself. */
export interface GoldenReport {
  readonly node: string;
  readonly decisions: number;
  readonly differenceCount: number;
  /** Hash of the last line of a journal made anew. */
  readonly madeHash: string;
}

export function goldenReport(): GoldenReport {
  const { csv, lines } = readGolden();
  const clock = countingClock();
  const { decisions, differenceCount } = replayJournal(lines, candlesOf(csv), { clock });
  const { lastHash: madeHash } = makeGolden();
  return { node: process.version, decisions, differenceCount, madeHash };
}
