import { SimulatorError } from '../errors.ts';

/** Where something stands, counted from 1; columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type StimErrorCode = 'STIM_LIMIT' | 'STIM_MEANING' | 'STIM_SYNTAX' | 'STIM_UNSUPPORTED';

/** A text that is not in Stim's format, means nothing, is beyond a limit or beyond this reader. */
export class StimError extends SimulatorError {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** What would have been right here. */
  readonly expected: string;

  constructor(code: StimErrorCode, place: Place, expected: string, found: string) {
    const { file, line, column } = place;
    super(code, `${file}:${line}:${column}: expected ${expected}, found ${found}`);
    this.file = file;
    this.line = line;
    this.column = column;
    this.expected = expected;
  }
}

/** A stretch of the text as it appears in a message: short and on one line. */
export function excerpt(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `'${short.replaceAll(/\s+/g, ' ')}'`;
}
