import type { Angle } from '../angle.ts';
import type { BaseGateName } from '../gates.ts';
import { inverseOf } from '../operation.ts';
import type { UnitaryOperation } from './lower.ts';

/** Gates whose targets may be exchanged. */
const SYMMETRIC: ReadonlySet<BaseGateName> = new Set([
  'swap',
  'iswap',
  'iswapdg',
  'rxx',
  'ryy',
  'rzz',
]);

/** Drops operations that meet their inverse with nothing in between on any of their qubits. */
export function cancelInverses(operations: readonly UnitaryOperation[]): UnitaryOperation[] {
  const kept: (UnitaryOperation | undefined)[] = [];
  /** For each qubit, the places of the operations on it. */
  const stacks = new Map<number, number[]>();
  for (const operation of operations) {
    const qubits = qubitsOf(operation);
    const before = qubits.map((qubit) => stacks.get(qubit)?.at(-1));
    const [place] = before;
    const previous = place === undefined ? undefined : kept[place];
    const isNext = previous !== undefined && before.every((other) => other === place);
    if (place !== undefined && isNext && undoes(operation, previous)) {
      kept[place] = undefined;
      for (const qubit of qubits) stacks.get(qubit)?.pop();
      continue;
    }
    for (const qubit of qubits) {
      const stack = stacks.get(qubit) ?? [];
      stack.push(kept.length);
      stacks.set(qubit, stack);
    }
    kept.push(operation);
  }
  return kept.filter((operation) => operation !== undefined);
}

function qubitsOf(operation: UnitaryOperation): readonly number[] {
  switch (operation.kind) {
    case 'gate':
      return [...operation.controls, ...operation.targets];
    case 'multiplexed':
      return [...operation.controls, operation.target];
    default:
      return operation.qubits;
  }
}

function undoes(operation: UnitaryOperation, previous: UnitaryOperation): boolean {
  if (operation.kind !== previous.kind) return false;
  const inverse = inverseOf(previous);
  if (operation.kind === 'gate' && inverse.kind === 'gate') {
    if (operation.gate !== inverse.gate || !equalAngles(operation.angles, inverse.angles)) {
      return false;
    }
    // A controlled Z does not tell its target from its controls.
    if (operation.gate === 'z') return equalSets(qubitsOf(operation), qubitsOf(inverse));
    const equalTargets = SYMMETRIC.has(operation.gate) ? equalSets : equalLists;
    const { controls, targets } = inverse;
    return equalSets(operation.controls, controls) && equalTargets(operation.targets, targets);
  }
  if (operation.kind === 'unitary' && inverse.kind === 'unitary') {
    return (
      equalLists(operation.qubits, inverse.qubits) && equalLists(operation.matrix, inverse.matrix)
    );
  }
  if (operation.kind === 'diagonal' && inverse.kind === 'diagonal') {
    return (
      equalLists(operation.qubits, inverse.qubits) && equalLists(operation.entries, inverse.entries)
    );
  }
  if (operation.kind !== 'multiplexed' || inverse.kind !== 'multiplexed') return false;
  const places = equalLists(qubitsOf(operation), qubitsOf(inverse));
  return places && operation.axis === inverse.axis && equalAngles(operation.angles, inverse.angles);
}

function equalLists(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** Of distinct numbers. */
function equalSets(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

function equalAngles(a: readonly Angle[], b: readonly Angle[]): boolean {
  return a.length === b.length && a.every((angle, k) => equalAngle(angle, b[k]));
}

function equalAngle(a: Angle, b: Angle): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.name === b.name && a.factor === b.factor;
}
