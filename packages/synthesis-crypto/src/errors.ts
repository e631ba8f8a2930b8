export type SynthesisCryptoErrorCode =
  | 'UNSUPPORTED_VALUE'
  | 'UNSUPPORTED_PROPERTY'
  | 'NOT_FINITE'
  | 'LONE_SURROGATE'
  | 'TOO_DEEP'
  | 'TOO_LARGE'
  | 'DOMAIN_INVALID'
  | 'WRONG_TYPE'
  | 'BASE64URL_INVALID'
  | 'PEM_INVALID'
  | 'JWK_INVALID'
  | 'PUBLIC_KEY_INVALID'
  | 'SECRET_KEY_INVALID'
  | 'KEY_MISMATCH'
  | 'FORMAT_UNSUPPORTED'
  | 'ALGORITHM_UNKNOWN'
  | 'BACKEND_UNAVAILABLE'
  | 'DETERMINISM_UNAVAILABLE'
  | 'CONTEXT_INVALID'
  | 'QUANTITY_INVALID'
  | 'ENERGY_INVALID'
  | 'POLICY_INVALID'
  | 'CLAIMS_INVALID'
  | 'CODE_KEY_INVALID'
  | 'BATCH_INVALID'
  | 'LIMIT_INVALID'
  | 'OBSERVATION_INVALID'
  | 'NODE_INVALID'
  | 'QUEUE_FULL'
  | 'ABORTED'
  | 'WORKER_FAILED'
  | 'DISPOSED';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class SynthesisCryptoError extends Error {
  override readonly name = 'SynthesisCryptoError';
  readonly code: SynthesisCryptoErrorCode;

  constructor(code: SynthesisCryptoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
