import { Circuit } from '../circuit.ts';
import type { Operation } from '../operation.ts';
import { cancelInverses } from './cancel-inverses.ts';
import { isUnitary, lower, type UnitaryOperation } from './lower.ts';
import type { Step } from './step.ts';
import { StepList } from './step-list.ts';

/** Turns steps into other steps that do the same up to a global phase. */
export type Pass = (steps: readonly Step[], qubits: number) => Step[];

/** Adds steps to a circuit in the gates of some basis. */
export type Emit = (steps: readonly Step[], circuit: Circuit) => void;

/**
 * The circuit with each stretch of unitary operations freed of pairs that undo each other, lowered,
 * passed and emitted anew.
 * Measurements, resets, barriers and conditions stay where they are, and no gate crosses them.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` for a matrix on more than two qubits,
 *   `TOO_MANY_OPERATIONS`
 */
export function rewritten(circuit: Circuit, pass: Pass, emit: Emit): Circuit {
  const result = new Circuit(circuit.qubits, { bits: circuit.bits });
  for (const { name } of circuit.parameters) result.parameter(name);
  rewriteInto(result, circuit.operations, pass, emit);
  return result;
}

function rewriteInto(
  result: Circuit,
  operations: readonly Operation[],
  pass: Pass,
  emit: Emit,
): void {
  let stretch: UnitaryOperation[] = [];
  const flush = (): void => {
    const list = new StepList(result.qubits);
    for (const operation of cancelInverses(stretch)) lower(operation, list);
    emit(pass(list.steps, result.qubits), result);
    stretch = [];
  };
  for (const operation of operations) {
    if (isUnitary(operation)) {
      stretch.push(operation);
      continue;
    }
    flush();
    switch (operation.kind) {
      case 'measure':
        result.measure(operation.qubit, operation.bit);
        break;
      case 'reset':
        result.reset(operation.qubit);
        break;
      case 'barrier':
        result.barrier(...operation.qubits);
        break;
      case 'conditional':
        result.when(operation.bits, operation.value, (inner) => {
          rewriteInto(inner, operation.operations, pass, emit);
        });
        break;
    }
  }
  flush();
}
