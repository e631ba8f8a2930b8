import type { Circuit } from '../circuit.ts';
import type { Operation } from '../operation.ts';
import { isT, phaseOf } from './phase.ts';

export interface GateCounts {
  /** All gates; a rotation by any angle is one. */
  readonly total: number;
  /** Gates on two qubits or more. */
  readonly entangling: number;
  /** Gates T and T†, and rotations about z by other odd multiples of π/4. */
  readonly t: number;
}

/** Counts the unitary operations of a circuit, those under conditions included. */
export function gateCounts(circuit: Circuit): GateCounts {
  const counts = { total: 0, entangling: 0, t: 0 };
  countInto(counts, circuit.operations);
  return counts;
}

function countInto(
  counts: { total: number; entangling: number; t: number },
  operations: readonly Operation[],
): void {
  for (const operation of operations) {
    if (operation.kind === 'conditional') countInto(counts, operation.operations);
    const width = widthOf(operation);
    if (width === 0) continue;
    counts.total++;
    if (width > 1) counts.entangling++;
    else if (isTGate(operation)) counts.t++;
  }
}

/** On how many qubits a unitary operation acts; 0 for the others. */
function widthOf(operation: Operation): number {
  switch (operation.kind) {
    case 'gate':
      return operation.controls.length + operation.targets.length;
    case 'unitary':
    case 'diagonal':
      return operation.qubits.length;
    case 'multiplexed':
      return operation.controls.length + 1;
    default:
      return 0;
  }
}

function isTGate(operation: Operation): boolean {
  if (operation.kind !== 'gate') return false;
  const { gate, angles } = operation;
  if (gate === 't' || gate === 'tdg') return true;
  return (gate === 'p' || gate === 'rz') && isT(phaseOf(angles[0]));
}
