import type { Angle } from '../angle.ts';
import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { ALWAYS, and, type Condition, NEVER, not, or, reads } from './condition.ts';
import type { Declarations } from './declarations.ts';
import { type Evaluation, evaluateNumber, meaning } from './evaluate.ts';
import { expandCall, type Expansion } from './expand-call.ts';
import { indexValues, isSingle, selected } from './operands.ts';
import { excerpt, OpenQasmError, type Place } from './refusal.ts';
import type { Expression, For, If, Operand, Statement, StatementOf } from './syntax.ts';
import { unsupported } from './token-stream.ts';

/** `Circuit.when` reads at most so many bits at once. */
const CONDITION_BITS = 32;

/** Turns statements into the operations of a circuit. */
export class CircuitBuilder {
  readonly #declarations: Declarations;
  readonly #locals = new Map<string, Angle>();
  readonly #evaluation: Evaluation;
  #circuit: Circuit;

  constructor(circuit: Circuit, declarations: Declarations) {
    this.#circuit = circuit;
    this.#declarations = declarations;
    const { evaluation } = declarations;
    const valueOf: Evaluation['valueOf'] = (name, at) =>
      this.#locals.get(name) ?? evaluation.valueOf(name, at);
    this.#evaluation = { ...evaluation, valueOf };
    for (const name of declarations.freeInputs) circuit.parameter(name);
  }

  /** @param position - the number of the statement in the program. */
  build(statement: Statement, position: number): void {
    this.#declarations.names.position = position;
    this.#declarations.gates.position = position;
    if (!isDeclaration(statement)) this.#build(statement);
  }

  #build(statement: Statement): void {
    this.#evaluation.budget.spend(statement.at);
    switch (statement.kind) {
      case 'call':
        this.#call(statement);
        break;
      case 'measure':
        this.#measure(statement);
        break;
      case 'reset':
        for (const qubit of this.#select(statement.operand, 'qubits')) this.#circuit.reset(qubit);
        break;
      case 'barrier': {
        const lists = statement.operands.map((operand) => this.#select(operand, 'qubits'));
        placed(statement.at, () => this.#circuit.barrier(...new Set(lists.flat())));
        break;
      }
      case 'if':
        this.#if(statement);
        break;
      case 'for':
        this.#for(statement);
        break;
      default:
        throw unsupported(statement.at, 'declarations at the top level', excerpt(statement.kind));
    }
  }

  /** Gate by gate where operands are registers: single qubits are repeated. */
  #call(call: StatementOf<'call'>): void {
    const lists = call.operands.map((operand) => this.#select(operand, 'qubits'));
    const wide = call.operands.map((operand) => !isSingle(this.#register(operand), operand));
    const lengths = new Set(lists.filter((_, k) => wide[k]).map((list) => list.length));
    if (lengths.size > 1) {
      throw meaning(call.at, 'registers of one size', [...lengths].join(' and '));
    }
    const [count = 1] = lengths;
    const expansion: Expansion = {
      circuit: this.#circuit,
      evaluation: this.#evaluation,
      globals: this.#declarations.evaluation,
      gateNamed: (name) => this.#declarations.gates.get(name),
    };
    placed(call.at, () => {
      for (let k = 0; k < count; k++) {
        const qubits = lists.map((list, operand) => list[wide[operand] ? k : 0]);
        expandCall(call, qubits, expansion);
      }
    });
  }

  #measure({ source, target, at }: StatementOf<'measure'>): void {
    const qubits = this.#select(source, 'qubits');
    const bits = this.#select(target, 'bits');
    if (qubits.length !== bits.length) {
      throw meaning(at, `${qubits.length} bits to measure into`, `${bits.length}`);
    }
    placed(at, () => {
      for (const [k, qubit] of qubits.entries()) this.#circuit.measure(qubit, bits[k]);
    });
  }

  #if({ condition, then, otherwise, at }: If): void {
    const holds = this.#condition(condition);
    const cases: [Condition, readonly Statement[]][] = [[holds, then]];
    if (otherwise.length > 0) cases.push([not(holds, at), otherwise]);
    const cubes = cases.flatMap(([each, body]) => each.map((cube) => [cube, body] as const));
    for (const [cube, body] of cubes) {
      const first = this.#circuit.operations.length;
      this.#when([...cube], body, at);
      if (cubes.length === 1) continue;
      // The cases are tried one after another, so none may change what the next one reads.
      const added = this.#circuit.operations.slice(first);
      if (added.some((operation) => writes(operation, cube))) {
        throw unsupported(at, 'branches that keep the bits of the condition', 'a measurement');
      }
    }
  }

  #when(bits: readonly (readonly [number, 0 | 1])[], body: readonly Statement[], at: Place): void {
    if (bits.length === 0) {
      for (const statement of body) this.#build(statement);
      return;
    }
    const here = bits.slice(0, CONDITION_BITS);
    const outer = this.#circuit;
    const value = here.reduceRight((sum, [, bit]) => 2 * sum + bit, 0);
    placed(at, () => {
      outer.when(
        here.map(([bit]) => bit),
        value,
        (inner) => {
          this.#circuit = inner;
          this.#when(bits.slice(CONDITION_BITS), body, at);
        },
      );
    });
    this.#circuit = outer;
  }

  #for({ variable, values, body, at }: For): void {
    const shadowed = this.#locals.get(variable);
    for (const value of indexValues(values, undefined, this.#evaluation)) {
      this.#evaluation.budget.spend(at);
      this.#locals.set(variable, value);
      for (const statement of body) this.#build(statement);
    }
    if (shadowed === undefined) this.#locals.delete(variable);
    else this.#locals.set(variable, shadowed);
  }

  #condition(expression: Expression): Condition {
    const { at } = expression;
    const bits = this.#bitsOf(expression);
    if (bits !== undefined) {
      if (bits.length === 1) return reads(bits, 1);
      throw meaning(at, 'a single bit or a comparison', 'a register');
    }
    if (expression.kind === 'unary' && expression.operator === '!') {
      return not(this.#condition(expression.operand), at);
    }
    if (expression.kind === 'binary') {
      const { operator, left, right } = expression;
      if (operator === '&&') return and(this.#condition(left), this.#condition(right), at);
      if (operator === '||') return or(this.#condition(left), this.#condition(right), at);
      const isBit = this.#bitsOf(left) ?? this.#bitsOf(right);
      if (isBit !== undefined) return this.#comparison(operator, left, right, at);
    }
    return evaluateNumber(expression, this.#evaluation) === 0 ? NEVER : ALWAYS;
  }

  #comparison(operator: string, left: Expression, right: Expression, at: Place): Condition {
    const bits = this.#bitsOf(left) ?? this.#bitsOf(right) ?? [];
    const other = this.#bitsOf(left) === undefined ? left : right;
    const value = evaluateNumber(other, this.#evaluation);
    const equal = value >= 0 && Number.isInteger(value) ? reads(bits, value) : NEVER;
    if (operator === '==') return equal;
    if (operator === '!=') return not(equal, at);
    throw unsupported(at, "'==' or '!='", excerpt(operator));
  }

  /** The bits an expression names; undefined when it is not about bits. */
  #bitsOf(expression: Expression): readonly number[] | undefined {
    const { kind, at } = expression;
    if (kind === 'name' && this.#declarations.names.get(expression.name)?.kind === 'bits') {
      return this.#select({ name: expression.name, index: undefined, at }, 'bits');
    }
    return kind === 'element' ? this.#select(expression.operand, 'bits') : undefined;
  }

  #register(operand: Operand) {
    const found = this.#declarations.names.get(operand.name);
    if (found !== undefined && found.kind !== 'value') return found;
    throw meaning(operand.at, 'a register declared before', excerpt(operand.name));
  }

  #select(operand: Operand, kind: 'qubits' | 'bits'): readonly number[] {
    const register = this.#register(operand);
    if (register.kind === kind) return selected(register, operand, this.#evaluation);
    throw meaning(operand.at, `a register of ${kind}`, excerpt(operand.name));
  }
}

function isDeclaration({ kind }: Statement): boolean {
  return /^(include|gate|register|constant|input|alias)$/.test(kind);
}

function writes(operation: Operation, bits: ReadonlyMap<number, unknown>): boolean {
  if (operation.kind === 'conditional') {
    return operation.operations.some((inner) => writes(inner, bits));
  }
  return operation.kind === 'measure' && bits.has(operation.bit);
}

/** Gives refusals by the circuit the place in the program that led to them. */
function placed(at: Place, build: () => void): void {
  try {
    build();
  } catch (cause) {
    if (!(cause instanceof SimulatorError) || cause instanceof OpenQasmError) throw cause;
    const isLimit = cause.code.startsWith('TOO_MANY');
    throw new OpenQasmError(
      isLimit ? 'OPENQASM_LIMIT' : 'OPENQASM_MEANING',
      at,
      { expected: 'what a circuit can hold', found: cause.message },
      { cause },
    );
  }
}
