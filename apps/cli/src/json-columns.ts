import { MarketDataError, type MarketColumn } from '@sema/qar';
import { CliError } from './cli-error.ts';

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The columns of `[[ms, open, high, low, close, volume], …]`, the JSON of freqtrade and ccxt.
 *
 * @throws {CliError} `FILE_DAMAGED` when the text is no JSON list.
 * @throws {MarketDataError} `WRONG_COLUMN_COUNT` at the first row that is not a list of six,
 *   `TOO_MANY_ROWS`.
 */
export function jsonColumns(path: string, text: string, maximumRows: number): MarketColumn[] {
  const rows = parsed(path, text);
  if (rows.length > maximumRows) {
    const rule = `more than the ${String(maximumRows)} rows allowed`;
    throw new MarketDataError('TOO_MANY_ROWS', rule, { file: path, row: maximumRows + 1 });
  }
  const columns = NAMES.map((): unknown[] => []);
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== NAMES.length) {
      const rule = `not a list of ${NAMES.join(', ')}`;
      throw new MarketDataError('WRONG_COLUMN_COUNT', rule, { file: path, row: index + 1 });
    }
    for (const [column, value] of row.entries()) columns[column].push(value);
  }
  return NAMES.map((name, index) => ({
    name,
    values: columns[index],
    ...(name === 'time' && { timeUnit: 'ms' }),
  }));
}

function parsed(path: string, text: string): readonly unknown[] {
  let cause: unknown;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (error) {
    cause = error;
  }
  throw new CliError(
    'FILE_DAMAGED',
    `${path} begins like JSON but is no list of candles`,
    'give [[ms, open, high, low, close, volume], …]',
    { cause },
  );
}
