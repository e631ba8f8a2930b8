import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { marksOf } from './marks.ts';

/** What is drawn on one qubit. */
export type Mark =
  | { readonly kind: 'box'; readonly label: string }
  /** A control, the X it controls, one end of a swap, a qubit that selects an angle. */
  | { readonly kind: 'control' | 'flip' | 'cross' | 'select' }
  | { readonly kind: 'measure'; readonly bit: number }
  | { readonly kind: 'barrier' };

/** One operation at its place. */
export interface Placed {
  readonly column: number;
  readonly marks: ReadonlyMap<number, Mark>;
  /** Whether a line joins its qubits. */
  readonly isJoined: boolean;
  /** What classical bits must read for it to run, such as `c0=1`; undefined when it always does. */
  readonly condition: string | undefined;
}

/** A bit and what it must read. */
interface Test {
  readonly bit: number;
  readonly value: number;
}

/** Larger circuits are refused: nobody could read their drawing. */
const MAX_DRAWN = 20_000;

/**
 * Puts every operation into the first column after those of all wires it crosses and all bits it
 * writes or reads.
 *
 * @param reachesBits - whether operations with bits cross all qubits below on the way to them.
 * @throws {SimulatorError} `TOO_MANY_OPERATIONS` beyond 20 000
 */
export function layout(circuit: Circuit, reachesBits: boolean): Placed[] {
  const placed: Placed[] = [];
  const nextOfQubit = new Array<number>(circuit.qubits).fill(0);
  const nextOfBit = new Map<number, number>();
  const visit = (operations: readonly Operation[], tests: readonly Test[]): void => {
    for (const operation of operations) {
      if (operation.kind === 'conditional') {
        const { bits, value } = operation;
        const more = bits.map((bit, k): Test => ({ bit, value: (value >>> k) & 1 }));
        visit(operation.operations, [...tests, ...more]);
        continue;
      }
      const marks = marksOf(operation);
      if (marks.size === 0) continue;
      if (placed.length === MAX_DRAWN) {
        throw new SimulatorError('TOO_MANY_OPERATIONS', `over ${MAX_DRAWN} cannot be drawn`);
      }
      const isJoined = operation.kind !== 'barrier' && marks.size > 1;
      const bits = tests.map(({ bit }) => bit);
      if (operation.kind === 'measure') bits.push(operation.bit);
      const end = reachesBits && bits.length > 0 ? circuit.qubits : undefined;
      const crossed = crossedBy([...marks.keys()], isJoined, end);
      let column = 0;
      for (const qubit of crossed) column = Math.max(column, nextOfQubit[qubit]);
      for (const bit of bits) column = Math.max(column, nextOfBit.get(bit) ?? 0);
      for (const qubit of crossed) nextOfQubit[qubit] = column + 1;
      for (const bit of bits) nextOfBit.set(bit, column + 1);
      const condition = tests.map(({ bit, value }) => `c${bit}=${value}`).join(',');
      placed.push({ column, marks, isJoined, condition: condition || undefined });
    }
  };
  visit(circuit.operations, []);
  return placed;
}

/** The wires that nothing else may use in the same column. */
function crossedBy(
  qubits: readonly number[],
  isJoined: boolean,
  end: number | undefined,
): readonly number[] {
  if (!isJoined && end === undefined) return qubits;
  const first = Math.min(...qubits);
  const last = end === undefined ? Math.max(...qubits) : end - 1;
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}
