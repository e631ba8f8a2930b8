import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { mulberry32 } from '@sema/simulator';
import { afterAll, expect, test } from 'vitest';
import { finished, Sandbox, type Finished } from './sema-process.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const SECOND = 1000;
const START = Date.UTC(2024, 0, 1);
const WINDOW = 256;
const COUNT = WINDOW + 60;

interface TestTrade {
  readonly time: number;
  readonly price: number;
  readonly quantity: number;
}

/** Four trades a second, whose candle is the price's open, high, low and close. */
function trades(seconds: number): TestTrade[] {
  const random = mulberry32(3);
  let price = 100;
  return Array.from({ length: 4 * seconds }, (_, index) => {
    price *= 1 + 0.002 * (random.next() - 0.499);
    return { time: START + index * (SECOND / 4), price, quantity: 0.5 };
  });
}

/** The candles of those trades but the first, as rows. */
function candleRows(all: readonly TestTrade[]): string[] {
  return Array.from({ length: all.length / 4 - 1 }, (_, index) => {
    const four = all.slice(4 * (index + 1), 4 * (index + 2));
    const prices = four.map(({ price }) => price);
    const row = [prices[0], Math.max(...prices), Math.min(...prices), prices[3], 2];
    return JSON.stringify([four[0].time, ...row]);
  });
}

async function paper(folder: string, lines: readonly string[], ...more: string[]) {
  const options = ['--pair', 'TEST/USDT', '--interval', '1s', '--shorting', '--no-sync'];
  const child = sandbox.start('paper', sandbox.file(folder), ...options, ...more);
  child.stdin?.end(`${lines.join('\n')}\n`);
  return finished(child);
}

function answers(run: Finished): Record<string, unknown>[] {
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function journalOf(folder: string): string[] {
  const text = readFileSync(sandbox.file(folder, 'journal', '000000.jsonl'), 'utf8');
  return text.trim().split('\n');
}

/** What was decided, without when: the clock's time is in a live receipt. */
function decided(folder: string): unknown[] {
  return journalOf(folder)
    .slice(1)
    .map((line) => {
      const { verdict, seats, window, path } = JSON.parse(line).body as Record<string, unknown>;
      return { verdict, seats, window, path };
    });
}

const ALL = trades(COUNT + 1);
const ROWS = candleRows(ALL);

test('in rhythms, a live session decides what a recorded one does, and replays', async () => {
  const recorded = await paper('recorded', ROWS, '--at-close');
  expect(recorded).toMatchObject({ code: 0, stderr: '' });
  const live = await paper('live', [...ROWS, 'nonsense'], '--monitor', '1000000');
  expect(live.code).toBe(0);
  expect(decided('live')).toEqual(decided('recorded'));
  const order = answers(live).map(({ time, code }) => time ?? code);
  expect(order).toEqual([...answers(recorded).map(({ time }) => time), 'NOT_A_CANDLE']);
  const report = JSON.parse(live.stderr) as { decisions: number; live: { rhythms: object } };
  expect(report.decisions).toBe(COUNT - WINDOW + 1);
  expect(Object.keys(report.live.rhythms)).toEqual(['gamma', 'beta', 'theta', 'delta']);
  const csv = sandbox.file('live', 'candles.csv');
  const replayed = await sandbox.sema('replay', sandbox.file('live'), csv);
  expect(replayed).toMatchObject({ code: 0 });
  expect(replayed.stdout).toContain('zero differences');
});

test('killed between beats, a live session goes on and loses or doubles no decision', async () => {
  const options = ['--pair', 'TEST/USDT', '--interval', '1s', '--shorting'];
  const child = sandbox.start('paper', sandbox.file('killed'), ...options);
  const ended = finished(child);
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${ROWS.join('\n')}\n`);
  if (child.stdout === null) throw new Error('the program has no output');
  let answered = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    if (++answered === WINDOW + 20) child.kill('SIGKILL');
  }
  await ended;
  const kept = journalOf('killed').length - 1;
  expect(kept).toBeGreaterThanOrEqual(answered - WINDOW + 1);
  const run = await paper('killed', ROWS);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('going on after');
  expect(decided('killed')).toEqual(decided('recorded'));
});

test('trades give the journal that their candles give', async () => {
  const lines = ALL.map((trade) => JSON.stringify(trade));
  const run = await paper('trades', lines, '--trades', '--at-close');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const [first, ...rest] = answers(run);
  expect(first).toEqual({ time: START, verdict: 'partial' });
  // The last candle's end has not been seen.
  expect(rest).toHaveLength(COUNT - 1);
  await paper('candles', ROWS.slice(0, -1), '--at-close');
  expect(journalOf('trades')).toEqual(journalOf('candles'));
});

test('started again with all trades sent again, it goes on without a gap or a double', async () => {
  const lines = ALL.map((trade) => JSON.stringify(trade));
  await paper('again', lines.slice(0, 4 * 280 + 2), '--trades', '--at-close');
  const run = await paper('again', lines, '--trades', '--at-close');
  expect(run.code).toBe(0);
  const verdicts = answers(run).map(({ verdict }) => verdict);
  expect(verdicts.filter((verdict) => verdict === 'duplicate')).toHaveLength(279);
  expect(journalOf('again')).toEqual(journalOf('trades'));
});

test('a live candle closes when its time is over, though no later trade comes', async () => {
  const options = ['--pair', 'TEST/USDT', '--interval', '1s', '--trades'];
  const child = sandbox.start('paper', sandbox.file('silence'), ...options);
  const ended = finished(child);
  const trade = (): void => void child.stdin?.write(`[${String(Date.now())}, 100, 1]\n`);
  if (child.stdout === null) throw new Error('the program has no output');
  const verdicts: unknown[] = [];
  trade();
  for await (const line of createInterface({ input: child.stdout })) {
    verdicts.push((JSON.parse(line) as { verdict: unknown }).verdict);
    // The trade of the next candle is sent when the one before has been answered.
    if (verdicts.length === 1) trade();
    else child.stdin?.end();
  }
  expect(await ended).toMatchObject({ code: 0 });
  expect(verdicts).toEqual(['partial', 'next']);
});

test('an interval that does not divide a day makes no candles', async () => {
  const child = sandbox.start(
    ...['paper', sandbox.file('odd'), '--pair', 'B', '--interval', '7m', '--trades'],
  );
  child.stdin?.end();
  const run = await finished(child);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('does not divide a day');
});
