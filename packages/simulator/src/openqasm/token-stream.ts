import { OPENQASM_LIMITS } from './limits.ts';
import { excerpt, OpenQasmError, type Place } from './refusal.ts';
import type { Token, TokenKind } from './tokens.ts';

/** Reads tokens one after another and refuses what is not expected. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  /** @param tokens - the last of kind `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get peek(): Token {
    return this.#tokens[this.#next];
  }

  /** The token after the next one. */
  get second(): Token {
    return this.#tokens[Math.min(this.#next + 1, this.#tokens.length - 1)];
  }

  take(): Token {
    const token = this.peek;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  /** Whether the next token reads so; strings never do. */
  at(text: string): boolean {
    return this.peek.text === text && this.peek.kind !== 'string';
  }

  /** Takes the next token if it reads so. */
  accept(text: string): boolean {
    const found = this.at(text);
    if (found) this.#next++;
    return found;
  }

  expect(text: string): Token {
    if (!this.at(text)) throw this.unexpected(`'${text}'`);
    return this.take();
  }

  expectKind(kind: TokenKind, called: string): Token {
    if (this.peek.kind !== kind) throw this.unexpected(called);
    return this.take();
  }

  /** One or more, separated by commas; `close` may follow a last comma. */
  list<Item>(item: () => Item, close?: string): Item[] {
    const items = [item()];
    while (this.accept(',')) {
      if (close !== undefined && this.at(close)) break;
      items.push(item());
    }
    return items;
  }

  /** Reads what stands inside something, so that nesting is bounded. */
  nested<Result>(read: () => Result): Result {
    if (this.#depth === OPENQASM_LIMITS.nesting) {
      throw new OpenQasmError('OPENQASM_LIMIT', this.peek, {
        expected: `nesting at most ${OPENQASM_LIMITS.nesting} deep`,
        found: 'deeper nesting',
      });
    }
    this.#depth++;
    const result = read();
    this.#depth--;
    return result;
  }

  unexpected(expected: string): OpenQasmError {
    const { kind, text } = this.peek;
    const found = kind === 'end' ? 'the end of file' : excerpt(text);
    return new OpenQasmError('OPENQASM_SYNTAX', this.peek, { expected, found });
  }
}

/** What the language has and this reader does not. */
export function unsupported(at: Place, expected: string, found: string): OpenQasmError {
  return new OpenQasmError('OPENQASM_UNSUPPORTED', at, { expected, found });
}
