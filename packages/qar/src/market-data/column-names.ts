/** One column of a market file and the names that stand for it, as `plainName` makes them. */
export interface ColumnRule {
  readonly column: string;
  readonly names: readonly string[];
  /** Files without this column are whole. */
  readonly optional?: true;
}

export interface ColumnFault {
  readonly code: 'MISSING_COLUMN' | 'DUPLICATE_COLUMN';
  readonly message: string;
}

const TIME = ['time', 'date', 'datetime', 'date time', 'timestamp', 'open time', 'opentime'];
const PAIR: ColumnRule = { column: 'pair', names: ['pair', 'symbol'], optional: true };

/** The columns of a candle file in the order of a row, and last the pair. */
export const CANDLE_COLUMNS: readonly ColumnRule[] = [
  { column: 'time', names: TIME },
  { column: 'open', names: ['open'] },
  { column: 'high', names: ['high'] },
  { column: 'low', names: ['low'] },
  { column: 'close', names: ['close'] },
  { column: 'volume', names: ['volume'] },
  PAIR,
];

const EVENT_TIME = ['time', 'date', 'datetime', 'date time', 'timestamp', 'transact time'];

/** The columns of a file of trades. */
export const TRADE_COLUMNS: readonly ColumnRule[] = [
  { column: 'time', names: EVENT_TIME },
  { column: 'price', names: ['price'] },
  { column: 'quantity', names: ['quantity', 'qty', 'amount', 'size', 'volume'] },
  { column: 'id', names: ['id', 'trade id', 'tradeid', 'agg trade id'], optional: true },
  PAIR,
];

/** The columns of a file of best bids and asks. */
export const QUOTE_COLUMNS: readonly ColumnRule[] = [
  { column: 'time', names: EVENT_TIME },
  { column: 'bid', names: ['bid', 'bid price', 'best bid', 'best bid price'] },
  { column: 'ask', names: ['ask', 'ask price', 'best ask', 'best ask price'] },
  PAIR,
];

/**
 * For each rule the index of the one column that it names, −1 where an optional one is absent.
 * Letter case is ignored, and `_` read as a space.
 */
export function locateColumns(
  rules: readonly ColumnRule[],
  names: readonly string[],
): readonly number[] | ColumnFault {
  const plain = names.map(plainName);
  const located: number[] = [];
  for (const { column, names: accepted, optional } of rules) {
    const found = plain.flatMap((name, index) => (accepted.includes(name) ? [index] : []));
    if (found.length === 0 && optional !== true) {
      const rule = `none of the columns is named ${accepted.join(' or ')}`;
      return { code: 'MISSING_COLUMN', message: `${rule}: ${shown(names.join(','))}` };
    }
    if (found.length > 1) {
      const both = found.map((index) => shown(names[index])).join(' and ');
      return { code: 'DUPLICATE_COLUMN', message: `${both} both name the ${column}` };
    }
    located.push(found[0] ?? -1);
  }
  return located;
}

function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');
}

/** Text of a file as it goes into a message: quoted, and cut at 60 characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
