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
  | 'READER_ENDED';

/** A market file that breaks a rule. Switch on `code`, never on `message`. */
export class MarketDataError extends Error {
  override readonly name = 'MarketDataError';
  readonly code: MarketDataErrorCode;
  /** The file as the caller named it. */
  readonly file: string;
  /** The line of the fault, 1-based; line 1 is the header. */
  readonly line: number;

  constructor(code: MarketDataErrorCode, message: string, where: { file: string; line: number }) {
    super(`${where.file}:${where.line}: ${message}`);
    this.code = code;
    this.file = where.file;
    this.line = where.line;
  }
}
