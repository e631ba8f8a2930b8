import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import type { RegisterLayout } from './declarations.ts';
import { BUILT_IN, LIBRARIES } from './gate-library.ts';

/** The registers of qubits a program declares. */
export function qubitLayout(
  { qubits }: Circuit,
  version: 2 | 3,
  given: readonly RegisterLayout[] | undefined,
): readonly RegisterLayout[] {
  const layout = given ?? whole('q', qubits);
  checkLayout(layout, qubits);
  // Version 2 has no physical qubits.
  return layout.map((each) =>
    each.name === '$' && version === 2 ? { ...each, name: 'physical' } : each,
  );
}

/** The registers of bits a program declares. */
export function bitLayout(
  { bits, operations }: Circuit,
  version: 2 | 3,
  given: readonly RegisterLayout[] | undefined,
): readonly RegisterLayout[] {
  const layout = given ?? (version === 2 ? conditionRegisters(operations, bits) : whole('c', bits));
  checkLayout(layout, bits);
  return layout;
}

/** `q[0]`, `q[1]`, …: what each qubit or bit is called. */
export function elementNames(layout: readonly RegisterLayout[]): string[] {
  return layout.flatMap(({ name, size }) =>
    Array.from({ length: size }, (_, k) => (name === '$' ? `$${k}` : `${name}[${k}]`)),
  );
}

function whole(name: string, size: number): RegisterLayout[] {
  return size === 0 ? [] : [{ name, offset: 0, size }];
}

function checkLayout(layout: readonly RegisterLayout[], count: number): void {
  let offset = 0;
  for (const register of layout) {
    if (register.offset !== offset || !(register.size >= 1)) {
      throw inexpressible(`register ${register.name} does not begin at ${offset}`);
    }
    offset += register.size;
  }
  if (offset !== count) throw inexpressible(`registers of ${offset} in all do not hold ${count}`);
}

/**
 * Splits the bits so that every condition reads a register of its own: version 2 compares whole
 * registers. Conditions whose bits overlap share one.
 */
function conditionRegisters(operations: readonly Operation[], bits: number): RegisterLayout[] {
  /** For each bit, whether it must be in one register with the next. */
  const joined = new Array<boolean>(bits).fill(false);
  const ends = new Set<number>([0, bits]);
  const visit = (list: readonly Operation[], outer: readonly number[]): void => {
    for (const operation of list) {
      if (operation.kind !== 'conditional') continue;
      const read = [...outer, ...operation.bits];
      const [first, last] = [
        read.reduce((a, b) => Math.min(a, b)),
        read.reduce((a, b) => Math.max(a, b)),
      ];
      for (let bit = first; bit < last; bit++) joined[bit] = true;
      ends.add(first);
      ends.add(last + 1);
      visit(operation.operations, read);
    }
  };
  visit(operations, []);
  const starts = [...ends].filter((end) => end === bits || end === 0 || !joined[end - 1]);
  starts.sort((a, b) => a - b);
  return starts.slice(0, -1).map((offset, k) => ({
    name: starts.length === 2 ? 'c' : `c${k}`,
    offset,
    size: starts[k + 1] - offset,
  }));
}

const KEYWORDS = new Set(
  (
    'OPENQASM include qreg creg qubit bit gate opaque measure reset barrier if else for in while ' +
    'input output const let def return int uint float angle bool complex array duration stretch ' +
    'ctrl negctrl inv pow gphase pi tau euler true false sin cos tan exp ln log sqrt box delay ' +
    'switch case default break continue end extern cal defcal pragma mutable readonly void'
  ).split(' '),
);

/** @throws {SimulatorError} `NOT_EXPRESSIBLE` for names that clash or are not OpenQASM's */
export function checkNames(
  { parameters }: Circuit,
  version: 2 | 3,
  registers: readonly RegisterLayout[],
): void {
  if (version === 2 && parameters.length > 0) {
    throw inexpressible(`version 2 has no parameters such as '${parameters[0].name}'`);
  }
  const taken = new Set<string>();
  const library = LIBRARIES.get(version === 2 ? 'qelib1.inc' : 'stdgates.inc');
  for (const { name } of [...parameters, ...registers]) {
    if (name === '$' && version === 3) continue;
    const isGate = library?.has(name) === true || BUILT_IN[version].has(name);
    if (!/^[A-Za-z_]\w*$/.test(name) || KEYWORDS.has(name) || isGate || taken.has(name)) {
      throw inexpressible(`'${name}' cannot be a name in the program`);
    }
    taken.add(name);
  }
}

export function inexpressible(message: string): SimulatorError {
  return new SimulatorError('NOT_EXPRESSIBLE', message);
}
