export type AlgorithmErrorCode =
  | 'EMPTY'
  | 'LENGTH_MISMATCH'
  | 'OUT_OF_RANGE'
  | 'NOT_A_DISTRIBUTION'
  | 'REGISTER_TOO_SMALL'
  | 'DISPOSED';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class AlgorithmError extends Error {
  override readonly name = 'AlgorithmError';
  readonly code: AlgorithmErrorCode;

  constructor(code: AlgorithmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
