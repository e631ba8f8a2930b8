export type SigningErrorCode =
  /** A request that is not of the form it must have, or beyond what is served. */
  | 'REQUEST_INVALID'
  /** The signer holds as many fresh keys as it may. */
  | 'FULL'
  /** The key is unknown, expired, or was made for another client. */
  | 'KEY_UNKNOWN'
  /** The key has signed as often as it was made for. */
  | 'KEY_SPENT'
  /** Nobody answered in time: whether it was signed is not known. */
  | 'NO_ANSWER'
  /** An answer that does not verify under the key that is trusted. */
  | 'ANSWER_INVALID'
  | 'CLOSED';

/** What signing over a broker refuses on purpose. Switch on `code`, never on `message`. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly code: SigningErrorCode;

  constructor(code: SigningErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
