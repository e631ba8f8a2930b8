import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '@sema/simulator';
import { SigningKey } from '@sema/synthesis-crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import { verifyJournal } from '../src/journal.ts';
import type { Candle } from '../src/market-data/candle-fault.ts';
import { replayJournal } from '../src/replay.ts';
import { SessionFiles } from '../src/session-files.ts';
import { Session } from '../src/session.ts';
import type { SessionStore } from '../src/session.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, prefix, syntheticCandles } from './synthetic-candles.ts';

const WINDOW = 256;
const COUNT = WINDOW + 20;
const DECISIONS = COUNT - WINDOW + 1;
const columns = syntheticCandles(COUNT, 3);
const candles: Candle[] = Array.from({ length: COUNT }, (_, i) => ({
  time: columns.time[i],
  open: columns.open[i],
  high: columns.high[i],
  low: columns.low[i],
  close: columns.close[i],
  volume: columns.volume[i],
}));
const key = SigningKey.generate();
const configuration = engineConfiguration(
  { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path: 'twin' },
  { risk: { minimumConfidence: 0.4, shorting: true } },
);
// Segments of a few lines each, so that crashes fall between and within them.
const FILES = { sync: 'never', segmentBytes: 8000 } as const;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sema-session-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function open(store: SessionStore): Session {
  return new Session(store, {
    configuration,
    clock: countingClock(),
    key,
    name: 'TEST',
    snapshotEvery: 4,
    clockToleranceMs: 0,
    // A candle without a receipt is decided on as at its own close, so that runs can be compared.
    now: ({ time }) => time + DAY_MS,
  });
}

function closeOf(index: number): number {
  return candles[index].time + DAY_MS;
}

/** Pushes every candle and returns how many decisions were answered. */
function feed(session: Session, from = 0): number {
  let answered = 0;
  for (let index = from; index < candles.length; index++) {
    if (session.push(candles[index], closeOf(index)).step !== undefined) answered++;
  }
  return answered;
}

/** One write of a session to its folder: bytes at the end of a file, or a file replaced at once. */
interface Write {
  readonly file: string;
  readonly bytes: Buffer;
  readonly replaces: boolean;
  /** Decisions answered before it. */
  readonly answered: number;
}

/** The writes of one undisturbed session, taken from what its folder holds after each step. */
function recordWrites(): { writes: Write[]; journal: string[] } {
  const folder = join(root, 'undisturbed');
  const writes: Write[] = [];
  const seen = new Map<string, Buffer>();
  let answered = 0;
  const note = (): void => {
    for (const file of ['candles.csv', ...segments(folder), 'snapshot.bin']) {
      const before = seen.get(file) ?? Buffer.alloc(0);
      const now = readIfThere(join(folder, file));
      if (now.equals(before)) continue;
      const replaces = file === 'snapshot.bin';
      writes.push({
        file,
        bytes: replaces ? now : now.subarray(before.length),
        replaces,
        answered,
      });
      seen.set(file, now);
    }
  };
  using store = new SessionFiles(folder, FILES);
  using session = open(store);
  note();
  for (const [index, candle] of candles.entries()) {
    const { step } = session.push(candle, closeOf(index));
    note();
    if (step !== undefined) answered++;
  }
  return { writes, journal: [...store.journal()] };
}

function segments(folder: string): string[] {
  return readdirSync(join(folder, 'journal'))
    .sort()
    .map((name) => join('journal', name));
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The folder as a kill leaves it when `bytes` of all appended bytes had been written. */
function folderKilledAt(folder: string, writes: readonly Write[], bytes: number): number {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'journal'), { recursive: true });
  const files = new Map<string, Buffer[]>();
  let left = bytes;
  let answered = 0;
  for (const write of writes) {
    answered = write.answered;
    if (write.replaces) files.set(write.file, [write.bytes]);
    else {
      const part = write.bytes.subarray(0, left);
      files.set(write.file, [...(files.get(write.file) ?? []), part]);
      left -= part.length;
      if (left === 0 && part.length < write.bytes.length) break;
    }
  }
  for (const [file, parts] of files) writeFileSync(join(folder, file), Buffer.concat(parts));
  return answered;
}

describe('a session that is killed', () => {
  test('at any of 500 random bytes goes on, loses no answered decision and doubles none', () => {
    const { writes, journal } = recordWrites();
    const total = writes.reduce(
      (sum, { bytes, replaces }) => sum + (replaces ? 0 : bytes.length),
      0,
    );
    const random = mulberry32(20_211);
    const folder = join(root, 'killed');
    for (let trial = 0; trial < 500; trial++) {
      const bytes = Math.floor(random.next() * total);
      const answered = folderKilledAt(folder, writes, bytes);
      using store = new SessionFiles(folder, FILES);
      using session = open(store);
      expect(session.decisions, `killed at byte ${String(bytes)}`).toBeGreaterThanOrEqual(answered);
      // The sender does not know what was taken, and sends everything again.
      feed(session);
      expect([...store.journal()], `killed at byte ${String(bytes)}`).toEqual(journal);
    }
  });

  test('leaves a journal that verifies and replays from the candles it kept', () => {
    const folder = join(root, 'undisturbed');
    using store = new SessionFiles(folder, FILES);
    const lines = [...store.journal()];
    expect(segments(folder).length).toBeGreaterThan(3);
    expect(verifyJournal(lines, { publicKey: key.verifyingKey.toText() })).toMatchObject({
      valid: true,
      receipts: DECISIONS,
    });
    const replayed = replayJournal(lines, columns, { clock: countingClock() });
    expect(replayed).toEqual({ decisions: DECISIONS, differenceCount: 0, differences: [] });
    expect([...store.candles()]).toEqual(candles);
  });
});

describe('a folder', () => {
  function fresh(name: string): string {
    const folder = join(root, name);
    using store = new SessionFiles(folder, FILES);
    using session = open(store);
    feed(session);
    return folder;
  }

  test('is opened by one at a time', () => {
    const folder = join(root, 'held');
    using _ = new SessionFiles(folder, FILES);
    expect(() => new SessionFiles(folder, FILES)).toThrow(
      expect.objectContaining({ code: 'SESSION_IN_USE' }),
    );
  });

  test('whose holder has ended is taken over', () => {
    const folder = join(root, 'stale');
    mkdirSync(folder);
    // Above the largest process id that Linux gives out.
    writeFileSync(join(folder, 'lock'), '4194305');
    using store = new SessionFiles(folder, FILES);
    expect([...store.candles()]).toEqual([]);
  });

  test('without its snapshot decides everything again, and so with a broken one', () => {
    const folder = fresh('snapshots');
    const file = join(folder, 'snapshot.bin');
    for (const [damage, snapshot] of [
      [() => undefined, 'used'],
      [() => writeFileSync(file, 'nonsense'), 'unusable'],
      [() => rmSync(file), 'none'],
    ] as const) {
      damage();
      using store = new SessionFiles(folder, FILES);
      using session = open(store);
      expect(session.recovery).toMatchObject({ receipts: DECISIONS, caughtUp: 0, snapshot });
      expect(session.recovery.redecided).toBe(snapshot === 'used' ? DECISIONS % 4 : DECISIONS);
    }
  });

  test.each([
    [
      'a changed receipt',
      'journal/000001.jsonl',
      (text: string) => text.replace('"sequence"', '"sequenze"'),
    ],
    ['a missing segment', 'journal/000001.jsonl', () => ''],
    ['a changed candle', 'candles.csv', (text: string) => text.replace(/\d\n$/, '7e9\n')],
    [
      'missing candles',
      'candles.csv',
      (text: string) => text.split('\n').slice(0, 270).join('\n') + '\n',
    ],
    ['a candle that is no candle', 'candles.csv', (text: string) => `${text}1,2,3\n`],
    ['another header', 'candles.csv', (text: string) => text.replace('time', 'when')],
  ])('with %s is refused', (name, file, change) => {
    const folder = fresh(name.replaceAll(' ', '-'));
    rmSync(join(folder, 'snapshot.bin'));
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    using store = new SessionFiles(folder, FILES);
    expect(() => open(store)).toThrow(expect.objectContaining({ code: 'BAD_JOURNAL' }));
  });

  test('of another key is refused', () => {
    using store = new SessionFiles(fresh('other-key'), FILES);
    const options = { configuration, clock: countingClock(), name: 'TEST', snapshotEvery: 4 };
    const other = SigningKey.generate();
    expect(
      () =>
        new Session(store, { ...options, key: other, clockToleranceMs: 0, now: () => Infinity }),
    ).toThrow(expect.objectContaining({ code: 'BAD_JOURNAL' }));
  });
});

test('a session decides as a backtest over the same candles does', () => {
  using store = new SessionFiles(join(root, 'same'), FILES);
  using session = open(store);
  feed(session);
  const bodies = [...store.journal()].slice(1).map((line) => JSON.parse(line) as { body: unknown });
  const replayed = replayJournal([...store.journal()], prefix(columns, COUNT), {
    clock: countingClock(),
  });
  expect(bodies).toHaveLength(DECISIONS);
  expect(replayed.differenceCount).toBe(0);
});
