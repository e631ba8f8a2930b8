import { Circuit } from '../circuit.ts';
import type { Operation } from '../operation.ts';
import { isUnitary, lower } from './lower.ts';
import type { Step } from './step.ts';
import { StepList } from './step-list.ts';

/** Turns steps into other steps that do the same up to a global phase. */
export type Pass = (steps: readonly Step[], qubits: number) => Step[];

/** Adds steps to a circuit in the gates of some basis. */
export type Emit = (steps: readonly Step[], circuit: Circuit) => void;

/**
 * The circuit with each stretch of unitary operations lowered, passed and emitted anew.
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
  let list = new StepList(result.qubits);
  const flush = (): void => {
    if (list.steps.length > 0) emit(pass(list.steps, result.qubits), result);
    list = new StepList(result.qubits);
  };
  for (const operation of operations) {
    if (isUnitary(operation)) {
      lower(operation, list);
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
