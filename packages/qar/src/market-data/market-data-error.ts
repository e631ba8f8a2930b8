export type MarketDataErrorCode =
  | 'EMPTY_FILE'
  | 'MISSING_COLUMN'
  | 'DUPLICATE_COLUMN'
  | 'WRONG_COLUMN_COUNT'
  | 'BAD_QUOTING'
  | 'BAD_NUMBER'
  | 'BAD_TIME'
  | 'NON_POSITIVE_PRICE'
  | 'NEGATIVE_VOLUME'
  | 'HIGH_BELOW_LOW'
  | 'DUPLICATE_TIME'
  | 'OUT_OF_ORDER'
  | 'GAP'
  | 'TOO_MANY_ROWS'
  | 'LINE_TOO_LONG'
  | 'SEVERAL_PAIRS'
  | 'UNKNOWN_PAIR'
  | 'READER_ENDED';

/** Where in a file: a line of text, of which 1 is the header, or a row of columns, 1 the first. */
export type FilePlace =
  | { readonly file: string; readonly line: number }
  /** Row 0 is the file as a whole. */
  | { readonly file: string; readonly row: number };

/** A market file that breaks a rule. Switch on `code`, never on `message`. */
export class MarketDataError extends Error {
  override readonly name = 'MarketDataError';
  readonly code: MarketDataErrorCode;
  /** The file as the caller named it. */
  readonly file: string;
  /** The line of the fault, or the row in a file that has no lines. */
  readonly line: number;

  constructor(code: MarketDataErrorCode, message: string, where: FilePlace) {
    super(`${placeText(where)}: ${message}`);
    this.code = code;
    this.file = where.file;
    this.line = 'line' in where ? where.line : where.row;
  }
}

function placeText(where: FilePlace): string {
  if ('line' in where) return `${where.file}:${where.line}`;
  return where.row === 0 ? where.file : `${where.file}, row ${where.row}`;
}
