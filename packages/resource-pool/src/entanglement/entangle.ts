import { Circuit } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import type { RegisterSystem } from '../registers/register-system.ts';

/** Two qubits; n ≥ 2 qubits; n ≥ 2 qubits on a line. */
export type EntanglementKind = 'bell' | 'ghz' | 'cluster';

/** A product of Paulis by position in a list of qubits. */
export type PauliString = Readonly<Record<number, 'X' | 'Y' | 'Z'>>;

/** How far below 1 the expectation of a stabilizer may be: a thousand roundings. */
export const STABILIZER_TOLERANCE = 1e-9;

/**
 * The generators of the stabilizer group of a state: XX and ZZ (and −YY their product) for a Bell
 * pair |00⟩ + |11⟩; X…X and each ZᵢZᵢ₊₁ for GHZ; Xₐ ∏ Z_b over the neighbours b of each a for a
 * cluster. As many as qubits, so +1 for all of them leaves exactly one state.
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS` unless there are 2 for a Bell pair, or 2 and more
 * @see Nielsen & Chuang (2010), §10.5; Raussendorf & Briegel (2001), Phys. Rev. Lett. 86, 5188
 */
export function stabilizersOf(kind: EntanglementKind, qubits: number): readonly PauliString[] {
  if (!Number.isInteger(qubits) || qubits < 2 || (kind === 'bell' && qubits !== 2)) {
    throw new ResourcePoolError('INVALID_QUBITS', `a ${kind} state is not of ${qubits} qubits`);
  }
  const each = Array.from({ length: qubits }, (_, qubit) => qubit);
  if (kind === 'cluster') {
    return each.map((qubit) => {
      const string: Record<number, 'X' | 'Z'> = { [qubit]: 'X' };
      if (qubit > 0) string[qubit - 1] = 'Z';
      if (qubit + 1 < qubits) string[qubit + 1] = 'Z';
      return string;
    });
  }
  const all: PauliString = Object.fromEntries(each.map((qubit) => [qubit, 'X' as const]));
  return [all, ...each.slice(1).map((qubit) => ({ [qubit - 1]: 'Z', [qubit]: 'Z' }) as const)];
}

/**
 * Makes qubits that are |0⟩ a Bell pair, a GHZ state or a linear cluster, and verifies it.
 *
 * @returns the expectation of each of `stabilizersOf(kind, qubits.length)`, all 1 to 1e-9.
 * @throws {ResourcePoolError} `NOT_ZERO`, `ENTANGLED`, `INVALID_QUBITS`, `MEMORY_LIMIT`,
 *   `TOO_MANY_QUBITS`, `NOT_VERIFIED`
 */
export function entangle(
  registers: RegisterSystem,
  kind: EntanglementKind,
  qubits: readonly number[],
): Float64Array {
  stabilizersOf(kind, qubits.length);
  registers.checkZero(qubits);
  const circuit = new Circuit(qubits.length);
  if (kind === 'cluster') {
    for (let qubit = 0; qubit < qubits.length; qubit++) circuit.h(qubit);
    for (let qubit = 1; qubit < qubits.length; qubit++) circuit.cz(qubit - 1, qubit);
  } else {
    circuit.h(0);
    for (let qubit = 1; qubit < qubits.length; qubit++) circuit.cx(qubit - 1, qubit);
  }
  registers.run(circuit, qubits);
  return verifyEntanglement(registers, kind, qubits);
}

/**
 * Measures, without disturbing anything, that qubits are in the named state.
 *
 * @returns the expectation of each stabilizer.
 * @throws {ResourcePoolError} `NOT_VERIFIED` when one is below 1 − 1e-9; `INVALID_QUBITS`
 */
export function verifyEntanglement(
  registers: RegisterSystem,
  kind: EntanglementKind,
  qubits: readonly number[],
): Float64Array {
  const strings = stabilizersOf(kind, qubits.length);
  return Float64Array.from(strings, (string) => {
    const moved: Record<number, 'X' | 'Y' | 'Z'> = {};
    for (const [at, pauli] of Object.entries(string)) moved[qubits[Number(at)]] = pauli;
    const value = registers.expectationValue(moved);
    if (value < 1 - STABILIZER_TOLERANCE) {
      const name = Object.entries(string).map(([at, pauli]) => `${pauli}${qubits[Number(at)]}`);
      throw new ResourcePoolError('NOT_VERIFIED', `⟨${name.join(' ')}⟩ is ${value}, not 1`);
    }
    return value;
  });
}
