import { applyAll } from './apply-operation.ts';
import type { Circuit } from './circuit.ts';
import { SimulatorError } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { referenceKernels } from './kernels/reference.ts';
import type { Operation } from './operation.ts';
import type { RandomSource } from './random.ts';
import type { StateVector } from './state-vector.ts';

export interface RunOptions {
  /** One finite number for each of circuit.parameters, in that order. */
  readonly parameters?: ArrayLike<number>;
  /** Needed when the circuit measures or resets; one number is drawn for each. */
  readonly random?: RandomSource;
  /** The hot loops; the reference ones when absent. */
  readonly kernels?: Kernels;
}

/**
 * Applies a circuit to a state in place. Classical bits start at 0.
 *
 * All arguments are checked before the state is touched. Only measurement can fail later: when the
 * random source gives a number outside [0, 1). Allocates a workspace as large as the largest table
 * in the circuit, nothing per gate.
 *
 * @returns the classical bits at the end, 0 or 1 each.
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `UNBOUND_PARAMETERS`, `INVALID_ANGLE`,
 *   `RANDOM_SOURCE_MISSING`, `RANDOM_OUT_OF_RANGE`, `DISPOSED`
 */
export function run(
  circuit: Circuit,
  state: StateVector,
  options: RunOptions = {},
): { bits: Uint8Array } {
  if (circuit.qubits !== state.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a circuit of ${circuit.qubits} qubits does not fit a state of ${state.qubits}`,
    );
  }
  const { parameters = [], random = absentRandom, kernels = referenceKernels } = options;
  checkParameters(circuit, parameters);
  if (random === absentRandom && circuit.operations.some(isRandom)) random.next();
  const { real, imaginary } = state;
  const bits = new Uint8Array(circuit.bits);
  const size = largestTable(circuit.operations, 4);
  applyAll(circuit.operations, {
    real,
    imaginary,
    kernels,
    parameters,
    random,
    bits,
    matrix: new Float64Array(32),
    offsets: new Int32Array(size),
    table: new Float64Array(2 * size),
  });
  return { bits };
}

export const absentRandom: RandomSource = {
  next() {
    throw new SimulatorError('RANDOM_SOURCE_MISSING', 'the circuit measures: give options.random');
  },
};

/** @throws {SimulatorError} `UNBOUND_PARAMETERS`, `INVALID_ANGLE` */
export function checkParameters(circuit: Circuit, values: ArrayLike<number>): void {
  const expected = circuit.parameters;
  if (values.length !== expected.length) {
    throw new SimulatorError(
      'UNBOUND_PARAMETERS',
      `${values.length} values for the ${expected.length} parameters of the circuit`,
    );
  }
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new SimulatorError('INVALID_ANGLE', `parameter ${expected[i].name} is ${values[i]}`);
    }
  }
}

export function isRandom(operation: Operation): boolean {
  if (operation.kind === 'conditional') return operation.operations.some(isRandom);
  return operation.kind === 'measure' || operation.kind === 'reset';
}

/** The most entries that the tables of an operation have, at least `size`. */
export function largestTable(operations: readonly Operation[], size: number): number {
  let largest = size;
  for (const operation of operations) {
    if (operation.kind === 'unitary' || operation.kind === 'diagonal') {
      largest = Math.max(largest, 1 << operation.qubits.length);
    } else if (operation.kind === 'multiplexed') {
      largest = Math.max(largest, 2 << operation.controls.length);
    } else if (operation.kind === 'conditional') {
      largest = largestTable(operation.operations, largest);
    }
  }
  return largest;
}
