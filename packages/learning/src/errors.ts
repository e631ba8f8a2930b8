export type LearningErrorCode =
  | 'INVALID_OPTION'
  | 'LENGTH_MISMATCH'
  | 'INVALID_LOSS'
  | 'INVALID_WEIGHTS'
  | 'INVALID_AMPLITUDES'
  | 'INVALID_DIRECTION'
  | 'INVALID_FEATURE'
  | 'INVALID_MEMBERSHIPS'
  | 'INDEX_OUT_OF_RANGE'
  | 'TOO_LARGE'
  | 'INVALID_FORECAST'
  | 'INVALID_OPERATOR'
  | 'INVALID_SERIES'
  | 'INVALID_TIME'
  | 'INVALID_SNAPSHOT';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class LearningError extends Error {
  override readonly name = 'LearningError';
  readonly code: LearningErrorCode;

  constructor(code: LearningErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
