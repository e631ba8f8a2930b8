import { CANDLE_COLUMNS, locateColumns, type MarketColumn } from '@sema/qar';

/** Those of the names that candles need; all of them when some are missing or named twice. */
export function candleColumns(names: readonly string[]): string[] {
  const located = locateColumns(CANDLE_COLUMNS, names);
  return 'code' in located
    ? [...names]
    : located.filter((index) => index >= 0).map((index) => names[index]);
}

/** @throws {RangeError} when a file says it has more rows than allowed, or no number of them. */
export function checkRows(rows: number, maximumRows: number): number {
  if (!Number.isSafeInteger(rows) || rows < 0 || rows > maximumRows) {
    throw new RangeError(`${String(rows)} rows are not in [0, ${String(maximumRows)}]`);
  }
  return rows;
}

/** The column with its values in one buffer if they are all numbers, so that they travel fast. */
export function compactColumn(column: MarketColumn): MarketColumn {
  const { values } = column;
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < numbers.length; row++) {
    const value = values[row];
    if (typeof value !== 'number') return column;
    numbers[row] = value;
  }
  return { ...column, values: numbers };
}
