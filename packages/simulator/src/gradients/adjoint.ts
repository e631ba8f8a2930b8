import { applyAll, type Execution } from '../apply-operation.ts';
import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { referenceKernels } from '../kernels/reference.ts';
import { innerProduct, type PauliSum } from '../observables.ts';
import { inverseOf, type Operation } from '../operation.ts';
import type { RandomSource } from '../random.ts';
import { checkParameters, largestTable } from '../run.ts';
import { StateVector } from '../state-vector.ts';
import { addDerivatives, derivativesOf } from './angle-derivatives.ts';
import { appliedSum } from './pauli-sum.ts';

export interface GradientOptions {
  /** One finite number for each of circuit.parameters, in that order. */
  readonly parameters?: ArrayLike<number>;
  /** The state that the circuit starts from, left alone; |0…0⟩ when absent. */
  readonly state?: StateVector;
  /** The hot loops; the reference ones when absent. */
  readonly kernels?: Kernels;
}

export interface ValueAndGradient {
  /** ⟨H⟩ after the circuit. */
  readonly value: number;
  /** Its derivative by each of circuit.parameters, in that order. */
  readonly gradient: Float64Array;
}

/**
 * The expectation of an observable after a circuit and its exact gradient by the adjoint method:
 * one run forward, two backward, and for each angle that is a parameter one overlap, which costs no
 * more than its gate: about four runs, whatever the number of parameters. Two states of memory.
 *
 * A parameter may stand at many places and with any factor; its derivative is the sum over them.
 *
 * @throws {SimulatorError} `NOT_INVERTIBLE` when the circuit measures, resets or has conditionals,
 *   `UNBOUND_PARAMETERS`, `INVALID_ANGLE`, `QUBIT_COUNT_MISMATCH`, `INVALID_COEFFICIENT`,
 *   `INVALID_PAULI`, `QUBIT_OUT_OF_RANGE`, `DISPOSED`
 * @see Jones & Gacon, arXiv:2009.02823 (2020)
 */
export function adjointGradient(
  circuit: Circuit,
  sum: PauliSum,
  options: GradientOptions = {},
): ValueAndGradient {
  const { operations } = circuit;
  const inverses = operations.map(inverseOf);
  const parameters = checkedParameters(circuit, options);
  using phi = startState(circuit, options);
  const forward = executionOn(phi, operations, parameters, options.kernels);
  applyAll(operations, forward);
  using lambda = appliedSum(sum, phi);
  const value = innerProduct(phi, lambda).real;
  const backward = { ...forward, real: lambda.real, imaginary: lambda.imaginary };
  const gradient = new Float64Array(circuit.parameters.length);
  for (let k = operations.length - 1; k >= 0; k--) {
    const derivatives = derivativesOf(operations[k], parameters);
    addDerivatives(derivatives, 'after', lambda, phi, gradient);
    const undo = [inverses[k]];
    applyAll(undo, forward);
    applyAll(undo, backward);
    addDerivatives(derivatives, 'before', lambda, phi, gradient);
  }
  return { value, gradient };
}

/** @throws {SimulatorError} `UNBOUND_PARAMETERS`, `INVALID_ANGLE` */
export function checkedParameters(circuit: Circuit, options: GradientOptions): ArrayLike<number> {
  const { parameters = [] } = options;
  checkParameters(circuit, parameters);
  return parameters;
}

/** A state of its own to start from. @throws {SimulatorError} `QUBIT_COUNT_MISMATCH` */
export function startState(circuit: Circuit, options: GradientOptions): StateVector {
  if (options.state === undefined) return new StateVector(circuit.qubits);
  if (options.state.qubits !== circuit.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a circuit of ${circuit.qubits} qubits does not fit a state of ${options.state.qubits}`,
    );
  }
  return options.state.copy();
}

/** Unitary operations draw no numbers. */
const UNUSED: RandomSource = { next: () => NaN };

export function executionOn(
  state: StateVector,
  operations: readonly Operation[],
  parameters: ArrayLike<number>,
  kernels: Kernels = referenceKernels,
): Execution {
  const size = largestTable(operations, 4);
  return {
    real: state.real,
    imaginary: state.imaginary,
    kernels,
    parameters,
    random: UNUSED,
    bits: new Uint8Array(0),
    matrix: new Float64Array(32),
    offsets: new Int32Array(size),
    table: new Float64Array(2 * size),
  };
}
