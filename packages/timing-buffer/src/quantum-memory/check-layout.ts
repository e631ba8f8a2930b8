import { checkDistance } from './stabilizer-code.ts';

/** Which data qubits the ancilla of each check touches, and when. */
export interface CheckLayout {
  readonly name: string;
  /** Data qubits, numbered from 0. The ancilla of check k is qubit data + k. */
  readonly data: number;
  readonly checks: readonly {
    readonly basis: 'X' | 'Z';
    /** By step the data qubit, or undefined when the ancilla rests. As many steps for all. */
    readonly touches: readonly (number | undefined)[];
  }[];
  /** The data qubits that a logical X flips, and those whose Z is the logical Z. */
  readonly logicalX: readonly number[];
  readonly logicalZ: readonly number[];
}

/** A repetition code may be this long. */
const MAX_REPETITION = 999;

/**
 * A row of qubits, neighbours compared.
 *
 * @param kind - the errors that are corrected.
 * @param distance - the number of data qubits: odd, 3 to 999.
 * @throws {TimingBufferError} `DISTANCE_OUT_OF_RANGE`
 */
export function repetitionLayout(kind: 'bit-flip' | 'phase-flip', distance: number): CheckLayout {
  checkDistance(distance, MAX_REPETITION);
  const basis = kind === 'bit-flip' ? 'Z' : 'X';
  const all = Array.from({ length: distance }, (_, q) => q);
  const checks = all.slice(1).map((q) => ({ basis, touches: [q - 1, q] }) as const);
  const [logicalX, logicalZ] = kind === 'bit-flip' ? [all, [0]] : [[0], all];
  return {
    name: `${kind} repetition, n = ${distance}`,
    data: distance,
    checks,
    logicalX,
    logicalZ,
  };
}
