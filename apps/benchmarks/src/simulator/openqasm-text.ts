import type { Circuit, Operation } from '@sema/simulator';

/**
 * What OpenQASM 2 calls the gates of the benchmark circuits, by base gate and number of controls.
 */
const NAMES: Readonly<Record<string, string>> = {
  'h 0': 'h',
  'x 1': 'cx',
  'z 1': 'cz',
  'p 1': 'cu1',
  'u 0': 'u3',
  'rx 0': 'rx',
  'ry 0': 'ry',
  'rz 0': 'rz',
  'rzz 0': 'rzz',
  'swap 0': 'swap',
};

/** One gate as the peers take it. */
export interface PlainGate {
  readonly name: string;
  readonly angles: readonly number[];
  /** Controls first. */
  readonly qubits: readonly number[];
}

/** The gates of a benchmark circuit; every other operation is an error. */
export function plainGates(circuit: Circuit): PlainGate[] {
  return circuit.operations.map((operation) => plainGate(operation));
}

function plainGate(operation: Operation): PlainGate {
  if (operation.kind !== 'gate') throw new Error(`a ${operation.kind} is no gate for the peers`);
  const { gate, controls, targets } = operation;
  const name = NAMES[`${gate} ${String(controls.length)}`];
  if (name === undefined) throw new Error(`the peers have no ${gate} with such controls`);
  const angles = operation.angles.map((angle) => {
    if (typeof angle !== 'number') throw new Error('the peers take fixed angles');
    return angle;
  });
  return { name, angles, qubits: [...controls, ...targets] };
}

/** The circuit in OpenQASM 2, its angles with all their digits. */
export function openQasmText(circuit: Circuit): string {
  const lines = plainGates(circuit).map(({ name, angles, qubits }) => {
    const values = angles.length === 0 ? '' : `(${angles.map(String).join(',')})`;
    return `${name}${values} ${qubits.map((qubit) => `q[${String(qubit)}]`).join(',')};`;
  });
  const header = ['OPENQASM 2.0;', 'include "qelib1.inc";', `qreg q[${String(circuit.qubits)}];`];
  return [...header, ...lines, ''].join('\n');
}
