import { type Angle, scaled } from '../angle.ts';
import { acos, asin, atan, cos, exp, log, pow, sin, tan } from '../elementary.ts';
import type { Budget } from './budget.ts';
import { excerpt, OpenQasmError, type Place } from './refusal.ts';
import type { Expression } from './syntax.ts';
import { unsupported } from './token-stream.ts';

const CONSTANTS: Readonly<Record<2 | 3, ReadonlyMap<string, number>>> = {
  2: new Map([['pi', Math.PI]]),
  3: new Map([
    ['pi', Math.PI],
    ['π', Math.PI],
    ['tau', 2 * Math.PI],
    ['τ', 2 * Math.PI],
    ['euler', Math.E],
    ['ℇ', Math.E],
    ['true', 1],
    ['false', 0],
  ]),
};

const FUNCTIONS: Readonly<Record<2 | 3, ReadonlyMap<string, (x: number) => number>>> = {
  2: new Map([
    ['sin', sin],
    ['cos', cos],
    ['tan', tan],
    ['exp', exp],
    ['ln', log],
    ['sqrt', Math.sqrt],
  ]),
  3: new Map([
    ['sin', sin],
    ['cos', cos],
    ['tan', tan],
    ['exp', exp],
    ['log', log],
    ['sqrt', Math.sqrt],
    ['arcsin', asin],
    ['arccos', acos],
    ['arctan', atan],
    ['ceiling', Math.ceil],
    ['floor', Math.floor],
  ]),
};

const COMPARISONS: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['==', (a: number, b: number) => a === b],
  ['!=', (a: number, b: number) => a !== b],
  ['<', (a: number, b: number) => a < b],
  ['>', (a: number, b: number) => a > b],
  ['<=', (a: number, b: number) => a <= b],
  ['>=', (a: number, b: number) => a >= b],
  ['&&', (a: number, b: number) => a !== 0 && b !== 0],
  ['||', (a: number, b: number) => a !== 0 || b !== 0],
]);

/** What an expression is read against. */
export interface Evaluation {
  readonly version: 2 | 3;
  readonly budget: Budget;
  /** The value of a name that is no constant of the language; undefined when it has none. */
  readonly valueOf: (name: string, at: Place) => Angle | undefined;
}

/**
 * The value of an expression in doubles; truth is 1 or 0, and a division is never truncated. An
 * input parameter may be negated, multiplied and divided by numbers, nothing else.
 *
 * @throws {OpenQasmError}
 */
export function evaluate(expression: Expression, context: Evaluation): Angle {
  const { at } = expression;
  context.budget.spend(at);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return valueOfName(expression.name, at, context);
    case 'unary': {
      const operand = evaluate(expression.operand, context);
      if (expression.operator === '!') return number(operand, at) === 0 ? 1 : 0;
      return expression.operator === '-' ? scaled(operand, -1) : operand;
    }
    case 'binary': {
      const left = evaluate(expression.left, context);
      const right = evaluate(expression.right, context);
      return finite(combine(expression.operator, left, right, at, context.version), at);
    }
    case 'call': {
      const values = expression.argument.map((each) => number(evaluate(each, context), at));
      return finite(call(expression.name, values, at, context.version), at);
    }
    case 'element':
      throw unsupported(at, 'a value known before the circuit runs', 'a part of a register');
  }
}

/** The same, where no parameter may occur. */
export function evaluateNumber(expression: Expression, context: Evaluation): number {
  return number(evaluate(expression, context), expression.at);
}

/** The same, where only an integer will do. */
export function evaluateInteger(expression: Expression, context: Evaluation): number {
  const value = evaluateNumber(expression, context);
  if (Number.isSafeInteger(value)) return value;
  throw meaning(expression.at, 'an integer', String(value));
}

/** Refuses names that have no value or are no function, before any value is known. */
export function checkNames(
  expression: Expression,
  isParameter: (name: string) => boolean,
  context: Evaluation,
): void {
  const { at } = expression;
  switch (expression.kind) {
    case 'number':
      break;
    case 'name':
      if (!isParameter(expression.name)) valueOfName(expression.name, at, context);
      break;
    case 'unary':
      checkNames(expression.operand, isParameter, context);
      break;
    case 'binary':
      checkNames(expression.left, isParameter, context);
      checkNames(expression.right, isParameter, context);
      break;
    case 'call':
      checkFunction(expression.name, at, context.version);
      for (const each of expression.argument) checkNames(each, isParameter, context);
      break;
    case 'element':
      throw unsupported(at, 'a value known before the circuit runs', 'a part of a register');
  }
}

function checkFunction(name: string, at: Place, version: 2 | 3): void {
  const isOfTwo = version === 3 && (name === 'pow' || name === 'mod');
  if (isOfTwo || FUNCTIONS[version].has(name)) return;
  throw meaning(at, 'the name of a function', excerpt(name));
}

function valueOfName(name: string, at: Place, context: Evaluation): Angle {
  const value = context.valueOf(name, at) ?? CONSTANTS[context.version].get(name);
  if (value !== undefined) return value;
  throw meaning(at, 'the name of a value', excerpt(name));
}

function number(value: Angle, at: Place): number {
  if (typeof value === 'number') return value;
  throw unsupported(at, 'numbers, or a multiple of one input', `input ${excerpt(value.name)}`);
}

function finite(value: Angle, at: Place): Angle {
  const number = typeof value === 'number' ? value : value.factor;
  if (Number.isFinite(number)) return value;
  throw meaning(at, 'a finite value', String(number));
}

function combine(operator: string, a: Angle, b: Angle, at: Place, version: 2 | 3): Angle {
  if (operator === '*') {
    if (typeof b !== 'number') return scaled(b, number(a, at));
    return typeof a === 'number' ? a * b : scaled(a, b);
  }
  if (operator === '/' && typeof a !== 'number') {
    return { ...a, factor: a.factor / number(b, at) };
  }
  return arithmetic(operator, number(a, at), number(b, at), version);
}

function arithmetic(operator: string, a: number, b: number, version: 2 | 3): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '/':
      return a / b;
    case '%':
      return modulo(a, b);
    case '**':
      return pow(a, b);
    case '^':
      if (version === 2) return pow(a, b);
  }
  return COMPARISONS.get(operator)?.(a, b) === true ? 1 : 0;
}

function modulo(a: number, b: number): number {
  return a - b * Math.floor(a / b);
}

function call(name: string, values: readonly number[], at: Place, version: 2 | 3): number {
  if (version === 3 && (name === 'pow' || name === 'mod')) {
    if (values.length !== 2) throw meaning(at, `two arguments of ${name}`, `${values.length}`);
    return name === 'pow' ? pow(values[0], values[1]) : modulo(values[0], values[1]);
  }
  const apply = FUNCTIONS[version].get(name);
  if (apply === undefined) throw meaning(at, 'the name of a function', excerpt(name));
  if (values.length !== 1) throw meaning(at, `one argument of ${name}`, `${values.length}`);
  return apply(values[0]);
}

/** Well-formed text that has no meaning. */
export function meaning(at: Place, expected: string, found: string): OpenQasmError {
  return new OpenQasmError('OPENQASM_MEANING', at, { expected, found });
}
