import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { candleRows, writeRows } from './candle-fixture.ts';
import { Sandbox } from './sema-process.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

/** Replaces cells of the row on a 1-based line. */
function edit(rows: string[], line: number, change: (cells: string[]) => string[]): string[] {
  return rows.with(line - 1, change((rows[line - 1] ?? '').split(',')).join(','));
}

type Fault = (rows: string[]) => string[];
const cell =
  (line: number, index: number, text: string): Fault =>
  (rows) =>
    edit(rows, line, (cells) => cells.with(index, text));

test.each<[code: string, line: number, fault: Fault]>([
  ['EMPTY_FILE', 1, () => []],
  ['EMPTY_FILE', 2, (rows) => rows.slice(0, 1)],
  ['MISSING_COLUMN', 1, cell(1, 4, 'last')],
  [
    'DUPLICATE_COLUMN',
    1,
    (rows) => rows.map((row, index) => `${row},${index === 0 ? 'Open' : '1'}`),
  ],
  ['WRONG_COLUMN_COUNT', 57, (rows) => edit(rows, 57, (cells) => cells.slice(1))],
  ['BAD_QUOTING', 80, cell(80, 1, '"100')],
  ['BAD_NUMBER', 99, cell(99, 4, 'NaN')],
  ['BAD_NUMBER', 300, cell(300, 5, '1e999')],
  ['BAD_TIME', 12, cell(12, 0, '2019-02-30')],
  ['NON_POSITIVE_PRICE', 42, cell(42, 3, '0')],
  ['NEGATIVE_VOLUME', 2, cell(2, 5, '-1')],
  ['HIGH_BELOW_LOW', 7, cell(7, 2, '0.001')],
  ['DUPLICATE_TIME', 31, (rows) => rows.toSpliced(30, 0, rows[29] ?? '')],
  ['OUT_OF_ORDER', 51, cell(51, 0, '2018-01-01')],
  ['GAP', 101, (rows) => rows.toSpliced(100, 20)],
  ['LINE_TOO_LONG', 60, cell(60, 1, '1'.repeat(5000))],
])('%s on line %i is named with the file, and no journal is left', async (code, line, fault) => {
  const name = `${code}-${String(line)}`;
  const path = writeRows(sandbox.file(`${name}.csv`), fault(candleRows(300)));
  await expectRefused(path, name, new RegExp(`^error ${code}: .*/${name}\\.csv:${line}: `));
});

test('a file that is not text is refused', async () => {
  const path = sandbox.file('image.csv');
  writeFileSync(path, Uint8Array.of(0xff, 0xfe, 0x00, 0x80));
  await expectRefused(path, 'image', /^error NOT_UTF8: .*image\.csv/);
});

test('a folder is no candle file', async () => {
  await expectRefused(sandbox.path, 'folder', /^error FILE_NOT_READABLE: .*EISDIR/);
});

test('a file too short for one window is refused', async () => {
  const path = writeRows(sandbox.file('short.csv'), candleRows(256));
  await expectRefused(path, 'short', /^error NOT_ENOUGH_CANDLES: /);
});

async function expectRefused(path: string, name: string, message: RegExp): Promise<void> {
  const out = sandbox.file(`out-${name}`);
  const { code, stdout, stderr } = await sandbox.sema('backtest', path, '--out', out);
  expect(stderr).toMatch(message);
  // One line that says what to do next.
  expect(stderr).toMatch(/ Next: [^\n]+\n$/);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(existsSync(`${out}/journal.jsonl`)).toBe(false);
}
