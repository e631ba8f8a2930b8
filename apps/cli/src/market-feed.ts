import {
  CANDLE_COLUMNS,
  CsvTable,
  locateColumns,
  parseNumber,
  parseTime,
  QUOTE_COLUMNS,
  TRADE_COLUMNS,
  type ColumnRule,
} from '@sema/qar';

export type FeedKind = 'trades' | 'quotes' | 'candles';

/** One row of a recorded feed. */
export interface FeedRow {
  readonly kind: FeedKind;
  /** Empty in a file without a column of pairs. */
  readonly symbol: string;
  readonly time: number;
  /** The other numbers in the order of the kind's columns: price and quantity, bid and ask, … */
  readonly numbers: readonly number[];
  /** The trade's id, where there is one. */
  readonly id: string | undefined;
}

const KINDS: readonly { readonly kind: FeedKind; readonly rules: readonly ColumnRule[] }[] = [
  { kind: 'candles', rules: CANDLE_COLUMNS },
  { kind: 'quotes', rules: QUOTE_COLUMNS },
  { kind: 'trades', rules: TRADE_COLUMNS },
];

/** A number's place is its column in the rules; these two columns hold none. */
const TEXTS = ['id', 'pair'];

/**
 * The rows of a CSV file of trades, quotes or candles, in the order they arrived; its header says
 * which they are. Give text to `push`, then call `end` of the table.
 *
 * Faults are those of `CsvTable`, `MISSING_COLUMN`, `DUPLICATE_COLUMN`, `BAD_TIME`, `BAD_NUMBER`.
 */
export function feedTable(file: string, take: (row: FeedRow) => void): CsvTable {
  let kind: FeedKind = 'trades';
  let rules = TRADE_COLUMNS;
  let cellOf: readonly number[] = [];
  const table: CsvTable = new CsvTable(file, {
    header(cells, line) {
      const found = KINDS.find(({ rules: each }) => !('code' in locateColumns(each, cells)));
      ({ kind, rules } = found ?? { kind, rules });
      const located = locateColumns(rules, cells);
      if ('code' in located) table.fail(located.code, located.message, line);
      cellOf = located;
    },
    row(cells, line) {
      const text = (column: string): string | undefined => {
        const index = rules.findIndex((rule) => rule.column === column);
        return index >= 0 && cellOf[index] >= 0 ? cells[cellOf[index]]?.trim() : undefined;
      };
      const time = parseTime(text('time') ?? '');
      if (time === undefined) {
        return table.fail('BAD_TIME', 'the time is no whole millisecond', line);
      }
      const names = rules.map(({ column }) => column).slice(1);
      const numbers = names
        .filter((name) => !TEXTS.includes(name))
        .map((name) => {
          const value = parseNumber(text(name) ?? '');
          return value ?? table.fail('BAD_NUMBER', `${name} is no finite decimal number`, line);
        });
      const id = text('id');
      take({ kind, symbol: text('pair') ?? '', time, numbers, id: id === '' ? undefined : id });
    },
  });
  return table;
}
