import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mulberry32 } from '@sema/simulator';
import { afterAll, expect, test } from 'vitest';
import { finished, Sandbox, type Finished } from './sema-process.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const WINDOW = 256;
const COUNT = WINDOW + 400;
const ROWS = randomWalk(COUNT, 7);

/** Rows as ccxt gives them. */
function randomWalk(count: number, seed: number): string[] {
  const random = mulberry32(seed);
  let price = 100;
  return Array.from({ length: count }, (_, minute) => {
    const open = price;
    const close = open * (1 + 0.02 * (random.next() - 0.499));
    price = close;
    const row = [
      START + minute * MINUTE,
      open,
      Math.max(open, close),
      Math.min(open, close),
      close,
    ];
    return JSON.stringify([...row, 1000 + 100 * random.next()]);
  });
}

function start(folder: string, ...more: string[]): ChildProcess {
  const options = ['--pair', 'TEST/USDT', '--interval', '1m', '--at-close', '--shorting'];
  return sandbox.start('paper', sandbox.file(folder), ...options, ...more);
}

async function whole(folder: string, rows = ROWS, ...more: string[]): Promise<Finished> {
  const child = start(folder, ...more);
  child.stdin?.end(`${rows.join('\n')}\n`);
  return finished(child);
}

interface Answer {
  readonly time: number;
  readonly verdict: string;
  readonly decision: { readonly sequence: number } | null;
}

function answers(run: Finished): Answer[] {
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

function journalOf(folder: string): string {
  return readFileSync(sandbox.file(folder, 'journal', '000000.jsonl'), 'utf8');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Feeds every row and kills the process when it has answered `answered` of them. */
async function killAfter(folder: string, answered: number): Promise<number> {
  const child = start(folder);
  const ended = finished(child);
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${ROWS.join('\n')}\n`);
  let decisions = 0;
  let lines = 0;
  if (child.stdout === null) throw new Error('the program has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if ((JSON.parse(line) as Answer).decision !== null) decisions++;
    if (++lines === answered) child.kill('SIGKILL');
  }
  await ended;
  return decisions;
}

test('candles are answered one by one, and the journal verifies and replays', async () => {
  const run = await whole('plain');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const all = answers(run);
  expect(all).toHaveLength(COUNT);
  expect(all.every(({ verdict }) => verdict === 'next')).toBe(true);
  expect(all.filter(({ decision }) => decision !== null)).toHaveLength(COUNT - WINDOW + 1);
  const folder = sandbox.file('plain');
  const verified = await sandbox.sema('verify', folder);
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.stdout).toContain(`receipts`);
  const replayed = await sandbox.sema('replay', folder, sandbox.file('plain', 'candles.csv'));
  expect(replayed).toMatchObject({ code: 0 });
  expect(replayed.stdout).toContain('zero differences');
});

test('killed four times, it loses and doubles no decision, and decides the same', async () => {
  await whole('undisturbed');
  const random = mulberry32(5);
  for (let kill = 1; kill <= 4; kill++) {
    const answered = await killAfter('killed', WINDOW + Math.floor(80 * (kill + random.next())));
    const kept = journalOf('killed').split('\n').length - 2;
    expect(kept).toBeGreaterThanOrEqual(answered);
  }
  const run = await whole('killed');
  expect(run).toMatchObject({ code: 0 });
  expect(run.stderr).toContain('going on after');
  // As hashes, because a difference of two journals is a thousand lines long.
  expect(sha256(journalOf('killed'))).toBe(sha256(journalOf('undisturbed')));
});

test('what is no next candle is answered with why, and changes nothing', async () => {
  const [first, second, , fourth] = ROWS;
  const revised = first.replace(/,\d+\.\d+\]$/, ',1]');
  const lines = [first, second, second, revised, fourth, 'nonsense', '[1,2,3]', ROWS[2]];
  const verdicts = answers(await whole('verdicts', lines)).map(({ verdict }) => verdict);
  expect(verdicts).toEqual([
    'next',
    'next',
    'duplicate',
    'revised',
    'next',
    'invalid',
    'invalid',
    'late',
  ]);
});

test('with memory and monitor it reports on both, and decides the same', async () => {
  await whole('unwatched', ROWS.slice(0, 300));
  const options = ['--memory', 'trapped-ion', '--monitor', '20'];
  const run = await whole('watched', ROWS.slice(0, 300), ...options);
  expect(run.code).toBe(0);
  expect(sha256(journalOf('watched'))).toBe(sha256(journalOf('unwatched')));
  const last = answers(run).at(-1);
  expect(last).toMatchObject({ memory: { status: 'retrieved', bank: 'ms', keptNs: 60e9 } });
  const reports = run.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  // After 20 and 40 decisions, and at the end after 45.
  expect(reports).toMatchObject([{ decisions: 20 }, { decisions: 40 }, { decisions: 45 }]);
  expect(reports[2]).toMatchObject({
    preservation: { retrieved: 44, lost: 0 },
    synchronisation: null,
    circuits: { failures: 0 },
    unmeasured: ['synchronisation'],
  });
});

test('a folder that another configuration began is refused', async () => {
  await whole('begun', ROWS.slice(0, WINDOW));
  const child = sandbox.start('paper', sandbox.file('begun'), '--pair', 'B', '--interval', '1m');
  child.stdin?.end();
  const run = await finished(child);
  expect(run.code).toBe(3);
  expect(run.stderr).toContain('BAD_JOURNAL');
});
