import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeColumns } from '../src/columnar/decode-columns.ts';
import type { BacktestResult } from '../src/result.ts';
import { candleRows, writeRows } from './candle-fixture.ts';
import { featherFile, jsonFile, parquetFile, walkColumns } from './columnar-fixture.ts';
import { Sandbox } from './sema-process.ts';

const sandbox = new Sandbox();
const walk = walkColumns();
let fromCsv: BacktestResult;

beforeAll(async () => {
  fromCsv = await backtest(writeRows(sandbox.file('walk.csv'), candleRows(300)));
});
afterAll(() => sandbox[Symbol.dispose]());

// The names say nothing of what is inside.
describe.each([
  ['Parquet', parquetFile(walk)],
  ['Feather', featherFile(walk)],
  ["freqtrade's JSON", Buffer.from(jsonFile(walk))],
])('candles in %s', (kind, bytes) => {
  const path = sandbox.file(`walk-${kind.slice(0, 4)}.bin`);

  test('give the decisions of the same candles in CSV, and replay alike', async () => {
    writeFileSync(path, bytes);
    const result = await backtest(path);
    expect(result.comparison).toEqual(fromCsv.comparison);
    expect(result.decisions).toBe(45);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(result.data).toMatchObject({ sha256, candles: 300 });
    const replay = await sandbox.sema('replay', result.journal.path, path);
    expect(replay).toMatchObject({ code: 0, stderr: '' });
    expect(replay.stdout).toMatch(/^SAME /);
  });

  test('cut short are refused, and leave nothing', async () => {
    writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
    await expectRefused(path, /^error FILE_DAMAGED: /);
  });
});

test('a bad row of a Parquet file is named with its number', async () => {
  const path = sandbox.file('bad.parquet');
  const columns = walkColumns();
  const volume = columns['volume']?.with(41, -1) ?? [];
  writeFileSync(path, parquetFile({ ...columns, volume }));
  await expectRefused(path, /^error NEGATIVE_VOLUME: .*bad\.parquet, row 42: volume -1 /);
});

test('a Feather file of the first version is refused by name', async () => {
  const path = sandbox.file('old.feather');
  writeFileSync(path, 'FEA1....FEA1');
  await expectRefused(path, /^error FILE_DAMAGED: .*Feather V1/);
});

describe('a file of two pairs', () => {
  const path = sandbox.file('two.parquet');
  const columns = walkColumns();
  const twice = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      values.flatMap((value) => [value, name === 'date' ? value : 2 * value]),
    ]),
  );
  const data = Array.from({ length: 600 }, (_, row) => (row % 2 === 0 ? 'BTC/USDT' : 'ETH/USDT'));
  writeFileSync(path, parquetFile(twice, [{ name: 'symbol', data, type: 'STRING' }]));

  test('is refused with their names until one is chosen', async () => {
    await expectRefused(path, /^error SEVERAL_PAIRS: .*"BTC\/USDT", "ETH\/USDT"/);
    await expectRefused(path, /^error UNKNOWN_PAIR: .*"BTC\/USDT", "ETH\/USDT"/, 'XRP/USDT');
  });

  test('gives the candles of the one chosen, and replays', async () => {
    const result = await backtest(path, '--pair', 'BTC-USDT');
    expect(result.comparison).toEqual(fromCsv.comparison);
    const replay = await sandbox.sema('replay', result.journal.path, path);
    expect(replay.stdout).toMatch(/^SAME /);
  });
});

test.each([
  ['never answers', 'setInterval(() => undefined, 1000);', /takes more than 2 s/],
  ['dies', 'process.exit(134);', /ran out of memory/],
])('a decoder that %s is ended', async (name, program, message) => {
  const script = sandbox.file(`${name.slice(0, 4)}.mjs`);
  writeFileSync(script, program);
  const task = { format: 'parquet', bytes: new Uint8Array(8), maximumRows: 1 } as const;
  const decoded = decodeColumns('a.parquet', task, pathToFileURL(script), 2000);
  await expect(decoded).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  await expect(decoded).rejects.toThrow(message);
});

async function backtest(path: string, ...flags: string[]): Promise<BacktestResult> {
  const out = `${path}.out`;
  const run = await sandbox.sema('backtest', path, '--out', out, '--json', ...flags);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(readFileSync(`${out}/result.json`, 'utf8'));
}

async function expectRefused(path: string, message: RegExp, pair?: string): Promise<void> {
  const out = `${path}.refused`;
  const flags = pair === undefined ? [] : ['--pair', pair];
  const { code, stdout, stderr } = await sandbox.sema('backtest', path, '--out', out, ...flags);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(existsSync(out)).toBe(false);
}
