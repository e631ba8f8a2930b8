export type StartErrorCode =
  | 'DATA_CORRUPT'
  | 'DATA_IN_USE'
  | 'DATA_NEWER'
  | 'DATA_NOT_WRITABLE'
  | 'KEY_NOT_USABLE'
  | 'MARKETS_NOT_USABLE'
  | 'EXCHANGES_NOT_USABLE'
  | 'BIND_REFUSED'
  | 'ADDRESS_NOT_USABLE'
  | 'TLS_NOT_USABLE'
  | 'BROKER_NOT_USABLE';

/** Why the service does not start, and what to do about it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;
  /** What the reader should do now, as an imperative without its full stop. */
  readonly next: string;

  constructor(code: StartErrorCode, message: string, next: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.next = next;
  }
}

/** The `code` of whatever was thrown, if it carries one, such as EADDRINUSE. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'unknown reason';
  return String(error.code);
}
