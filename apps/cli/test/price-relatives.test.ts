import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readPriceRelatives } from '../src/price-relatives.ts';
import { Sandbox } from './sema-process.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

function table(text: string): string {
  const path = sandbox.file('table.csv');
  writeFileSync(path, text);
  return path;
}

const TABLE = 'A,B\n1.1,0.9\n1.0,1.2\n0.5,1.5\n';

describe('a table of price relatives', () => {
  test('gives the wealth of one unit put into an asset, without a volume', () => {
    const { candles, hash, pair } = readPriceRelatives(table(TABLE), 'B');
    expect([...candles.close]).toEqual([0.9, 0.9 * 1.2, 0.9 * 1.2 * 1.5]);
    for (const column of ['open', 'high', 'low'] as const) {
      expect(candles[column]).toEqual(candles.close);
    }
    expect([...candles.volume]).toEqual([0, 0, 0]);
    expect(candles.length).toBe(3);
    expect(hash).toBe(createHash('sha256').update(TABLE).digest('hex'));
    expect(pair).toBe('table/B');
  });

  test('finds an asset by its number where its name is none of the header', () => {
    const path = table(TABLE);
    expect(readPriceRelatives(path, '2').candles).toEqual(readPriceRelatives(path, 'B').candles);
  });

  test('is the portfolio of equal weights, rebalanced daily, where no asset is named', () => {
    const { candles, pair } = readPriceRelatives(table(TABLE), undefined);
    expect([...candles.close]).toEqual([1, 1.1, 1.1]);
    expect(pair).toBe('table/equal-weights');
  });

  test.each([
    ['C', TABLE, 'BAD_OPTION'],
    ['0', TABLE, 'BAD_OPTION'],
    ['3', TABLE, 'BAD_OPTION'],
    ['A', 'A,B\n1,1\nnone,1\n', 'BAD_NUMBER'],
    ['A', 'A,B\n0,1\n', 'NON_POSITIVE_PRICE'],
    ['A', 'A,B\n-1,1\n', 'NON_POSITIVE_PRICE'],
    ['A', 'A,B\n1\n', 'WRONG_COLUMN_COUNT'],
  ])('is refused for %s of %j with %s', (asset, text, code) => {
    expect(() => readPriceRelatives(table(text), asset)).toThrow(expect.objectContaining({ code }));
  });
});

const folder =
  env.SEMA_DATA_DIR ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const absent = !existsSync(join(folder, 'portfolio'));
const note = absent ? ' (SKIPPED: no portfolio sets; set SEMA_DATA_DIR)' : '';

describe.skipIf(absent)(`the published portfolio sets${note}`, () => {
  test.each([
    ['nyse_o', 5651, 36],
    ['tse', 1259, 88],
    ['sp500', 1276, 25],
  ])('%s gives the wealth that the OLPS toolbox gives', (name, rows, assets) => {
    const path = join(folder, 'portfolio', `${name}.csv`);
    const whole = readPriceRelatives(path, undefined).candles;
    expect(whole.length).toBe(rows);
    const ends = Array.from({ length: assets }, (_, k) => {
      const { close } = readPriceRelatives(path, String(k + 1)).candles;
      return close[close.length - 1];
    });
    const wealth = referenceWealth(name);
    // The tables hold ten digits, whose roundings add up over the rows.
    const mean = ends.reduce((sum, end) => sum + end / assets, 0);
    expect(mean / (wealth.get('ubah') ?? NaN)).toBeCloseTo(1, 7);
    expect(Math.max(...ends) / (wealth.get('best') ?? NaN)).toBeCloseTo(1, 7);
    expect(whole.close[rows - 1] / (wealth.get('ucrp') ?? NaN)).toBeCloseTo(1, 7);
  });
});

function referenceWealth(set: string): Map<string, number> {
  const text = readFileSync(join(folder, 'portfolio', 'reference-wealth.csv'), 'utf8');
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .filter(([name]) => name === set)
      .map(([, strategy, wealth]) => [strategy, Number(wealth)] as const),
  );
}
