import { SimulatorError } from './errors.ts';

/** The largest register: 2^25 amplitudes are 512 MiB. */
export const MAX_QUBITS = 25;
/** The largest circuit: in single precision its state is 1 GiB. */
export const MAX_CIRCUIT_QUBITS = 27;

/**
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS` (with the bytes they would
 *   need)
 */
export function checkQubitCount(qubits: number, most = MAX_QUBITS): void {
  if (!Number.isInteger(qubits) || qubits < 0) {
    throw new SimulatorError('INVALID_QUBIT_COUNT', `${qubits} is not a number of qubits`);
  }
  if (qubits > most) {
    const bytes = qubits < 1000 ? `${16n << BigInt(qubits)}` : `2^${qubits + 4}`;
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `${qubits} qubits need ${bytes} bytes; the limit is ${most} qubits`,
    );
  }
}

/**
 * n for a length of 2^n.
 *
 * @throws {SimulatorError} `WRONG_LENGTH`
 */
export function qubitsOfDimension(length: number): number {
  let qubits = 0;
  let dimension = 1;
  while (dimension < length) {
    dimension *= 2;
    qubits++;
  }
  if (dimension !== length) {
    throw new SimulatorError('WRONG_LENGTH', `${length} entries are not a power of two`);
  }
  return qubits;
}

/** @throws {SimulatorError} `QUBIT_OUT_OF_RANGE` */
export function checkQubit(qubit: number, qubits: number): void {
  if (!Number.isInteger(qubit) || qubit < 0 || qubit >= qubits) {
    throw new SimulatorError('QUBIT_OUT_OF_RANGE', `qubit ${qubit} is not in [0, ${qubits})`);
  }
}

/**
 * Checks a list of qubits and gives its mask: bit q is set when q is listed.
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`
 */
export function checkQubits(list: readonly number[], qubits: number): number {
  let mask = 0;
  for (const qubit of list) {
    checkQubit(qubit, qubits);
    if ((mask >> qubit) & 1) {
      throw new SimulatorError('DUPLICATE_QUBIT', `qubit ${qubit} is listed twice`);
    }
    mask |= 1 << qubit;
  }
  return mask;
}

/** The mask of qubits known to be good: bit q is set when q is listed. */
export function maskOf(list: readonly number[]): number {
  let mask = 0;
  for (const qubit of list) mask |= 1 << qubit;
  return mask;
}

/**
 * Fills offsets[k], for k in [0, 2^list.length), with the basis index whose listed qubits read k
 * (the first listed qubit is the least significant bit of k) and whose other qubits are 0.
 */
export function fillOffsets(list: readonly number[], offsets: Int32Array): void {
  offsets[0] = 0;
  let filled = 1;
  for (const qubit of list) {
    for (let k = 0; k < filled; k++) offsets[filled + k] = offsets[k] | (1 << qubit);
    filled *= 2;
  }
}
