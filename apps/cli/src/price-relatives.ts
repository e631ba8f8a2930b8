import { createHash } from 'node:crypto';
import { basename, parse } from 'node:path';
import { CsvTable, parseNumber, type Candles } from '@sema/qar';
import { CliError } from './cli-error.ts';
import { readBlocks } from './read-blocks.ts';
import type { CandleFile } from './read-candles.ts';

const MOST_ROWS = 1_000_000;
/**
 * Rows have no dates. An hour apart, so that no expert takes their numbers for days of a calendar.
 */
const SPACING_MS = 3_600_000;
/** Trading days, which is what such tables hold by custom. */
export const RELATIVES_PER_YEAR = 252;

/**
 * Candles of a table of price relatives: a column for each asset, and in each row the price at the
 * end of a day over the one before. Open, high, low and close are the wealth of one unit put into
 * the asset; no volume is known, and is 0 in every candle.
 *
 * @param asset - name or number, from 1, of a column; absent, the mean of all of them, which is a
 *   portfolio of equal weights that is rebalanced every day without costs.
 * @throws {MarketDataError} `BAD_NUMBER`, `NON_POSITIVE_PRICE`, `TOO_MANY_ROWS` and those of
 *   `CsvTable`, with the line
 * @throws {CliError} `FILE_NOT_READABLE`, `BAD_OPTION` for no such asset
 */
export function readPriceRelatives(path: string, asset: string | undefined): CandleFile {
  const hash = createHash('sha256');
  const wealth: number[] = [];
  let value = 1;
  let columns: readonly number[] = [];
  const table: CsvTable = new CsvTable(path, {
    header: (cells) => (columns = columnsOf(path, cells, asset)),
    row: (cells, line) => {
      if (wealth.length === MOST_ROWS) {
        table.fail('TOO_MANY_ROWS', `there are more than ${String(MOST_ROWS)} rows`, line);
      }
      let sum = 0;
      for (const column of columns) {
        const relative = parseNumber(cells[column].trim());
        if (relative === undefined) {
          return table.fail('BAD_NUMBER', `'${cells[column]}' is no price relative`, line);
        }
        if (!(relative > 0)) {
          return table.fail(
            'NON_POSITIVE_PRICE',
            `the relative ${cells[column]} leaves nothing`,
            line,
          );
        }
        sum += relative;
      }
      value *= sum / columns.length;
      wealth.push(value);
    },
  });
  const decoder = new TextDecoder();
  for (const block of readBlocks(path)) {
    hash.update(block);
    table.push(decoder.decode(block, { stream: true }));
  }
  table.push(decoder.decode());
  table.end();
  const name = basename(path);
  const pair = `${parse(name).name}/${asset ?? 'equal-weights'}`;
  return { path, name, hash: hash.digest('hex'), candles: candlesOf(wealth), pair };
}

function columnsOf(
  path: string,
  names: readonly string[],
  asset: string | undefined,
): readonly number[] {
  if (asset === undefined) return names.map((_, column) => column);
  const named = names.findIndex((name) => name.trim() === asset);
  const column = named >= 0 ? named : /^[1-9]\d*$/.test(asset) ? Number(asset) - 1 : -1;
  if (column >= 0 && column < names.length) return [column];
  throw new CliError(
    'BAD_OPTION',
    `${path} has no asset ${asset} among its ${String(names.length)}`,
    'name a column, give its number from 1, or leave it out for all of them',
  );
}

function candlesOf(wealth: readonly number[]): Candles {
  const price = Float64Array.from(wealth);
  return {
    time: price.map((_, row) => row * SPACING_MS),
    open: price,
    high: price,
    low: price,
    close: price,
    volume: new Float64Array(price.length),
    length: price.length,
  };
}
