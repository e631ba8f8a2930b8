import { OPENQASM_LIMITS } from './limits.ts';
import { OpenQasmError } from './refusal.ts';
import type { Expression, Index, Operand } from './syntax.ts';
import type { Token } from './tokens.ts';
import type { TokenStream } from './token-stream.ts';

/** How tightly each infix operator binds. */
const INFIX: Readonly<Record<2 | 3, ReadonlyMap<string, number>>> = {
  2: new Map([
    ['+', 9],
    ['-', 9],
    ['*', 10],
    ['/', 10],
    ['^', 12],
  ]),
  3: new Map([
    ['||', 1],
    ['&&', 2],
    ['==', 6],
    ['!=', 6],
    ['<', 7],
    ['>', 7],
    ['<=', 7],
    ['>=', 7],
    ['+', 9],
    ['-', 9],
    ['*', 10],
    ['/', 10],
    ['%', 10],
    ['**', 12],
  ]),
};

const PREFIX = 11;
const POWER = 12;

/**
 * Reads one expression by operator precedence: powers bind to the right and tighter than signs,
 * everything else binds to the left.
 */
export function expression(stream: TokenStream, version: 2 | 3): Expression {
  return new ExpressionReader(stream, version).read(0);
}

class ExpressionReader {
  readonly #stream: TokenStream;
  readonly #version: 2 | 3;
  #size = 0;

  constructor(stream: TokenStream, version: 2 | 3) {
    this.#stream = stream;
    this.#version = version;
  }

  /** Reads as far as operators bind at least as tightly as `minimum`. */
  read(minimum: number): Expression {
    let left = this.#prefix();
    for (;;) {
      const operator = this.#stream.peek;
      const power = operator.kind === 'symbol' && INFIX[this.#version].get(operator.text);
      if (power === false || power === undefined || power < minimum) return left;
      this.#stream.take();
      this.#count(operator);
      const tighter = power === POWER ? PREFIX : power + 1;
      const right = this.#stream.nested(() => this.read(tighter));
      left = { kind: 'binary', operator: operator.text, left, right, at: operator };
    }
  }

  #prefix(): Expression {
    const stream = this.#stream;
    const token = stream.peek;
    if (stream.accept('-') || stream.accept('+') || stream.accept('!')) {
      this.#count(token);
      const operand = stream.nested(() => this.read(PREFIX));
      return { kind: 'unary', operator: token.text, operand, at: token };
    }
    if (stream.accept('(')) {
      const inner = stream.nested(() => this.read(0));
      stream.expect(')');
      return inner;
    }
    if (token.kind === 'integer' || token.kind === 'real') {
      stream.take();
      return { kind: 'number', value: numberOf(token), at: token };
    }
    if (token.kind !== 'identifier') throw stream.unexpected('an expression');
    stream.take();
    return this.#named(token);
  }

  #named(token: Token): Expression {
    const stream = this.#stream;
    if (stream.accept('(')) {
      this.#count(token);
      const argument = stream.nested(() => stream.list(() => this.read(0)));
      stream.expect(')');
      return { kind: 'call', name: token.text, argument, at: token };
    }
    if (stream.at('[')) {
      const index = stream.nested(() => indexPart(stream, this.#version));
      return { kind: 'element', operand: { name: token.text, index, at: token }, at: token };
    }
    return { kind: 'name', name: token.text, at: token };
  }

  #count(at: Token): void {
    this.#size++;
    if (this.#size > OPENQASM_LIMITS.expressionSize) {
      throw new OpenQasmError('OPENQASM_LIMIT', at, {
        expected: `at most ${OPENQASM_LIMITS.expressionSize} operators in an expression`,
        found: 'more',
      });
    }
  }
}

function numberOf(token: Token): number {
  const value = Number(token.text.replaceAll('_', ''));
  if (token.kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)) return value;
  const range = token.kind === 'integer' ? 'an integer below 2^53' : 'a number a double can hold';
  throw new OpenQasmError('OPENQASM_LIMIT', token, { expected: range, found: 'a larger one' });
}

/** A register or part of one: `q`, `q[3]`, and in version 3 `q[0:2]`, `q[{0, 2}]`, `$3`. */
export function operand(stream: TokenStream, version: 2 | 3): Operand {
  if (version === 3 && stream.peek.kind === 'physical') {
    const at = stream.take();
    return { name: at.text, index: undefined, at };
  }
  const at = stream.expectKind('identifier', 'the name of a register');
  const index = stream.at('[') ? stream.nested(() => indexPart(stream, version)) : undefined;
  return { name: at.text, index, at };
}

function indexPart(stream: TokenStream, version: 2 | 3): Index {
  stream.expect('[');
  const index = indexInside(stream, version);
  stream.expect(']');
  return index;
}

/** What stands between the brackets of an index, or after `in` in a loop without brackets. */
function indexInside(stream: TokenStream, version: 2 | 3): Index {
  if (version === 2) {
    const at = stream.expectKind('integer', 'an index');
    return { kind: 'single', value: { kind: 'number', value: numberOf(at), at } };
  }
  const at = stream.peek;
  if (stream.at('{')) return valueSet(stream);
  const part = () =>
    stream.at(':') || stream.at(']') ? undefined : stream.nested(() => expression(stream, version));
  const first = part();
  if (!stream.accept(':')) {
    if (first === undefined) throw stream.unexpected('an index');
    return { kind: 'single', value: first };
  }
  const middle = part();
  if (!stream.accept(':')) return { kind: 'range', first, step: undefined, last: middle, at };
  return { kind: 'range', first, step: middle, last: part(), at };
}

function valueSet(stream: TokenStream): Index {
  stream.expect('{');
  const values = stream.list(() => expression(stream, 3), '}');
  stream.expect('}');
  return { kind: 'set', values };
}

/** The values of a loop: `[0:2]`, `{0, 2}`. */
export function loopValues(stream: TokenStream): Index {
  if (stream.at('{')) return valueSet(stream);
  const at = stream.peek;
  const index = indexPart(stream, 3);
  if (index.kind !== 'single') return index;
  throw new OpenQasmError('OPENQASM_SYNTAX', at, {
    expected: "a range such as '[0:3]'",
    found: 'a single index',
  });
}
