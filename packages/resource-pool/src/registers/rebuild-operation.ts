import type { Angle, Circuit, Operation } from '@sema/simulator';

/** What acts on a state without chance and without bits. */
export type UnitaryOperation = Extract<
  Operation,
  { readonly kind: 'gate' | 'unitary' | 'diagonal' | 'multiplexed' }
>;

/** The qubits an operation acts on, in the circuit's own numbers. */
export function qubitsOf(operation: UnitaryOperation): readonly number[] {
  switch (operation.kind) {
    case 'gate':
      return [...operation.controls, ...operation.targets];
    case 'multiplexed':
      return [...operation.controls, operation.target];
    default:
      return operation.qubits;
  }
}

/**
 * Adds an operation to another circuit, its qubit q on places[q] and its angles bound to numbers.
 * Controls for which `isMet` holds are left out.
 */
export function addOperation(
  circuit: Circuit,
  operation: UnitaryOperation,
  places: (qubit: number) => number,
  parameters: ArrayLike<number>,
  isMet: (control: number) => boolean,
): void {
  const bound = (angles: readonly Angle[]) =>
    angles.map((angle) =>
      typeof angle === 'number' ? angle : angle.factor * parameters[angle.index],
    );
  switch (operation.kind) {
    case 'gate': {
      const controls = operation.controls.filter((control) => !isMet(control)).map(places);
      const targets = operation.targets.map(places);
      circuit.controlled(operation.gate, controls, targets, bound(operation.angles));
      break;
    }
    case 'unitary':
      circuit.unitary(operation.matrix, operation.qubits.map(places));
      break;
    case 'diagonal':
      circuit.diagonal(operation.entries, operation.qubits.map(places));
      break;
    case 'multiplexed': {
      const angles = bound(operation.angles);
      const controls = operation.controls.map(places);
      const target = places(operation.target);
      if (operation.axis === 'x') circuit.multiplexedRx(angles, controls, target);
      else if (operation.axis === 'y') circuit.multiplexedRy(angles, controls, target);
      else circuit.multiplexedRz(angles, controls, target);
    }
  }
}
