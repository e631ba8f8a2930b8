import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { Child } from '../src/demo/child.ts';
import { recordingOf } from '../src/demo/recording.ts';
import { replayStarts } from '../src/demo/replay-start.ts';
import { tradeTable } from '../src/demo/trade-table.ts';

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'sema-demo-'));
  return { path, [Symbol.dispose]: () => void rmSync(path, { recursive: true, force: true }) };
}

/** `L` asks for an entry, `l` for one that is refused, `f` and `s` for an exit, `.` for nothing. */
function signalsOf(text: string) {
  const actions: Record<string, string> = { L: 'long', l: 'long', f: 'flat', s: 'short' };
  return {
    action: Array.from(text, (letter) => actions[letter] ?? null),
    stake: Array.from(text, (letter) => (letter === 'L' ? 0.01 : 0)),
    id: [],
  };
}

test('starts are runs of entries that an exit follows, the one left soonest first', () => {
  const text = '..LLL...f.LL.s.llll.fLLL.LLLfLLLL..';
  expect(replayStarts(signalsOf(text), 3)).toEqual([
    { firstEntry: 25, lastEntry: 27, exit: 28 },
    { firstEntry: 2, lastEntry: 4, exit: 8 },
  ]);
  expect(replayStarts(signalsOf(text), 2)).toHaveLength(3);
  expect(replayStarts(signalsOf(''), 1)).toEqual([]);
});

test('without recorded candles the seeded ones are the same every time', () => {
  using folder = temporaryFolder();
  const recordings = [1, 2].map(() => recordingOf(undefined, folder.path, folder.path));
  expect(recordings[0]).toEqual(recordings[1]);
  expect(recordings[0]).toMatchObject({ origin: 'seeded', candles: { length: 20_000 } });
  const given = recordingOf(recordings[0].file, folder.path, folder.path);
  expect(given.candles).toEqual(recordings[0].candles);
});

test('a table shows open and closed trades in columns', () => {
  const open = {
    id: 2,
    pair: 'BTC/USDT',
    is_open: 1,
    open_date: '2026-01-01 00:00:03.123456',
    close_date: null,
    open_rate: 100,
    close_rate: null,
    stake_amount: 99,
    close_profit: null,
    enter_tag: 'd2',
    exit_reason: null,
  };
  const close = { close_date: '2026-01-01 00:05:00', close_rate: 101, close_profit: 0.008 };
  const closed = { ...open, id: 1, is_open: 0, enter_tag: 'd1', exit_reason: 'x1', ...close };
  expect(tradeTable([closed, open]).split('\n')).toEqual([
    'trade  pair      opened               at      closed               at      ' +
      'stake  profit  why it closed',
    '1      BTC/USDT  2026-01-01 00:00:03  100.00  2026-01-01 00:05:00  101.00  99.00  0.80 %  x1',
    '2      BTC/USDT  2026-01-01 00:00:03  100.00  open                         99.00',
    '',
    'decision of trade 1: d1',
    'decision of trade 2: d2',
  ]);
});

test('a child is ready when it has printed a document, and stops when it is asked to', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'log');
  const stays = "console.log('{'); console.log('\"url\": 7}'); setInterval(() => {}, 1000)";
  await using child = new Child(process.execPath, ['-e', stays], { logFile });
  expect(await child.ready()).toEqual({ url: 7 });
  expect(child.running).toBe(true);
  await child.stop();
  expect(child.running).toBe(false);
});

test('a child that fails is told with what it logged', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'log');
  const fails = "console.error('the disk is full'); process.exit(3)";
  const child = new Child(process.execPath, ['-e', fails], { logFile });
  await expect(child.ready()).rejects.toThrow('the disk is full');
  await expect(child.done()).rejects.toThrow('the disk is full');
  await expect(new Child('/no/such/program', [], { logFile }).done()).rejects.toThrow('ENOENT');
});
