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
  | 'PUBLIC_KEY_INVALID'
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
