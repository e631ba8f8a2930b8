import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Sandbox } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

function feed(name: string, ...lines: string[]): string {
  const path = sandbox.file(name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const TRADES = [
  'id,time,price,qty,symbol',
  '1,2022-01-01T00:00:10Z,10,1,XBT',
  '2,2022-01-01T00:00:50Z,12,1,XBT',
  '2,2022-01-01T00:00:50Z,12,1,XBT',
  '3,2022-01-01T00:00:05Z,9,0.5,XBT',
  '4,2022-01-01T00:03:00Z,11,1,BTC',
  '5,2022-01-01T00:00:59Z,99,1,BTC',
];

test('trades become candles: duplicates once, late ones left out, gaps counted', async () => {
  const path = feed('trades.csv', ...TRADES);
  const args = ['--interval', '1m', '--rename', 'XBT=BTC'];
  const { code, stdout, stderr } = await sandbox.sema('candles', path, ...args);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout:
      'time,open,high,low,close,volume\n' +
      '2022-01-01T00:00:00.000Z,9,12,9,12,2.5\n' +
      '2022-01-01T00:03:00.000Z,11,11,11,11,1\n',
  });
  expect(stderr.trimEnd().split('\n').sort()).toEqual([
    'candle: 2',
    'duplicate: 1',
    'intervals without a candle: 2',
    'late: 1',
    'taken: 4',
  ]);
});

test('several pairs need a choice or a folder, which gets a file of each', async () => {
  const path = feed('several.csv', ...TRADES);
  const refused = await sandbox.sema('candles', path, '--interval', '1m');
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/^error SEVERAL_PAIRS: .* XBT and BTC/);
  const chosen = await sandbox.sema('candles', path, '--interval', '1m', '--pair', 'BTC');
  expect(chosen.stdout.split('\n').length).toBe(3);
  expect(chosen.stderr).toContain('unknown-pair: 4');
  const out = sandbox.file('split');
  const both = await sandbox.sema('candles', path, '--interval', '1m', '--out', out);
  expect(both).toMatchObject({ code: 0, stdout: '' });
  expect(readdirSync(out).sort()).toEqual(['BTC.csv', 'XBT.csv']);
  expect(readFileSync(`${out}/XBT.csv`, 'utf8')).toContain('T00:00:00.000Z,9,12,9,12,2.5\n');
});

test('quotes become candles of the mid price with their spread', async () => {
  const path = feed('quotes.csv', 'time,bid,ask', '1640995200,99,101', '1640995201,199,201');
  const { stdout } = await sandbox.sema('candles', path, '--interval', '1h');
  expect(stdout).toBe(
    'time,open,high,low,close,volume,mean_spread_bps,maximum_spread_bps\n' +
      '2022-01-01T00:00:00.000Z,100,200,100,200,2,150,200\n',
  );
});

test('a feed of candles loses its duplicates, its revisions and what comes late', async () => {
  const row = (minute: number, close: number): string =>
    `2022-01-01T00:0${String(minute)}Z,10,12,9,${String(close)},1`;
  const rows = [row(0, 10), row(1, 11), row(1, 11), row(0, 12), row(2, 10)];
  const path = feed('candles.csv', 'time,open,high,low,close,volume', ...rows);
  const { stdout, stderr } = await sandbox.sema('candles', path, '--interval', '1m');
  expect(stdout.split('\n').length).toBe(5);
  expect(stderr).toContain('candle duplicate: 1\n');
  expect(stderr).toContain('candle revised: 1\n');
});

test.each([
  ['BAD_NUMBER', 'time,price,qty\n2022-01-01,ten,1'],
  ['BAD_TIME', 'time,price,qty\nyesterday,10,1'],
  ['MISSING_COLUMN', 'time,value\n2022-01-01,10'],
])('%s is named with its line', async (code, text) => {
  const path = feed(`${code}.csv`, text);
  const run = await sandbox.sema('candles', path, '--interval', '1m');
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(new RegExp(`^error ${code}: .*${code}\\.csv:[12]: `));
});

test('an interval that does not divide a day is wrong usage', async () => {
  const path = feed('any.csv', ...TRADES);
  const run = await sandbox.sema('candles', path, '--interval', '7h', '--rename', 'XBT=BTC');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('error BAD_CONFIGURATION: ');
});
