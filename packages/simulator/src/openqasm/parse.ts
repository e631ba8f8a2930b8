import { expression, loopValues, operand } from './expression.ts';
import { excerpt, type Source } from './refusal.ts';
import type { Call, Expression, Modifier, Operand, Statement, Syntax } from './syntax.ts';
import { TokenStream, unsupported } from './token-stream.ts';
import type { Token } from './tokens.ts';

/**
 * Reads a program by recursive descent. Each method is one rule of the grammar, written above it
 * in the notation of the specifications: {many} [optional] "literal".
 *
 * @param version - of an included file, which has no header of its own; read from the header when
 *   absent.
 */
export function parse(tokens: readonly Token[], source: Source, version?: 2 | 3): Syntax {
  const stream = new TokenStream(tokens);
  const parser = new Parser(stream, source, version ?? header(stream));
  return { version: parser.version, statements: parser.program() };
}

/** header = "OPENQASM" version ";" — in version 3 it may be left out */
function header(stream: TokenStream): 2 | 3 {
  if (!stream.accept('OPENQASM')) return 3;
  const at = stream.peek;
  if (at.kind !== 'real' && at.kind !== 'integer') throw stream.unexpected('a version');
  stream.take();
  if (!/^(2\.0|3|3\.\d)$/.test(at.text)) {
    throw unsupported(at, 'version 2.0 or 3', excerpt(at.text));
  }
  stream.expect(';');
  return at.text === '2.0' ? 2 : 3;
}

/** Words of version 3 that begin what cannot become a circuit. */
const UNSUPPORTED = new Set(
  (
    'array box break cal complex continue def defcal defcalgrammar delay duration durationof end ' +
    'extern nop readonly mutable return stretch switch while'
  ).split(' '),
);
const SCALARS = new Set(['int', 'uint', 'float', 'angle', 'bool']);

class Parser {
  readonly version: 2 | 3;
  readonly #stream: TokenStream;
  readonly #source: Source;

  constructor(stream: TokenStream, source: Source, version: 2 | 3) {
    this.#stream = stream;
    this.#source = source;
    this.version = version;
  }

  /** program = {statement} */
  program(): Statement[] {
    const statements: Statement[] = [];
    while (this.#stream.peek.kind !== 'end') statements.push(this.#statement());
    return statements;
  }

  #statement(): Statement {
    const stream = this.#stream;
    const at = stream.peek;
    if (at.kind === 'identifier') {
      const own = this.version === 2 ? this.#statementOf2(at) : this.#statementOf3(at);
      return own ?? this.#statementOfBoth(at);
    }
    throw stream.unexpected(`a statement in ${this.#source.name}`);
  }

  #statementOfBoth(at: Token): Statement {
    const stream = this.#stream;
    switch (at.text) {
      case 'include':
        return this.#include(at);
      case 'qreg':
      case 'creg':
        return this.#oldRegister(at);
      case 'gate':
        return this.#gate(at);
      case 'measure':
        return this.#measure(at);
      case 'reset': {
        stream.take();
        const target = this.#operand();
        stream.expect(';');
        return { kind: 'reset', operand: target, at };
      }
      case 'barrier':
        return this.#barrier(at);
      case 'if':
        return this.#if(at);
      default:
        return this.#call();
    }
  }

  #statementOf2(at: Token): Statement | undefined {
    return at.text === 'opaque' ? this.#opaque(at) : undefined;
  }

  #statementOf3(at: Token): Statement | undefined {
    const { text } = at;
    if (UNSUPPORTED.has(text)) throw unsupported(at, 'what a circuit can hold', excerpt(text));
    if (text === 'qubit' || text === 'bit') return this.#register(at);
    if (text === 'output') {
      this.#stream.take();
      return this.#register(this.#stream.peek);
    }
    if (text === 'const' || SCALARS.has(text)) return this.#constant(at);
    if (text === 'input') return this.#input(at);
    if (text === 'let') return this.#alias(at);
    if (text === 'for') return this.#for(at);
    const next = this.#stream.second.text;
    return next === '=' || next === '[' ? this.#assignment(at) : undefined;
  }

  /** include = "include" string ";" */
  #include(at: Token): Statement {
    this.#stream.take();
    const { text } = this.#stream.expectKind('string', 'a file name in quotes');
    this.#stream.expect(';');
    return { kind: 'include', file: text.slice(1, -1), at };
  }

  /** register = ("qreg" | "creg") id ["[" size "]"] ";" — the size is optional in version 3 */
  #oldRegister(at: Token): Statement {
    const stream = this.#stream;
    const of = stream.take().text === 'qreg' ? 'qubits' : 'bits';
    const name = this.#newName();
    if (this.version === 2 && !stream.at('[')) throw stream.unexpected("'['");
    const size = this.#designator();
    stream.expect(';');
    return { kind: 'register', of, name, size, at };
  }

  /** register = ("qubit" | "bit") ["[" size "]"] id ["=" measure] ";" */
  #register(at: Token): Statement {
    const stream = this.#stream;
    if (!stream.at('qubit') && !stream.at('bit')) throw stream.unexpected("'bit' or 'qubit'");
    const of = stream.take().text === 'qubit' ? 'qubits' : 'bits';
    const size = this.#designator();
    const name = this.#newName();
    if (stream.at('=')) {
      throw unsupported(stream.peek, 'a register declared apart from its value', "'='");
    }
    stream.expect(';');
    return { kind: 'register', of, name, size, at };
  }

  /** gate = "gate" id ["(" [ids] ")"] ids "{" {statement} "}" */
  #gate(at: Token): Statement {
    const head = this.#gateHead();
    return { kind: 'gate', ...head, body: this.#block(), at };
  }

  /** opaque = "opaque" id ["(" [ids] ")"] ids ";" */
  #opaque(at: Token): Statement {
    const head = this.#gateHead();
    this.#stream.expect(';');
    return { kind: 'gate', ...head, body: undefined, at };
  }

  #gateHead(): { name: string; parameters: string[]; qubits: string[] } {
    const stream = this.#stream;
    stream.take();
    const name = this.#newName();
    const parameters: string[] = [];
    if (stream.accept('(') && !stream.accept(')')) {
      parameters.push(...stream.list(() => this.#newName()));
      stream.expect(')');
    }
    return { name, parameters, qubits: stream.list(() => this.#newName()) };
  }

  /** measure = "measure" operand "->" operand ";" */
  #measure(at: Token): Statement {
    const stream = this.#stream;
    stream.take();
    const source = this.#operand();
    if (stream.at(';') && this.version === 3) {
      throw unsupported(stream.peek, 'a bit to measure into', "';'");
    }
    stream.expect('->');
    const target = this.#operand();
    stream.expect(';');
    return { kind: 'measure', source, target, at };
  }

  /** assignment = operand "=" "measure" operand ";" */
  #assignment(at: Token): Statement {
    const stream = this.#stream;
    const target = this.#operand();
    stream.expect('=');
    if (!stream.accept('measure')) {
      throw unsupported(stream.peek, "'measure' on the right", excerpt(stream.peek.text));
    }
    const source = this.#operand();
    stream.expect(';');
    return { kind: 'measure', source, target, at };
  }

  /** barrier = "barrier" operands ";" — in version 3 without operands it is on all qubits */
  #barrier(at: Token): Statement {
    this.#stream.take();
    const all = this.version === 3 && this.#stream.at(';');
    const operands = all ? [] : this.#operands();
    this.#stream.expect(';');
    return { kind: 'barrier', operands, at };
  }

  /**
   * if = "if" "(" id "==" integer ")" (call | measure | reset) — version 2
   *
   * if = "if" "(" expression ")" body ["else" body] — version 3
   */
  #if(at: Token): Statement {
    const stream = this.#stream;
    stream.take();
    stream.expect('(');
    const condition = this.version === 2 ? this.#equality() : this.#expression();
    stream.expect(')');
    if (this.version === 2) {
      const then = [this.#conditioned()];
      return { kind: 'if', condition, then, otherwise: [], at };
    }
    const then = this.#body();
    return {
      kind: 'if',
      condition,
      then,
      otherwise: stream.accept('else') ? this.#body() : [],
      at,
    };
  }

  /** Gates, measurements and resets only, so that nothing is nested in version 2. */
  #conditioned(): Statement {
    if (/^(barrier|creg|gate|if|include|opaque|qreg)$/.test(this.#stream.peek.text)) {
      throw this.#stream.unexpected("a gate, 'measure' or 'reset'");
    }
    return this.#statement();
  }

  #equality(): Expression {
    const name = this.#stream.expectKind('identifier', 'the name of a classical register');
    const operator = this.#stream.expect('==');
    if (this.#stream.peek.kind !== 'integer') throw this.#stream.unexpected('an integer');
    const left: Expression = { kind: 'name', name: name.text, at: name };
    const right = this.#expression();
    return { kind: 'binary', operator: '==', left, right, at: operator };
  }

  /** for = "for" type id "in" values body */
  #for(at: Token): Statement {
    const stream = this.#stream;
    stream.take();
    if (SCALARS.has(stream.peek.text)) this.#scalarType();
    const variable = this.#newName();
    stream.expect('in');
    const values = stream.nested(() => loopValues(stream));
    return { kind: 'for', variable, values, body: this.#body(), at };
  }

  /** constant = ["const"] type id "=" expression ";" */
  #constant(at: Token): Statement {
    const stream = this.#stream;
    if (!stream.accept('const')) {
      throw unsupported(at, "'const' before a classical value", excerpt(at.text));
    }
    this.#scalarType();
    const name = this.#newName();
    stream.expect('=');
    const value = this.#expression();
    stream.expect(';');
    return { kind: 'constant', name, value, at };
  }

  /** input = "input" type id ";" */
  #input(at: Token): Statement {
    this.#stream.take();
    this.#scalarType();
    const name = this.#newName();
    this.#stream.expect(';');
    return { kind: 'input', name, at };
  }

  /** alias = "let" id "=" operand {"++" operand} ";" */
  #alias(at: Token): Statement {
    const stream = this.#stream;
    stream.take();
    const name = this.#newName();
    stream.expect('=');
    const operands = [this.#operand()];
    while (stream.accept('++')) operands.push(this.#operand());
    stream.expect(';');
    return { kind: 'alias', name, operands, at };
  }

  /** call = {modifier "@"} id ["(" [expressions] ")"] operands ";" */
  #call(): Call {
    const stream = this.#stream;
    const at = stream.peek;
    const modifiers: Modifier[] = [];
    for (let next = this.#modifier(); next !== undefined; next = this.#modifier()) {
      modifiers.push(next);
    }
    const name = stream.expectKind('identifier', 'the name of a gate').text;
    const angles: Expression[] = [];
    if (stream.accept('(') && !stream.accept(')')) {
      angles.push(...stream.list(() => this.#expression()));
      stream.expect(')');
    }
    const bare = name === 'gphase' && stream.at(';');
    const operands = bare ? [] : this.#operands();
    stream.expect(';');
    return { kind: 'call', name, modifiers, angles, operands, at };
  }

  /** modifier = ("ctrl" | "negctrl") ["(" count ")"] | "inv" | "pow" "(" exponent ")" */
  #modifier(): Modifier | undefined {
    const stream = this.#stream;
    const at = stream.peek;
    const kind = at.text;
    if (this.version === 2) return undefined;
    if (kind !== 'ctrl' && kind !== 'negctrl' && kind !== 'inv' && kind !== 'pow') return undefined;
    stream.take();
    let argument: Expression | undefined;
    if (kind !== 'inv' && (kind === 'pow' || stream.at('('))) {
      stream.expect('(');
      argument = this.#expression();
      stream.expect(')');
    }
    stream.expect('@');
    return { kind, argument, at };
  }

  /** body = statement | "{" {statement} "}" */
  #body(): Statement[] {
    if (this.#stream.at('{')) return this.#block();
    return [this.#stream.nested(() => this.#statement())];
  }

  #block(): Statement[] {
    const stream = this.#stream;
    stream.expect('{');
    const statements = stream.nested(() => {
      const list: Statement[] = [];
      while (!stream.at('}') && stream.peek.kind !== 'end') list.push(this.#statement());
      return list;
    });
    stream.expect('}');
    return statements;
  }

  /** type = scalar ["[" width "]"] — widths do not matter: values are doubles */
  #scalarType(): void {
    if (!SCALARS.has(this.#stream.peek.text)) throw this.#stream.unexpected('a scalar type');
    this.#stream.take();
    this.#designator();
  }

  #designator(): Expression | undefined {
    const stream = this.#stream;
    if (!stream.accept('[')) return undefined;
    if (this.version === 2 && stream.peek.kind !== 'integer') throw stream.unexpected('an integer');
    const size = this.#expression();
    stream.expect(']');
    return size;
  }

  #newName(): string {
    return this.#stream.expectKind('identifier', 'a name').text;
  }

  #expression(): Expression {
    return expression(this.#stream, this.version);
  }

  #operand(): Operand {
    return operand(this.#stream, this.version);
  }

  #operands(): Operand[] {
    return this.#stream.list(() => this.#operand());
  }
}
