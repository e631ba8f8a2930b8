import { QarError } from '../errors.ts';
import { CandleColumns } from './candle-columns.ts';
import { candleFault } from './candle-fault.ts';
import { parseTime } from './candle-time.ts';
import type { Candles } from './candles.ts';
import { splitCsvLine } from './csv-line.ts';
import { MarketDataError, type MarketDataErrorCode } from './market-data-error.ts';

export interface CandleCsvOptions {
  /** The file's name, used in errors only. */
  readonly file: string;
  /** Rows from which on the file is refused; bounds the memory at 96 bytes a row. */
  readonly maximumRows: number;
  /**
   * The largest spacing of two neighbouring candles, in milliseconds, Infinity to allow any. When
   * absent it follows from the interval of the file, its smallest spacing. An interval under 23
   * hours is intraday, and none may be missing. From 23 hours on (a day, in a zone that has just
   * put its clocks forward) the limit is 8 days or 1.2 intervals, whichever is longer: exchanges
   * close for holidays, and months differ in length.
   */
  readonly maximumGapMs?: number;
}

/** The longest line, in UTF-16 units. */
const MAXIMUM_LINE_LENGTH = 4096;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The columns in the order of a row, with the header names that stand for each. */
const COLUMNS: readonly { readonly column: string; readonly names: readonly string[] }[] = [
  {
    column: 'time',
    names: ['time', 'date', 'datetime', 'date time', 'timestamp', 'open time', 'opentime'],
  },
  { column: 'open', names: ['open'] },
  { column: 'high', names: ['high'] },
  { column: 'low', names: ['low'] },
  { column: 'close', names: ['close'] },
  { column: 'volume', names: ['volume'] },
];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a comma-separated candle file that arrives in pieces: give each piece to `push`, then call
 * `end`. Where a piece ends does not matter.
 *
 * The first line names the columns, in any order, letter case ignored and `_` read as a space: the
 * time (as `date`, `time`, `datetime`, `timestamp`, `open time` …), `open`, `high`, `low`, `close`
 * and `volume`. Columns of any other name are ignored. Byte order mark, CRLF, quoted cells and
 * blank lines at the end are accepted. Times are those of `parseTime`. Nothing is repaired or
 * skipped: the first fault ends the reading, and every later call throws it again. Linear in the
 * text.
 *
 * Errors are {@link MarketDataError}s with file and line: `EMPTY_FILE`, `MISSING_COLUMN`,
 * `DUPLICATE_COLUMN`, `WRONG_COLUMN_COUNT`, `BAD_QUOTING`, `BAD_NUMBER`, `BAD_TIME`,
 * `NON_POSITIVE_PRICE`, `NEGATIVE_VOLUME`, `HIGH_BELOW_LOW` (also an open or close outside [low,
 * high], with no tolerance), `DUPLICATE_TIME`, `OUT_OF_ORDER`, `GAP`, `TOO_MANY_ROWS`,
 * `LINE_TOO_LONG` (over 4096 UTF-16 units) and `READER_ENDED`.
 */
export class CandleCsvReader {
  readonly #file: string;
  readonly #maximumRows: number;
  readonly #maximumGapMs: number | undefined;
  readonly #candles: CandleColumns;
  /** For each of COLUMNS, which cell of a line holds it; empty before the header. */
  #cellOf: readonly number[] = [];
  #cellCount = 0;
  #rest = '';
  #line = 0;
  #blankLine = 0;
  #smallestSpacing = Infinity;
  #largestSpacing = 0;
  #ended = false;
  #failure: MarketDataError | undefined;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: CandleCsvOptions) {
    const { file, maximumRows, maximumGapMs } = options;
    if (!Number.isSafeInteger(maximumRows) || maximumRows < 1) {
      throw new QarError('BAD_CONFIGURATION', `maximumRows ${maximumRows} is not an integer ≥ 1`);
    }
    if (maximumGapMs !== undefined && !(maximumGapMs > 0)) {
      throw new QarError('BAD_CONFIGURATION', `maximumGapMs ${maximumGapMs} is not above 0`);
    }
    this.#file = file;
    this.#maximumRows = maximumRows;
    this.#maximumGapMs = maximumGapMs;
    this.#candles = new CandleColumns(maximumRows);
  }

  /** @throws {MarketDataError} at the first fault, and `READER_ENDED` after `end`. */
  push(chunk: string): void {
    this.#refuseWhenDone();
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf('\n', from);
      if (newline < 0) break;
      this.#readLine(this.#rest + chunk.slice(from, newline));
      this.#rest = '';
      from = newline + 1;
    }
    this.#rest += chunk.slice(from);
    if (this.#rest.length > MAXIMUM_LINE_LENGTH) this.#refuseLongLine(this.#line + 1);
  }

  /**
   * The candles of the whole file, in columns that the caller owns.
   *
   * @throws {MarketDataError} as `push`, and `EMPTY_FILE` when there is no header or no row.
   */
  end(): Candles {
    this.#refuseWhenDone();
    if (this.#rest !== '') this.#readLine(this.#rest);
    if (this.#candles.length === 0) {
      this.#fail('EMPTY_FILE', 'the file has no candle', this.#cellCount === 0 ? 1 : 2);
    }
    const limit = this.#maximumGapMs ?? defaultMaximumGap(this.#smallestSpacing);
    if (this.#largestSpacing > limit) this.#refuseFirstGap(limit);
    this.#ended = true;
    return this.#candles.toCandles();
  }

  #readLine(raw: string): void {
    this.#line++;
    if (raw.length > MAXIMUM_LINE_LENGTH) this.#refuseLongLine(this.#line);
    const start = this.#line === 1 && raw.startsWith('\uFEFF') ? 1 : 0;
    const line = raw.slice(start, raw.endsWith('\r') ? -1 : undefined);
    if (line.trim() === '') {
      if (this.#blankLine === 0) this.#blankLine = this.#line;
      return;
    }
    if (this.#blankLine > 0) {
      this.#fail('WRONG_COLUMN_COUNT', 'a blank line with text after it', this.#blankLine);
    }
    const cells = splitCsvLine(line);
    if (cells === undefined) this.#fail('BAD_QUOTING', `misplaced quote in ${shown(line)}`);
    if (this.#cellCount === 0) this.#readHeader(cells);
    else this.#readRow(cells);
  }

  #readHeader(cells: readonly string[]): void {
    const names = cells.map((cell) =>
      cell
        .trim()
        .toLowerCase()
        .replace(/[\s_]+/g, ' '),
    );
    this.#cellOf = COLUMNS.map(({ column, names: accepted }) => {
      const found = names.flatMap((name, index) => (accepted.includes(name) ? [index] : []));
      if (found.length === 0) {
        const rule = `none of the columns is named ${accepted.join(' or ')}`;
        this.#fail('MISSING_COLUMN', `${rule}: ${shown(cells.join(','))}`);
      }
      if (found.length > 1) {
        const both = found.map((index) => shown(cells[index])).join(' and ');
        this.#fail('DUPLICATE_COLUMN', `${both} both name the ${column}`);
      }
      return found[0];
    });
    this.#cellCount = cells.length;
  }

  #readRow(cells: readonly string[]): void {
    if (cells.length !== this.#cellCount) {
      const rule = `${cells.length} cells where the header has ${this.#cellCount}`;
      this.#fail('WRONG_COLUMN_COUNT', rule);
    }
    const row = this.#cellOf.map((cell, column) => this.#value(cells[cell].trim(), column));
    this.#checkValues(row);
    this.#checkTime(row[0]);
    if (this.#candles.full) {
      this.#fail('TOO_MANY_ROWS', `more than the ${this.#maximumRows} rows allowed`);
    }
    this.#candles.append(row);
  }

  #value(text: string, column: number): number {
    if (column === 0) {
      return parseTime(text) ?? this.#fail('BAD_TIME', `${shown(text)} is not a time`);
    }
    const value = NUMBER.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value)) {
      const name = COLUMNS[column].column;
      this.#fail('BAD_NUMBER', `${name} ${shown(text)} is not a finite decimal number`);
    }
    return value + 0; // −0 becomes 0
  }

  #checkValues([time, open, high, low, close, volume]: readonly number[]): void {
    const fault = candleFault({ time, open, high, low, close, volume });
    if (fault !== undefined) this.#fail(fault.code, fault.message);
  }

  #checkTime(time: number): void {
    if (this.#candles.length === 0) return;
    const previous = this.#candles.time(this.#candles.length - 1);
    const spacing = time - previous;
    if (spacing === 0) this.#fail('DUPLICATE_TIME', `${iso(time)} stands on the line before too`);
    if (spacing < 0) this.#fail('OUT_OF_ORDER', `${iso(time)} comes after ${iso(previous)}`);
    if (this.#maximumGapMs !== undefined && spacing > this.#maximumGapMs) {
      this.#refuseGap(previous, time, this.#maximumGapMs, this.#line);
    }
    this.#smallestSpacing = Math.min(this.#smallestSpacing, spacing);
    this.#largestSpacing = Math.max(this.#largestSpacing, spacing);
  }

  #refuseFirstGap(limit: number): never {
    let row = 1;
    while (this.#candles.time(row) - this.#candles.time(row - 1) <= limit) row++;
    // Row 0 is on line 2, and every row has its own line.
    this.#refuseGap(this.#candles.time(row - 1), this.#candles.time(row), limit, row + 2);
  }

  #refuseGap(previous: number, time: number, limit: number, line: number): never {
    const gap = `${time - previous} ms from ${iso(previous)} to ${iso(time)}`;
    this.#fail('GAP', `${gap} is over the ${limit} ms allowed`, line);
  }

  #refuseLongLine(line: number): never {
    this.#fail('LINE_TOO_LONG', `line is longer than ${MAXIMUM_LINE_LENGTH} characters`, line);
  }

  #refuseWhenDone(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) this.#fail('READER_ENDED', 'the file was read to its end');
  }

  #fail(code: MarketDataErrorCode, message: string, line = this.#line): never {
    this.#failure = new MarketDataError(code, message, { file: this.#file, line });
    throw this.#failure;
  }
}

function defaultMaximumGap(intervalMs: number): number {
  return intervalMs < 23 * HOUR_MS ? intervalMs : Math.max(8 * DAY_MS, 1.2 * intervalMs);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Text of a file as it goes into a message: quoted, and cut at 60 characters. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
