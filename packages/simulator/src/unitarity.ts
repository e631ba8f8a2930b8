import { SimulatorError } from './errors.ts';

/** How far U†U may be from the identity in any entry; matrices typed with 10 digits pass. */
const TOLERANCE = 1e-9;
/** The check costs 8^qubits. */
const MAX_UNITARY_QUBITS = 8;

/**
 * Checks a row-major interleaved matrix on `qubits` qubits and copies it. O(8^qubits).
 *
 * @throws {SimulatorError} `TOO_MANY_QUBITS`, `WRONG_LENGTH`, `NOT_FINITE`, `NOT_UNITARY`
 */
export function checkedUnitary(matrix: ArrayLike<number>, qubits: number): Float64Array {
  if (qubits > MAX_UNITARY_QUBITS) {
    const bytes = 16n << BigInt(2 * qubits);
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `a unitary on ${qubits} qubits needs ${bytes} bytes; the limit is ${MAX_UNITARY_QUBITS}`,
    );
  }
  const dimension = 1 << qubits;
  const entries = finiteCopy(matrix, 2 * dimension * dimension);
  for (let a = 0; a < dimension; a++) {
    for (let b = a; b < dimension; b++) {
      let re = a === b ? -1 : 0;
      let im = 0;
      for (let row = 0; row < dimension; row++) {
        const i = 2 * (row * dimension + a);
        const j = 2 * (row * dimension + b);
        re += entries[i] * entries[j] + entries[i + 1] * entries[j + 1];
        im += entries[i] * entries[j + 1] - entries[i + 1] * entries[j];
      }
      if (!(Math.abs(re) <= TOLERANCE && Math.abs(im) <= TOLERANCE)) {
        throw new SimulatorError(
          'NOT_UNITARY',
          `entry (${a}, ${b}) of U†U − 1 is ${re} + ${im}i, beyond ${TOLERANCE}`,
        );
      }
    }
  }
  return entries;
}

/**
 * Checks the interleaved entries of a diagonal unitary on `qubits` qubits and copies them.
 *
 * @throws {SimulatorError} `WRONG_LENGTH`, `NOT_FINITE`, `NOT_UNITARY`
 */
export function checkedPhases(phases: ArrayLike<number>, qubits: number): Float64Array {
  const entries = finiteCopy(phases, 2 << qubits);
  for (let i = 0; i < entries.length; i += 2) {
    const square = entries[i] * entries[i] + entries[i + 1] * entries[i + 1];
    if (!(Math.abs(square - 1) <= TOLERANCE)) {
      throw new SimulatorError(
        'NOT_UNITARY',
        `the square of diagonal entry ${i / 2} is ${square}, not 1 ± ${TOLERANCE}`,
      );
    }
  }
  return entries;
}

function finiteCopy(values: ArrayLike<number>, length: number): Float64Array {
  if (values.length !== length) {
    throw new SimulatorError('WRONG_LENGTH', `${values.length} numbers, where ${length} are due`);
  }
  const copy = Float64Array.from(values);
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(copy[i])) {
      throw new SimulatorError('NOT_FINITE', `number ${i} is ${copy[i]}`);
    }
  }
  return copy;
}
