import type { Angle } from '../angle.ts';
import type { BaseGateName } from '../gates.ts';
import type { Operation } from '../operation.ts';
import type { Mark } from './layout.ts';

const LABELS: Readonly<Partial<Record<BaseGateName, string>>> = {
  id: 'I',
  sdg: 'S†',
  tdg: 'T†',
  sx: '√X',
  sxdg: '√X†',
  iswap: 'iSwap',
  iswapdg: 'iSwap†',
};

/** What an operation puts on each of its qubits. Conditionals have no marks of their own. */
export function marksOf(operation: Operation): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  switch (operation.kind) {
    case 'gate':
      for (const control of operation.controls) marks.set(control, { kind: 'control' });
      for (const target of operation.targets) marks.set(target, targetMark(operation));
      break;
    case 'unitary':
    case 'diagonal': {
      const letter = operation.kind === 'unitary' ? 'U' : 'D';
      const isAlone = operation.qubits.length === 1;
      for (const [k, qubit] of operation.qubits.entries()) {
        marks.set(qubit, { kind: 'box', label: isAlone ? letter : `${letter}:${k}` });
      }
      break;
    }
    case 'multiplexed': {
      const { axis, angles, controls, target } = operation;
      for (const control of controls) marks.set(control, { kind: 'select' });
      const [only] = angles;
      const argument = angles.length === 1 ? angleLabel(only) : `${angles.length} angles`;
      marks.set(target, { kind: 'box', label: `R${axis}(${argument})` });
      break;
    }
    case 'measure':
      marks.set(operation.qubit, { kind: 'measure', bit: operation.bit });
      break;
    case 'reset':
      marks.set(operation.qubit, { kind: 'box', label: '|0⟩' });
      break;
    case 'barrier':
      for (const qubit of operation.qubits) marks.set(qubit, { kind: 'barrier' });
      break;
    case 'conditional':
      break;
  }
  return marks;
}

type Gate = Extract<Operation, { readonly kind: 'gate' }>;

function targetMark({ gate, controls, angles }: Gate): Mark {
  if (gate === 'x' && controls.length > 0) return { kind: 'flip' };
  // A controlled Z is the same from all of its qubits.
  if (gate === 'z' && controls.length > 0) return { kind: 'control' };
  if (gate === 'swap') return { kind: 'cross' };
  const name = LABELS[gate] ?? gate.charAt(0).toUpperCase() + gate.slice(1);
  const argument = angles.length === 0 ? '' : `(${angles.map(angleLabel).join(', ')})`;
  return { kind: 'box', label: name + argument };
}

const DENOMINATORS = [1, 2, 3, 4, 6, 8, 16, 32];

/** An angle as a reader wants it: a fraction of π, or three digits. */
function angleLabel(angle: Angle): string {
  if (typeof angle !== 'number') {
    const name = angle.name.replaceAll(/\p{C}/gu, '?');
    if (angle.factor === 1) return name;
    return angle.factor === -1 ? `−${name}` : `${numberLabel(angle.factor)}·${name}`;
  }
  for (const denominator of DENOMINATORS) {
    const count = (angle * denominator) / Math.PI;
    const whole = Math.round(count);
    if (whole === 0 || Math.abs(whole) > 31 || Math.abs(count - whole) > 1e-9) continue;
    const size = Math.abs(whole) === 1 ? 'π' : `${Math.abs(whole)}π`;
    return (whole < 0 ? '−' : '') + (denominator === 1 ? size : `${size}/${denominator}`);
  }
  return numberLabel(angle);
}

function numberLabel(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}
