/** Binance's numbers for what this exchange refuses. */
export const BINANCE_CODES = {
  UNAUTHORIZED: -1002,
  TOO_LARGE: -1104,
  ILLEGAL_PARAMETER: -1100,
  MANDATORY_PARAMETER: -1102,
  BAD_TIMESTAMP: -1021,
  BAD_SIGNATURE: -1022,
  BAD_INTERVAL: -1120,
  BAD_SYMBOL: -1121,
  FILTER_FAILURE: -1013,
  ORDER_REJECTED: -2010,
  CANCEL_REJECTED: -2011,
  NO_SUCH_ORDER: -2013,
  BAD_KEY: -2015,
} as const;

export type BinanceErrorName = keyof typeof BINANCE_CODES;

/** A refusal in Binance's form: `{ code, msg }` with status 400 or 401. */
export class BinanceError extends Error {
  override readonly name = 'BinanceError';
  readonly code: number;
  readonly status: 400 | 401;

  constructor(name: BinanceErrorName, message: string) {
    super(message);
    this.code = BINANCE_CODES[name];
    this.status = name === 'BAD_KEY' || name === 'UNAUTHORIZED' ? 401 : 400;
  }
}
