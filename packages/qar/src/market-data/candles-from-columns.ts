import { CandleCollector, type CandleFileOptions } from './candle-collector.ts';
import { epochTime, parseTime, timeUnitOf, type TimeUnit } from './candle-time.ts';
import type { Candles } from './candles.ts';
import { CANDLE_COLUMNS, locateColumns, shown } from './column-names.ts';
import { MarketDataError, type MarketDataErrorCode } from './market-data-error.ts';
import { parseNumber } from './number-text.ts';
import { PairSelection } from './pair-selection.ts';

/** One column of a table, as a columnar file holds it. */
export interface MarketColumn {
  readonly name: string;
  /** Numbers, bigints, texts or Dates; whatever else stands there is a fault. */
  readonly values: ArrayLike<unknown>;
  /** What a column of times counts, where the file says so; otherwise its size decides. */
  readonly timeUnit?: TimeUnit;
}

export interface ColumnCandles {
  readonly candles: Candles;
  /** What the times were: counts since the epoch in a unit, Dates, or texts. */
  readonly timeForm: TimeForm;
  /** The pair that the file names; undefined when it has no column of pairs. */
  readonly pair: string | undefined;
}

export type TimeForm = TimeUnit | 'date' | 'text';

/**
 * Checked candles from named columns, by the rules, names and codes of `CandleCsvReader`; an error
 * carries the 1-based row. Columns that no candle needs are never read. O(rows).
 *
 * All times of a file have one form, that of the first; a count has the unit that the column states
 * or else that of `timeUnitOf`. A bigint beyond 2^53 is no price and no volume.
 *
 * @throws {MarketDataError} as `CandleCsvReader`; columns of unequal length are
 *   `WRONG_COLUMN_COUNT`.
 * @throws {QarError} `BAD_CONFIGURATION`
 */
export function candlesFromColumns(
  columns: readonly MarketColumn[],
  options: CandleFileOptions,
): ColumnCandles {
  const refuse = (code: MarketDataErrorCode, message: string, row: number): never => {
    throw new MarketDataError(code, message, { file: options.file, row });
  };
  const collector = new CandleCollector(options, refuse);
  const located = locateColumns(
    CANDLE_COLUMNS,
    columns.map(({ name }) => name),
  );
  if ('code' in located) return refuse(located.code, located.message, 0);
  const used = located.map((index): MarketColumn | undefined => columns[index]);
  const rows = used[0]?.values.length ?? 0;
  for (const column of used) {
    if (column !== undefined && column.values.length !== rows) {
      const message = `${shown(column.name)} has ${column.values.length} values, not ${rows}`;
      refuse('WRONG_COLUMN_COUNT', message, 0);
    }
  }
  const pairs = new PairSelection(options.pair);
  const pairColumn = used[6]?.values;
  const times = new TimeColumn(used[0]?.timeUnit);
  for (let row = 0; row < rows; row++) {
    if (pairColumn !== undefined && !pairs.takes(String(pairColumn[row]))) continue;
    const values = CANDLE_COLUMNS.slice(0, 6).map(({ column }, index) => {
      const value: unknown = used[index]?.values[row];
      const number = index === 0 ? times.read(value) : numberOf(value);
      if (number !== undefined) return number;
      const what = index === 0 ? times.rule : 'a finite number';
      const code = index === 0 ? 'BAD_TIME' : 'BAD_NUMBER';
      return refuse(code, `${column} ${shown(String(value))} is not ${what}`, row + 1);
    });
    collector.add(values, row + 1);
  }
  const fault = pairColumn === undefined || rows === 0 ? undefined : pairs.fault();
  if (fault !== undefined) refuse(fault.code, fault.message, 0);
  if (times.form === undefined) return refuse('EMPTY_FILE', 'the file has no candle', 0);
  return {
    candles: collector.end(),
    timeForm: times.form,
    pair: pairColumn === undefined ? undefined : pairs.pair,
  };
}

/** Reads times that must all have the form of the first. */
class TimeColumn {
  readonly #stated: TimeUnit | undefined;
  form: TimeForm | undefined;

  constructor(stated: TimeUnit | undefined) {
    this.#stated = stated;
  }

  get rule(): string {
    return this.form === undefined ? 'a time' : `a time of the form "${this.form}"`;
  }

  read(value: unknown): number | undefined {
    const form = this.#formOf(value);
    if (form === undefined || (this.form !== undefined && form !== this.form)) return undefined;
    this.form = form;
    if (value instanceof Date) return value.getTime();
    if (typeof value === 'string') return parseTime(value);
    if (form === 'date' || form === 'text') return undefined;
    return typeof value === 'number' || typeof value === 'bigint'
      ? epochTime(value, form)
      : undefined;
  }

  #formOf(value: unknown): TimeForm | undefined {
    if (value instanceof Date) return 'date';
    if (typeof value === 'string') return 'text';
    if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
    return this.#stated ?? timeUnitOf(value);
  }
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  if (typeof value === 'string') return parseNumber(value.trim());
  const number = typeof value === 'bigint' ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
