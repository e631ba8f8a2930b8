import { readdirSync, readFileSync } from 'node:fs';
import { candlesFromColumns, MarketDataError, type ColumnCandles } from '@sema/qar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candleFormat } from '../src/candle-format.ts';
import { arrowColumns } from '../src/columnar/arrow-columns.ts';
import { parquetColumns } from '../src/columnar/parquet-columns.ts';
import { CliError } from '../src/cli-error.ts';
import { jsonColumns } from '../src/json-columns.ts';
import { featherFile, jsonFile, parquetFile, walkColumns } from './columnar-fixture.ts';

const ROWS = 1000;
/** Written by pandas 3.1.1 and pyarrow 26.0.1: see make.py there. */
const VECTORS = new URL('./vectors/columnar/', import.meta.url);

async function decode(bytes: Uint8Array, rows = ROWS): Promise<ColumnCandles> {
  const copy = new Uint8Array(bytes);
  const format = candleFormat(copy);
  const columns =
    format === 'parquet'
      ? await parquetColumns(copy, rows)
      : format === 'json'
        ? jsonColumns('test', new TextDecoder().decode(copy), rows)
        : arrowColumns(copy, rows);
  return candlesFromColumns(columns, { file: 'test', maximumRows: rows });
}

function vector(name: string): Promise<ColumnCandles> {
  return decode(readFileSync(new URL(name, VECTORS)));
}

const twelve = Array.from({ length: 12 }, (_, index) => index);
const FIVE_MINUTES = 300_000;

const names = readdirSync(VECTORS).filter((name) => /^(?!null).*\.(parquet|feather)$/.test(name));

test.each(names)('%s has the candles that pandas put there', async (name) => {
  const { candles } = await vector(name);
  const start = Date.UTC(2021, 11, 31, 23, 55);
  expect(candles).toEqual({
    time: Float64Array.from(twelve, (i) => start + i * FIVE_MINUTES),
    open: Float64Array.from(twelve, (i) => 100 + i / 4),
    high: Float64Array.from(twelve, (i) => 101 + i / 4),
    low: Float64Array.from(twelve, (i) => 99 + i / 4),
    close: Float64Array.from(twelve, (i) => 100.5 + i / 4),
    volume: Float64Array.from(twelve, (i) => 1000.25 * (i % 3)),
    length: 12,
  });
});

test.each([
  ['time-s.feather', 's'],
  ['time-ms.feather', 'ms'],
  ['time-us.feather', 'us'],
  ['time-ns.feather', 'ns'],
  ['time-us.parquet', 'date'],
])('%s says that its times are %s', async (name, form) => {
  expect((await vector(name)).timeForm).toBe(form);
});

test.each(['null.parquet', 'null.feather'])('a missing value in %s has its row', async (name) => {
  await expect(vector(name)).rejects.toMatchObject({ code: 'BAD_NUMBER', line: 5 });
});

const walk = walkColumns(40);
const files = [
  ['Parquet', parquetFile(walk)],
  ['Feather', featherFile(walk)],
  ['JSON', Buffer.from(jsonFile(walk))],
] as const;

test.each(files)('%s holds what was written', async (_, bytes) => {
  const { candles } = await decode(bytes);
  expect(Array.from(candles.time)).toEqual(walk['date']);
  expect(Array.from(candles.close)).toEqual(walk['close']);
});

test.each(files)('%s with more rows than allowed is refused', async (_, bytes) => {
  await expect(decode(bytes, 39)).rejects.toThrow(/more than the 39|40 rows are not in \[0, 39\]/);
});

test.each(files.slice(0, 2))(
  '%s without the volume says which column is missing',
  async (name, _) => {
    const { volume: __, ...without } = walk;
    const bytes = name === 'Parquet' ? parquetFile(without) : featherFile(without);
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'MISSING_COLUMN', line: 0 });
  },
);

test.each(files)('every cut of %s ends in an error, none in candles', async (_, bytes) => {
  for (let length = 8; length < bytes.length; length += 7) {
    await expect(decode(bytes.subarray(0, length))).rejects.toThrow();
  }
});

test.each([
  ['[1, 2]', 1],
  ['[[1640991660000,1,2,1,1,1],[1640991660000,1,2,1,1]]', 2],
  ['[[1640991660000,1,2,1,1,1],null]', 2],
])('the JSON %s has no list of six in row %d', async (text, line) => {
  const rejected = expect(decode(Buffer.from(text))).rejects;
  await rejected.toMatchObject({ name: 'MarketDataError', code: 'WRONG_COLUMN_COUNT', line });
});

test.each(['[', '[[1,', '[1]x'])('the JSON %j is damaged', async (text) => {
  await expect(decode(Buffer.from(text))).rejects.toBeInstanceOf(CliError);
});

test('JSON with a text for a price has its row', async () => {
  const text = '[[1640991660000,1,2,1,1,1],[1640991720000,1,"x",1,1,1]]';
  await expect(decode(Buffer.from(text))).rejects.toBeInstanceOf(MarketDataError);
  await expect(decode(Buffer.from(text))).rejects.toMatchObject({ code: 'BAD_NUMBER', line: 2 });
});

test.each([
  ['parquet', 'PAR1xxxx'],
  ['arrow', 'ARROW1\0\0'],
  ['feather-1', 'FEA1'],
  ['json', ' \n[[1'],
  ['csv', 'time,open'],
  ['csv', ''],
  ['csv', 'PAR'],
])('a file is %s when it begins with %j', (format, text) => {
  expect(candleFormat(Buffer.from(text))).toBe(format);
});

test.each([
  ['Parquet', 'PAR1', 'PAR1'],
  ['Arrow', 'ARROW1\0\0', 'ARROW1'],
  ['JSON', '[[', ']]'],
])('%s that is garbage but for its ends is refused', async (_, start, end) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (middle) => {
      const bytes = Buffer.concat([Buffer.from(start), middle, Buffer.from(end)]);
      await expect(decode(bytes)).rejects.toBeInstanceOf(Error);
    }),
    { seed: 20_210_108, numRuns: 200 },
  );
});

test('JSON with changed bytes ends in checked candles or an error', async () => {
  const bytes = Buffer.from(jsonFile(walk));
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const changed = Buffer.from(bytes);
      for (const [at, value] of changes) changed[at] = value;
      const read = await decode(changed).catch((error: unknown) => error);
      if (read instanceof Error) return;
      expect(read).toMatchObject({ timeForm: 'ms' });
    }),
    { seed: 20_210_108, numRuns: 200 },
  );
});
