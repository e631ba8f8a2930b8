import { OPENQASM_LIMITS } from './limits.ts';
import { excerpt, OpenQasmError, type Place, type Source } from './refusal.ts';

export type TokenKind =
  'identifier' | 'integer' | 'real' | 'string' | 'physical' | 'symbol' | 'annotation' | 'end';

export interface Token extends Place {
  readonly kind: TokenKind;
  readonly text: string;
}

const BLANK = /[ \t\r\n\f]+|\/\/[^\n]*/y;
const IDENTIFIER = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\d_]*/uy;
const REAL = /(?:\d[\d_]*\.(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+/y;
const INTEGER = /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*/y;
const STRING = /"[^"\n]*"|'[^'\n]*'/y;
const PHYSICAL = /\$\d+/y;
const ANNOTATION = /(?:#?pragma\b|@\p{L})[^\n]*/uy;
const SYMBOL = /->|==|!=|<=|>=|<<|>>|&&|\|\||\*\*|\+\+|\+=|-=|\*=|\/=|[()[\]{},;:=+\-*/%^&|~!<>@]/y;

/** In the order they are tried. */
const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['annotation', ANNOTATION],
  ['identifier', IDENTIFIER],
  ['real', REAL],
  ['integer', INTEGER],
  ['string', STRING],
  ['physical', PHYSICAL],
  ['symbol', SYMBOL],
];

/**
 * Splits a text into tokens, the last of kind `end`. Linear in its length.
 *
 * @param room - how many tokens may still come.
 * @throws {OpenQasmError} `OPENQASM_SYNTAX`, `OPENQASM_LIMIT`
 */
export function tokenize(source: Source, room: number): Token[] {
  checkSize(source);
  const { text } = source;
  const tokens: Token[] = [];
  let offset = skipBlank(source, 0);
  while (offset < text.length) {
    const token = tokenAt(source, offset, opensStatement(tokens.at(-1)));
    if (token.kind !== 'annotation') tokens.push(token);
    if (tokens.length > room) {
      throw limit({ source, offset }, `at most ${OPENQASM_LIMITS.tokens} tokens`, 'more');
    }
    offset = skipBlank(source, offset + token.text.length);
  }
  tokens.push({ kind: 'end', text: '', source, offset });
  return tokens;
}

function checkSize(source: Source): void {
  const { characters, lineLength } = OPENQASM_LIMITS;
  const { length } = source.text;
  if (length > characters) {
    throw limit({ source, offset: 0 }, `at most ${characters} characters`, `${length}`);
  }
  for (let start = 0; start < length;) {
    const newline = source.text.indexOf('\n', start);
    const end = newline === -1 ? length : newline;
    if (end - start > lineLength) {
      const place = { source, offset: start };
      throw limit(place, `at most ${lineLength} characters in a line`, `${end - start}`);
    }
    start = end + 1;
  }
}

function limit(place: Place, expected: string, found: string): OpenQasmError {
  return new OpenQasmError('OPENQASM_LIMIT', place, { expected, found });
}

function skipBlank(source: Source, from: number): number {
  const { text } = source;
  let offset = from;
  for (;;) {
    BLANK.lastIndex = offset;
    if (BLANK.test(text)) {
      offset = BLANK.lastIndex;
    } else if (text.startsWith('/*', offset)) {
      const end = text.indexOf('*/', offset + 2);
      if (end === -1) {
        const place = { source, offset };
        const expected = "'*/' at the end of the comment";
        throw new OpenQasmError('OPENQASM_SYNTAX', place, { expected, found: 'the end of file' });
      }
      offset = end + 2;
    } else {
      return offset;
    }
  }
}

/** Only there is an `@` an annotation and not part of a modifier. */
function opensStatement(previous: Token | undefined): boolean {
  return previous === undefined || /^[;{}]$/.test(previous.text);
}

function tokenAt(source: Source, offset: number, atStart: boolean): Token {
  for (const [kind, pattern] of KINDS) {
    if (kind === 'annotation' && !atStart) continue;
    pattern.lastIndex = offset;
    const match = pattern.exec(source.text);
    if (match !== null) return { kind, text: match[0], source, offset };
  }
  const found = excerpt(String.fromCodePoint(source.text.codePointAt(offset) ?? 0));
  throw new OpenQasmError('OPENQASM_SYNTAX', { source, offset }, { expected: 'a token', found });
}
