import { StateVector } from '@sema/simulator';
import { productBlocks } from './product-blocks.ts';
import { separate } from './separate.ts';

/** Qubits that share one state vector: qubits[k] is bit k of its basis index. */
export interface Register {
  readonly qubits: number[];
  readonly state: StateVector;
  /** True when it may have become a product since it was last looked at. */
  mayFactor: boolean;
}

export function zeroRegister(qubit: number): Register {
  return { qubits: [qubit], state: new StateVector(1), mayFactor: false };
}

/**
 * The registers that this one is a product of; itself alone when it is entangled throughout. The
 * parts' states are new. O(2^n) for each part found.
 */
export function factors(register: Register, tolerance: number): Register[] {
  let { qubits, state } = register;
  const found: Register[] = [];
  for (const block of productBlocks(state, qubits.length)) {
    const members = block.map((bit) => register.qubits[bit]);
    if (members.length >= qubits.length) continue;
    const inside = members.map((qubit) => qubits.indexOf(qubit));
    const outside = qubits.flatMap((qubit, bit) => (members.includes(qubit) ? [] : [bit]));
    const parts = separate(state, inside, outside, tolerance);
    if (parts === undefined) continue;
    found.push({ qubits: members, state: parts[0], mayFactor: false });
    qubits = outside.map((bit) => qubits[bit]);
    state = parts[1];
  }
  if (found.length === 0) {
    register.mayFactor = false;
    return [register];
  }
  return [...found, { qubits, state, mayFactor: false }];
}
