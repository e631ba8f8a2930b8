import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SigningKey } from '@sema/synthesis-crypto';
import { expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import { verifyJournal } from '../src/journal.ts';
import { CandleCsvReader } from '../src/market-data/candle-csv.ts';
import { replayJournal } from '../src/replay.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, prefix } from './synthetic-candles.ts';

const file = new URL('../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url).pathname;
const text = readFileSync(file, 'utf8');
const reader = new CandleCsvReader({ file, maximumRows: 10_000 });
reader.push(text);
const candles = reader.end();

function configurationOf(path: 'quantum' | 'twin') {
  const required = { pair: 'SP500', intervalMs: DAY_MS, periodsPerYear: 252, path };
  return engineConfiguration(required);
}

test('twenty years of the S&P 500: no decision changes when the later candles do not exist', () => {
  const configuration = configurationOf('quantum');
  using seeing = new Engine(configuration, { clock: countingClock() });
  using blind = new Engine(configuration, { clock: countingClock() });
  for (let end = configuration.windowCandles - 1; end < candles.length; end++) {
    const now = candles.time[end] + DAY_MS;
    const all = seeing.step(candles, end, { now }).receipt;
    const upToNow = blind.step(prefix(candles, end + 1), end, { now }).receipt;
    expect(JSON.stringify(upToNow)).toBe(JSON.stringify(all));
  }
});

test('its journal is the same twice, verifies, and replays with no difference', () => {
  const key = SigningKey.generate();
  const dataHash = createHash('sha256').update(text).digest('hex');
  const journal = (): string[] => {
    const lines: string[] = [];
    runBacktest(candles, configurationOf('quantum'), {
      clock: countingClock(),
      key,
      dataName: 'sp500-2000.csv',
      dataHash,
      writeLine: (line) => lines.push(line),
    });
    return lines;
  };
  const lines = journal();
  expect(journal()).toEqual(lines);
  const publicKey = key.verifyingKey.toText();
  const decisions = candles.length - 255;
  expect(verifyJournal(lines, { publicKey })).toMatchObject({ valid: true, receipts: decisions });
  const replayed = replayJournal(lines, candles, { clock: countingClock() });
  expect(replayed).toEqual({ decisions, differenceCount: 0, differences: [] });
});
