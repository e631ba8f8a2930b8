import { QubitPool } from '@sema/resource-pool';
import { decodeSnapshot, encodeSnapshot } from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import type { BacktestOptions, BacktestRun } from '../src/backtest.ts';
import type { DecisionPath } from '../src/configuration.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import type { JournalLine } from '../src/journal.ts';
import type { Candles } from '../src/market-data/candles.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { replayJournal } from '../src/replay.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, prefix, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const candles = syntheticCandles(700, 11);

function configurationOf(path: DecisionPath) {
  // A low bar for confidence, so that this short random walk trades at all.
  const risk = { minimumConfidence: 0.4, shorting: true };
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path };
  return engineConfiguration(required, { risk });
}

function backtest(
  path: DecisionPath,
  over: Candles = candles,
  options: Partial<BacktestOptions> = {},
): { run: BacktestRun; lines: string[] } {
  const lines: string[] = [];
  const run = runBacktest(over, configurationOf(path), {
    clock: countingClock(),
    key,
    dataName: 'synthetic',
    dataHash: '00',
    writeLine: (line) => lines.push(line),
    ...options,
  });
  return { run, lines };
}

const quantum = backtest('quantum');
const twin = backtest('twin');

describe('a run over a random walk', () => {
  test('decides on every candle with a window behind it and takes the path asked for', () => {
    const decisions = 700 - 255;
    expect(quantum.run.decisions).toBe(decisions);
    expect(quantum.run.paths).toEqual({ quantum: decisions, twin: 0 });
    expect(quantum.run.trades).toBeGreaterThan(5);
    expect(quantum.lines).toHaveLength(decisions + 2);
    expect(quantum.run.sealed).toBe(true);
  });

  test('records each circuit it ran in the timing buffer', () => {
    const { circuits, decisions } = quantum.run;
    const undecided = Object.values(quantum.run.undecided).reduce((sum, n) => sum + n, 0);
    const decided = decisions - undecided;
    expect(circuits.lmsr?.count).toBe(decided);
    expect(circuits.prospect?.count).toBe(2 * decided);
    expect(circuits.hedge?.count).toBe(decided);
    expect(circuits.fusion?.count).toBe(decided);
    // The counting clock moves 1 µs from the start of a circuit to its end.
    expect(circuits.lmsr?.meanExecutionNs).toBe(1000);
  });

  test('the circuits and their twins say the same to 1e-10, so they trade the same', () => {
    let gap = 0;
    quantum.run.preferences.forEach((preference, index) => {
      gap = Math.max(gap, Math.abs(preference - twin.run.preferences[index]));
    });
    expect(gap).toBeLessThan(1e-10);
    expect(quantum.run.trades).toBe(twin.run.trades);
    expect(quantum.run.metrics.totalReturn).toBeCloseTo(twin.run.metrics.totalReturn, 10);
  });

  test('preferences are probabilities and weights too, at every decision', () => {
    const { preferences, weights, decisions } = quantum.run;
    for (let row = 0; row < decisions; row++) {
      const said = sum(preferences.subarray(3 * row, 3 * row + 3));
      expect(said === 0 || Math.abs(said - 1) < 1e-12).toBe(true);
      expect(sum(weights.subarray(14 * row, 14 * row + 14))).toBeCloseTo(1, 12);
    }
  });
});

describe('no look-ahead', () => {
  test('every decision is the same when no later candle exists', () => {
    const configuration = configurationOf('quantum');
    using seeing = new Engine(configuration, { clock: countingClock() });
    using blind = new Engine(configuration, { clock: countingClock() });
    for (let end = configuration.windowCandles - 1; end < candles.length; end++) {
      const now = candles.time[end] + DAY_MS;
      const all = seeing.step(candles, end, { now }).receipt;
      const upToNow = blind.step(prefix(candles, end + 1), end, { now }).receipt;
      expect(upToNow).toEqual(all);
    }
  });

  test('the journal of a shorter history is the beginning of the longer one', () => {
    const bodies = (lines: string[]): DecisionReceipt[] =>
      lines.slice(1, 200).map((line) => (JSON.parse(line) as JournalLine).body as DecisionReceipt);
    const shorter = backtest('quantum', prefix(candles, 500));
    expect(bodies(shorter.lines)).toEqual(bodies(quantum.lines));
  });
});

describe('determinism', () => {
  test('two runs write the same journal, byte for byte', () => {
    expect(backtest('quantum').lines).toEqual(quantum.lines);
  });

  test.each([300, 417, 699 - 2])('so does a run stopped at candle %i and resumed', (stopBefore) => {
    const first = backtest('quantum', candles, { stopBefore });
    expect(first.run.sealed).toBe(false);
    const second = backtest('quantum', candles, { resume: first.run.snapshot });
    expect([...first.lines, ...second.lines]).toEqual(quantum.lines);
    expect(second.run.lastHash).toBe(quantum.run.lastHash);
  });

  test('a snapshot does not resume under another configuration, nor with a flipped bit', () => {
    const { snapshot } = backtest('twin', candles, { stopBefore: 300 }).run;
    const resume = (path: DecisionPath, bytes: Uint8Array) => () =>
      backtest(path, candles, { resume: bytes });
    const refused = expect.objectContaining({ code: 'BAD_SNAPSHOT' }) as Error;
    expect(resume('quantum', snapshot)).toThrow(refused);
    const flipped = snapshot.slice();
    flipped[flipped.length >> 1] ^= 1;
    expect(resume('twin', flipped)).toThrow(refused);
    expect(resume('twin', new Uint8Array(0))).toThrow(refused);
  });

  test('an engine restored as of any candle is the same, bit for bit, and decides the same', () => {
    const configuration = configurationOf('quantum');
    using engine = new Engine(configuration, { clock: countingClock() });
    const snapshots = new Map<number, Uint8Array>();
    const receipts: DecisionReceipt[] = [];
    for (let end = 255; end < 480; end++) {
      receipts.push(engine.step(candles, end, { now: candles.time[end] + DAY_MS }).receipt);
      if (end % 40 === 0) snapshots.set(end, engine.snapshot());
    }
    for (const [taken, bytes] of snapshots) {
      using restored = Engine.restore(configuration, { clock: countingClock() }, bytes);
      expect(restored.snapshot()).toEqual(bytes);
      for (let end = taken + 1; end < taken + 10; end++) {
        const { receipt } = restored.step(candles, end, { now: candles.time[end] + DAY_MS });
        expect(receipt).toEqual(receipts[end - 255]);
      }
    }
  });

  test('a snapshot of an older version is refused', () => {
    const configuration = configurationOf('twin');
    using engine = new Engine(configuration, { clock: countingClock() });
    engine.step(candles, 260, { now: candles.time[260] + DAY_MS });
    const sections = decodeSnapshot(engine.snapshot());
    for (const version of [undefined, 1, 2, 4]) {
      const { version: _, ...older } = sections.engine as Readonly<Record<string, SectionValue>>;
      const engineSection = version === undefined ? older : { ...older, version };
      // Plain data, as it was decoded.
      const bytes = encodeSnapshot({ ...sections, engine: engineSection as SectionValue });
      expect(() => Engine.restore(configuration, { clock: countingClock() }, bytes)).toThrow(
        expect.objectContaining({
          code: 'BAD_SNAPSHOT',
          message: 'the snapshot is not of version 3, the only one this engine reads',
        }),
      );
    }
  });
});

describe('replay', () => {
  test('re-decides every receipt with no difference', () => {
    const result = replayJournal(quantum.lines, candles, { clock: countingClock() });
    expect(result).toEqual({
      decisions: quantum.run.decisions,
      differenceCount: 0,
      differences: [],
    });
  });

  test('shows where another history would have been decided differently', () => {
    const other = prefix(candles, candles.length);
    other.close[400] *= 1.01;
    const { differences } = replayJournal(quantum.lines, other, { clock: countingClock() });
    expect(differences[0]).toMatchObject({ line: 2 + 400 - 255, sequence: 400 - 255 });
  });

  test('refuses a journal that names a candle which is not there', () => {
    const missing = () =>
      replayJournal(quantum.lines, prefix(candles, 500), { clock: countingClock() });
    expect(missing).toThrow(expect.objectContaining({ code: 'BAD_JOURNAL' }));
  });
});

describe('the twin decides when the circuits cannot', () => {
  test('says why in the receipt, and a replay with working circuits takes the same path', () => {
    const configuration = configurationOf('quantum');
    const pool = new QubitPool(25);
    // Somebody else holds so many qubits that the circuits get none.
    using _held = pool.acquireNow({ owner: 'other', min: 24, max: 24 });
    using starved = new Engine(configuration, { clock: countingClock(), pool });
    using healthy = new Engine(configuration, { clock: countingClock() });
    let fallbacks = 0;
    for (let end = 255; end < 400; end++) {
      const now = candles.time[end] + DAY_MS;
      const { receipt } = starved.step(candles, end, { now });
      const { path, fallback } = receipt;
      expect(healthy.step(candles, end, { now, choice: { path, fallback } }).receipt).toEqual(
        receipt,
      );
      if (receipt.verdict === null) continue;
      expect(receipt).toMatchObject({
        path: 'twin',
        fallback: 'ResourcePoolError QUBITS_UNAVAILABLE',
      });
      fallbacks++;
    }
    expect(fallbacks).toBeGreaterThan(50);
    expect(pool.metrics.inUse).toBe(24);
  });
});

test('a candle that is not newer than the last is refused and changes nothing', () => {
  using engine = new Engine(configurationOf('twin'), { clock: countingClock() });
  engine.step(candles, 260, { now: candles.time[260] + DAY_MS });
  const before = engine.snapshot();
  for (const end of [260, 259]) {
    expect(() => engine.step(candles, end, { now: candles.time[end] + DAY_MS })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_ORDER' }),
    );
  }
  expect(engine.snapshot()).toEqual(before);
});

test('a market that does not move yields no decision and no order', () => {
  const flat = prefix(candles, 300);
  for (const column of [flat.open, flat.high, flat.low, flat.close]) column.fill(100);
  const { run } = backtest('quantum', flat);
  expect(run.undecided).toEqual({ DEGENERATE_WINDOW: 45 });
  expect(run.trades).toBe(0);
});

test('the price of nothing traded leaves equity where it started', () => {
  const flat = prefix(candles, 300);
  for (const column of [flat.open, flat.high, flat.low, flat.close]) column.fill(100);
  expect(backtest('twin', flat).run.metrics).toMatchObject({ totalReturn: 0, sharpe: undefined });
});

test.each([0, 1, 256])('%i candles are too few to run on', (length) => {
  expect(() => backtest('twin', prefix(candles, length))).toThrow(
    expect.objectContaining({ code: 'NOT_ENOUGH_CANDLES' }),
  );
});

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
