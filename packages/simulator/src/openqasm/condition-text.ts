import type { Operation } from '../operation.ts';
import type { RegisterLayout } from './declarations.ts';
import { inexpressible } from './register-text.ts';

type Conditional = Extract<Operation, { readonly kind: 'conditional' }>;

/** Writes a conditional, its body by `write`. */
export type ConditionWriter = (
  conditional: Conditional,
  write: (operations: readonly Operation[]) => readonly string[],
) => readonly string[];

/**
 * `if (c == 3) { … }`, or one inside another for each bit where the bits are no whole register: so
 * that readers without `&&` understand it too.
 */
export function conditionsOf3(
  registers: readonly RegisterLayout[],
  bits: readonly string[],
): ConditionWriter {
  return ({ bits: read, value, operations }, write) => {
    const first = Math.min(...read);
    const register = registers.find(({ offset }) => offset === first);
    const inOrder = read.every((bit, k) => bit === first + k);
    const isWhole = register?.size === read.length && inOrder && read.length > 1;
    const conditions = isWhole
      ? [`${register.name} == ${value}`]
      : read.map((bit, k) => `${bits[bit]} == ${bitOf(value, k) === 1 ? 'true' : 'false'}`);
    return conditions.reduceRight(
      (body, condition) => [`if (${condition}) {`, ...body.map((line) => `  ${line}`), '}'],
      write(operations),
    );
  };
}

function bitOf(value: number, k: number): 0 | 1 {
  return (value >>> k) & 1 ? 1 : 0;
}

/** More copies of a body than this are not written. */
const MAX_CASES = 256;

/**
 * `if(c==3) …` before each statement of the body. A condition on a part of a register becomes one
 * comparison for each value that the rest of it may have.
 */
export function conditionsOf2(
  registers: readonly RegisterLayout[],
  _bits: readonly string[],
): ConditionWriter {
  return (conditional, write) => casesOf(conditional, new Map(), registers, write);
}

function casesOf(
  { bits, value, operations }: Conditional,
  outer: ReadonlyMap<number, 0 | 1>,
  registers: readonly RegisterLayout[],
  write: (operations: readonly Operation[]) => readonly string[],
): string[] {
  const required = new Map(outer);
  for (const [k, bit] of bits.entries()) {
    const wanted = bitOf(value, k);
    if ((required.get(bit) ?? wanted) !== wanted) return [];
    required.set(bit, wanted);
  }
  const values = valuesOf(required, registers);
  checkBody(operations, required, values.length);
  return operations.flatMap((operation) => {
    if (operation.kind === 'conditional') return casesOf(operation, required, registers, write);
    const lines = write([operation]);
    if (operation.kind === 'barrier') return lines;
    return values.flatMap((comparison) => lines.map((line) => `${comparison} ${line}`));
  });
}

/** Comparisons with a whole register, one of which holds exactly when the bits are as required. */
function valuesOf(
  required: ReadonlyMap<number, 0 | 1>,
  registers: readonly RegisterLayout[],
): string[] {
  const bits = [...required.keys()];
  const register = registers.find(({ offset, size }) =>
    bits.every((bit) => bit >= offset && bit < offset + size),
  );
  if (register === undefined) {
    throw inexpressible('version 2 compares one register; the condition reads several');
  }
  let values = [0];
  for (let k = register.size - 1; k >= 0; k--) {
    const bit = required.get(register.offset + k);
    const next: number[] = [];
    for (const value of values) {
      if (bit !== 1) next.push(2 * value);
      if (bit !== 0) next.push(2 * value + 1);
    }
    values = next;
    if (values.length > MAX_CASES) {
      throw inexpressible(`a condition on a part of ${register.name} has over ${MAX_CASES} cases`);
    }
  }
  if (register.size > 53) throw inexpressible(`${register.name} is too long to be compared`);
  return values.map((value) => `if(${register.name}==${value})`);
}

/** Every statement tests the condition anew, so none but the last may change what it reads. */
function checkBody(
  operations: readonly Operation[],
  required: ReadonlyMap<number, unknown>,
  cases: number,
): void {
  const last = cases === 1 ? operations.length - 1 : operations.length;
  for (const operation of operations.slice(0, last)) {
    if (measures(operation, required)) {
      throw inexpressible('version 2 cannot change bits inside the condition that reads them');
    }
  }
}

function measures(operation: Operation, bits: ReadonlyMap<number, unknown>): boolean {
  if (operation.kind === 'conditional') {
    return operation.operations.some((inner) => measures(inner, bits));
  }
  return operation.kind === 'measure' && bits.has(operation.bit);
}
