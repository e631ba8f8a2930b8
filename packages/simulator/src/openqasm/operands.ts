import { type Evaluation, evaluateInteger, meaning } from './evaluate.ts';
import { OPENQASM_LIMITS } from './limits.ts';
import { excerpt, OpenQasmError } from './refusal.ts';
import type { Meaning } from './scope.ts';
import type { Index, Operand, Range } from './syntax.ts';

type Register = Extract<Meaning, { readonly list: readonly number[] }>;

/** The qubits or bits that an operand selects from its register, in the order it names them. */
export function selected(
  register: Register,
  operand: Operand,
  evaluation: Evaluation,
): readonly number[] {
  const { index, name, at } = operand;
  const { list, single } = register;
  if (index === undefined) return list;
  if (single) throw meaning(at, `${excerpt(name)} without an index`, 'an index');
  return indexValues(index, list.length, evaluation).map((value) => {
    // Version 3 counts negative indices from the end.
    const place = value < 0 && evaluation.version === 3 ? value + list.length : value;
    if (place >= 0 && place < list.length) return list[place];
    throw meaning(at, `an index of ${excerpt(name)} below ${list.length}`, String(value));
  });
}

/** Whether it stands for one qubit or bit, which is repeated beside longer registers. */
export function isSingle(register: Register, { index }: Operand): boolean {
  return index === undefined ? register.single : index.kind === 'single';
}

/**
 * @param length - of what is indexed; undefined in a loop, whose ranges must be complete.
 */
export function indexValues(
  index: Index,
  length: number | undefined,
  evaluation: Evaluation,
): number[] {
  if (index.kind === 'range') return rangeValues(index, length, evaluation);
  const values = index.kind === 'single' ? [index.value] : index.values;
  return values.map((value) => evaluateInteger(value, evaluation));
}

/** Both ends belong to a range. */
function rangeValues(range: Range, length: number | undefined, evaluation: Evaluation): number[] {
  const { at } = range;
  const read = (part: Range['first'], absent: number | undefined): number => {
    const value = part === undefined ? absent : evaluateInteger(part, evaluation);
    if (value === undefined) throw meaning(at, 'a range with both ends', 'an open one');
    const fromEnd = part !== undefined && value < 0 && length !== undefined;
    return fromEnd ? value + length : value;
  };
  const step = range.step === undefined ? 1 : evaluateInteger(range.step, evaluation);
  if (step === 0) throw meaning(at, 'a step other than 0', '0');
  const end = length === undefined ? undefined : length - 1;
  const first = read(range.first, step > 0 || end === undefined ? end && 0 : end);
  const last = read(range.last, step > 0 || end === undefined ? end : 0);
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > OPENQASM_LIMITS.steps) {
    throw new OpenQasmError('OPENQASM_LIMIT', at, {
      expected: `a range of at most ${OPENQASM_LIMITS.steps} values`,
      found: `${count}`,
    });
  }
  return Array.from({ length: count }, (_, k) => {
    evaluation.budget.spend(at);
    return first + k * step;
  });
}
