/** What can go wrong at a port, whichever implementation stands behind it. */
export type PortErrorCode =
  /** No answer from what keeps the data: nothing is known of what was asked. */
  | 'UNAVAILABLE'
  /** Somebody else wrote first: the position or the token that was expected is not the newest. */
  | 'CONFLICT'
  /** More bytes than a record or a blob may have. */
  | 'TOO_LARGE'
  /** A subject, name or id that the port does not take. */
  | 'BAD_NAME'
  /** A position, or a time to wait, that is not a whole number from 0 on. */
  | 'BAD_NUMBER'
  /** As many records, tasks or names as are kept. */
  | 'FULL'
  /** The port was closed. */
  | 'CLOSED';

export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: PortErrorCode;

  constructor(code: PortErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
