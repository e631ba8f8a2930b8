import { shown } from './column-names.ts';
import { splitCsvLine } from './csv-line.ts';
import { MarketDataError, type MarketDataErrorCode } from './market-data-error.ts';

/** The longest line, in UTF-16 units. */
const MAXIMUM_LINE_LENGTH = 4096;

export interface CsvTableHandlers {
  /** Takes the cells of the first line that is not blank. */
  readonly header: (cells: readonly string[], line: number) => void;
  /** Takes the cells of each later line, as many as the header has. */
  readonly row: (cells: readonly string[], line: number) => void;
}

/**
 * The lines of a comma-separated file that arrives in pieces, wherever the pieces end. Byte order
 * mark, CRLF, quoted cells and blank lines at the end are accepted. The first fault, its own or a
 * handler's `MarketDataError`, ends the reading, and every later call throws it again.
 *
 * Its own are `WRONG_COLUMN_COUNT`, `BAD_QUOTING`, `LINE_TOO_LONG` and `READER_ENDED`.
 */
export class CsvTable {
  readonly #file: string;
  readonly #handlers: CsvTableHandlers;
  #cellCount = 0;
  #rest = '';
  #line = 0;
  #blankLine = 0;
  #ended = false;
  #failure: MarketDataError | undefined;

  constructor(file: string, handlers: CsvTableHandlers) {
    this.#file = file;
    this.#handlers = handlers;
  }

  /** Whether the header has been read. */
  get hasHeader(): boolean {
    return this.#cellCount > 0;
  }

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

  /** Reads what is left; to be called once, before what was collected is taken. */
  end(): void {
    this.#refuseWhenDone();
    if (this.#rest !== '') this.#readLine(this.#rest);
    this.#ended = true;
  }

  /** Ends the reading with a fault on a line. */
  fail(code: MarketDataErrorCode, message: string, line: number): never {
    this.#failure = new MarketDataError(code, message, { file: this.#file, line });
    throw this.#failure;
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
      this.fail('WRONG_COLUMN_COUNT', 'a blank line with text after it', this.#blankLine);
    }
    const cells = splitCsvLine(line);
    if (cells === undefined) {
      this.fail('BAD_QUOTING', `misplaced quote in ${shown(line)}`, this.#line);
    }
    if (this.#cellCount === 0) {
      this.#handlers.header(cells, this.#line);
      this.#cellCount = cells.length;
    } else this.#readRow(cells);
  }

  #readRow(cells: readonly string[]): void {
    if (cells.length !== this.#cellCount) {
      const rule = `${cells.length} cells where the header has ${this.#cellCount}`;
      this.fail('WRONG_COLUMN_COUNT', rule, this.#line);
    }
    this.#handlers.row(cells, this.#line);
  }

  #refuseLongLine(line: number): never {
    this.fail('LINE_TOO_LONG', `line is longer than ${MAXIMUM_LINE_LENGTH} characters`, line);
  }

  #refuseWhenDone(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) this.fail('READER_ENDED', 'the file was read to its end', this.#line);
  }
}
