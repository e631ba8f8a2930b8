import { SimulatorError } from '../errors.ts';

/** One text of OpenQASM: a program or a file it includes. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Where something stands. */
export interface Place {
  readonly source: Source;
  /** Of its first character, in UTF-16 units. */
  readonly offset: number;
}

export type OpenQasmErrorCode =
  'OPENQASM_LIMIT' | 'OPENQASM_MEANING' | 'OPENQASM_SYNTAX' | 'OPENQASM_UNSUPPORTED';

/** A program that is not OpenQASM, means nothing, is beyond a limit or beyond this reader. */
export class OpenQasmError extends SimulatorError {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** What would have been right here. */
  readonly expected: string;

  constructor(
    code: OpenQasmErrorCode,
    place: Place,
    { expected, found }: { readonly expected: string; readonly found: string },
    options?: ErrorOptions,
  ) {
    const { line, column } = lineAndColumn(place);
    const file = place.source.name;
    super(code, `${file}:${line}:${column}: expected ${expected}, found ${found}`, options);
    this.file = file;
    this.line = line;
    this.column = column;
    this.expected = expected;
  }
}

function lineAndColumn({ source, offset }: Place): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = source.text.indexOf('\n', start);
    if (end === -1 || end >= offset) return { line, column: offset - start + 1 };
    line++;
    start = end + 1;
  }
}

/** A stretch of the program as it appears in a message: short and on one line. */
export function excerpt(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `'${short.replaceAll(/\s+/g, ' ')}'`;
}
