import { type Angle, scaled } from './angle.ts';
import { SimulatorError } from './errors.ts';
import { type BaseGateName, GATES } from './gates.ts';

/**
 * One step of a circuit, as plain data. Wherever qubits are listed, the first is the least
 * significant bit of the index into a matrix or table. Matrices are row-major; complex numbers are
 * interleaved re/im.
 */
export type Operation =
  | {
      readonly kind: 'gate';
      readonly gate: BaseGateName;
      /** The gate acts where all of these are 1. */
      readonly controls: readonly number[];
      readonly targets: readonly number[];
      readonly angles: readonly Angle[];
    }
  | {
      readonly kind: 'unitary';
      /** 2·4^k numbers for k qubits. */
      readonly matrix: Float64Array;
      readonly qubits: readonly number[];
    }
  | {
      readonly kind: 'diagonal';
      /** 2·2^k numbers for k qubits. */
      readonly entries: Float64Array;
      readonly qubits: readonly number[];
    }
  | {
      /** The rotation by angles[m] about `axis` on the target where the controls read m. */
      readonly kind: 'multiplexed';
      readonly axis: 'x' | 'y' | 'z';
      readonly angles: readonly Angle[];
      readonly controls: readonly number[];
      readonly target: number;
    }
  | { readonly kind: 'measure'; readonly qubit: number; readonly bit: number }
  | { readonly kind: 'reset'; readonly qubit: number }
  | { readonly kind: 'barrier'; readonly qubits: readonly number[] }
  | {
      /**
       * The operations run when the listed bits read `value`, the first bit the least significant.
       */
      readonly kind: 'conditional';
      readonly bits: readonly number[];
      readonly value: number;
      readonly operations: readonly Operation[];
    };

/**
 * The operation that undoes this one.
 *
 * @throws {SimulatorError} `NOT_INVERTIBLE` for measurements, resets and conditionals
 */
export function inverseOf(operation: Operation): Operation {
  switch (operation.kind) {
    case 'gate': {
      const { inverse, inverseAngles } = GATES[operation.gate];
      const angles = inverseAngles.map((index) => scaled(operation.angles[index], -1));
      return { ...operation, gate: inverse, angles };
    }
    case 'unitary':
      return { ...operation, matrix: conjugateTranspose(operation.matrix) };
    case 'diagonal':
      return { ...operation, entries: operation.entries.map((x, i) => (i % 2 === 0 ? x : -x)) };
    case 'multiplexed':
      return { ...operation, angles: operation.angles.map((angle) => scaled(angle, -1)) };
    case 'barrier':
      return operation;
    default:
      throw new SimulatorError('NOT_INVERTIBLE', `a ${operation.kind} has no inverse`);
  }
}

function conjugateTranspose(matrix: Float64Array): Float64Array {
  const dimension = Math.sqrt(matrix.length / 2);
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      const from = 2 * (row * dimension + column);
      const to = 2 * (column * dimension + row);
      result[to] = matrix[from];
      result[to + 1] = -matrix[from + 1];
    }
  }
  return result;
}

/** The same operation on other qubits, qubit q becoming qubits[q], and with its angles replaced. */
export function relabelled(
  operation: Operation,
  qubits: readonly number[],
  rename: (angle: Angle) => Angle,
): Operation {
  const move = (list: readonly number[]) => list.map((qubit) => qubits[qubit]);
  switch (operation.kind) {
    case 'gate': {
      const { controls, targets, angles } = operation;
      return {
        ...operation,
        controls: move(controls),
        targets: move(targets),
        angles: angles.map(rename),
      };
    }
    case 'unitary':
    case 'diagonal':
    case 'barrier':
      return { ...operation, qubits: move(operation.qubits) };
    case 'multiplexed': {
      const { controls, target, angles } = operation;
      return {
        ...operation,
        controls: move(controls),
        target: qubits[target],
        angles: angles.map(rename),
      };
    }
    case 'measure':
    case 'reset':
      return { ...operation, qubit: qubits[operation.qubit] };
    case 'conditional': {
      const operations = operation.operations.map((inner) => relabelled(inner, qubits, rename));
      return { ...operation, operations };
    }
  }
}
