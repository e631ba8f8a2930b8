export const EXIT = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  badInput: 3,
  internal: 4,
  interrupted: 5,
} as const;

export type CliErrorCode =
  | 'BAD_OPTION'
  | 'BAD_CONFIGURATION_FILE'
  | 'FILE_NOT_READABLE'
  | 'NOT_UTF8'
  | 'FILE_DAMAGED'
  | 'FILE_TOO_LARGE'
  | 'SEVERAL_PAIRS'
  | 'TOO_FEW_CANDLES'
  | 'KEY_FILE_NOT_PRIVATE'
  | 'KEY_FILE_NOT_USABLE'
  | 'NOT_WRITABLE'
  | 'NOT_A_JOURNAL'
  | 'NOT_A_MODEL'
  | 'JOURNAL_NOT_VALID'
  | 'JOURNAL_SEALED'
  | 'ALREADY_THERE'
  | 'NOT_A_TOKEN'
  | 'NOT_A_CIRCUIT'
  | 'NO_SUCH_RECEIPT'
  | 'NOT_A_CHECKOUT'
  | 'SERVICE_NOT_STARTED'
  | 'BROKER_MISSING'
  | 'BROKER_NOT_STARTED'
  | 'NODE_NOT_STARTED'
  | 'LEDGER_DAMAGED'
  | 'SWEEP_TOO_LARGE'
  | 'NO_BROKER'
  | 'INTERRUPTED'
  | 'OTHER_DATA'
  | 'OTHER_KEY';

/** What the command line refuses on purpose: the code, what is wrong, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What the reader should do now, as an imperative without its full stop. */
  readonly next: string;

  constructor(code: CliErrorCode, message: string, next: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.next = next;
  }

  get exitCode(): number {
    if (this.code === 'INTERRUPTED') return EXIT.interrupted;
    return this.code === 'BAD_OPTION' ? EXIT.usage : EXIT.badInput;
  }
}

/** The `code` of whatever was thrown, if it carries one, such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function notReadable(path: string, error: unknown): CliError {
  const why =
    errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${reason(error)})`;
  return new CliError('FILE_NOT_READABLE', `${path} ${why}`, 'check the path and its permissions', {
    cause: error,
  });
}

export function notWritable(path: string, error: unknown): CliError {
  return new CliError(
    'NOT_WRITABLE',
    `${path} cannot be written (${reason(error)})`,
    'choose a writable folder with --out, or free some space',
    { cause: error },
  );
}

function reason(error: unknown): string {
  return errorCode(error) ?? 'unknown reason';
}
