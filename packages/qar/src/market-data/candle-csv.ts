import { CandleCollector, type CandleFileOptions } from './candle-collector.ts';
import { parseTime } from './candle-time.ts';
import type { Candles } from './candles.ts';
import { CANDLE_COLUMNS, locateColumns, shown } from './column-names.ts';
import { CsvTable } from './csv-table.ts';
import { parseNumber } from './number-text.ts';
import { PairSelection } from './pair-selection.ts';

/** Cells of a row before the one of the pair. */
const VALUES = 6;

/**
 * Reads a comma-separated candle file that arrives in pieces: give each piece to `push`, then call
 * `end`. Where a piece ends does not matter.
 *
 * The first line names the columns, in any order, letter case ignored and `_` read as a space: the
 * time (as `date`, `time`, `datetime`, `timestamp`, `open time` …), `open`, `high`, `low`, `close`
 * and `volume`, and perhaps the `pair` or `symbol`. Columns of any other name are ignored. Byte
 * order mark, CRLF, quoted cells and blank lines at the end are accepted. Times are those of
 * `parseTime`. Nothing is repaired or skipped but the rows of other pairs: the first fault ends the
 * reading, and every later call throws it again. Linear in the text.
 *
 * Errors are {@link MarketDataError}s with file and line: `EMPTY_FILE`, `MISSING_COLUMN`,
 * `DUPLICATE_COLUMN`, `WRONG_COLUMN_COUNT`, `BAD_QUOTING`, `BAD_NUMBER`, `BAD_TIME`,
 * `NON_POSITIVE_PRICE`, `NEGATIVE_VOLUME`, `HIGH_BELOW_LOW` (also an open or close outside [low,
 * high], with no tolerance), `DUPLICATE_TIME`, `OUT_OF_ORDER`, `GAP`, `SEVERAL_PAIRS`,
 * `UNKNOWN_PAIR`, `TOO_MANY_ROWS`, `LINE_TOO_LONG` (over 4096 UTF-16 units) and `READER_ENDED`.
 */
export class CandleCsvReader {
  readonly #table: CsvTable;
  readonly #candles: CandleCollector;
  readonly #pairs: PairSelection;
  /** For each of CANDLE_COLUMNS, which cell of a line holds it; empty before the header. */
  #cellOf: readonly number[] = [];

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: CandleFileOptions) {
    this.#table = new CsvTable(options.file, {
      header: (cells, line) => this.#readHeader(cells, line),
      row: (cells, line) => this.#readRow(cells, line),
    });
    this.#candles = new CandleCollector(options, (...fault) => this.#table.fail(...fault));
    this.#pairs = new PairSelection(options.pair);
  }

  /** The pair that the file names; undefined when it has no column of pairs. */
  get pair(): string | undefined {
    return this.#cellOf[VALUES] < 0 ? undefined : this.#pairs.pair;
  }

  /** @throws {MarketDataError} at the first fault, and `READER_ENDED` after `end`. */
  push(chunk: string): void {
    this.#table.push(chunk);
  }

  /**
   * The candles of the whole file, in columns that the caller owns.
   *
   * @throws {MarketDataError} as `push`, and `EMPTY_FILE` when there is no header or no row.
   */
  end(): Candles {
    this.#table.end();
    const header = this.#table.hasHeader;
    const fault = this.pair === undefined ? undefined : this.#pairs.fault();
    if (fault !== undefined) this.#table.fail(fault.code, fault.message, 1);
    if (this.#candles.length === 0) {
      this.#table.fail('EMPTY_FILE', 'the file has no candle', header ? 2 : 1);
    }
    return this.#candles.end();
  }

  #readHeader(cells: readonly string[], line: number): void {
    const located = locateColumns(CANDLE_COLUMNS, cells);
    if ('code' in located) this.#table.fail(located.code, located.message, line);
    this.#cellOf = located;
  }

  #readRow(cells: readonly string[], line: number): void {
    const pair = this.#cellOf[VALUES];
    if (pair >= 0 && !this.#pairs.takes(cells[pair].trim())) return;
    const row: number[] = [];
    for (let column = 0; column < VALUES; column++) {
      row.push(this.#value(cells[this.#cellOf[column]].trim(), column, line));
    }
    this.#candles.add(row, line);
  }

  #value(text: string, column: number, line: number): number {
    if (column === 0) {
      return parseTime(text) ?? this.#table.fail('BAD_TIME', `${shown(text)} is not a time`, line);
    }
    const value = parseNumber(text);
    if (value !== undefined) return value;
    const name = CANDLE_COLUMNS[column].column;
    const message = `${name} ${shown(text)} is not a finite decimal number`;
    return this.#table.fail('BAD_NUMBER', message, line);
  }
}
