export type QarErrorCode =
  | 'BAD_CONFIGURATION'
  | 'BAD_WINDOW'
  | 'BAD_SAMPLE'
  | 'BAD_SNAPSHOT'
  | 'BAD_JOURNAL'
  | 'BAD_INTERVENTION'
  | 'OUT_OF_ORDER'
  | 'SESSION_FAILED'
  | 'SESSION_IN_USE'
  | 'REGISTER_TOO_SMALL'
  | 'DEADLINE_MISSED'
  | 'NOTHING_READ'
  | 'NOT_ENOUGH_CANDLES';

/** Everything the engine throws on purpose. Switch on `code`, never on `message`. */
export class QarError extends Error {
  override readonly name = 'QarError';
  readonly code: QarErrorCode;

  constructor(code: QarErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
