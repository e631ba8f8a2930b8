import { applyAll, type Execution } from '../apply-operation.ts';
import type { Circuit } from '../circuit.ts';
import { type DensityMatrix, MAX_DENSITY_QUBITS } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import { referenceKernels } from '../kernels/reference.ts';
import { relabelled } from '../operation.ts';
import { checkQubitCount, fillOffsets } from '../qubits.ts';
import { draw } from '../random.ts';
import { checkParameters, largestTable, type RunOptions } from '../run.ts';
import { krausChannel } from './channels.ts';
import { type NoiseModel, type NoisyStep, withNoise } from './noise-model.ts';
import { prepared } from './prepared-channel.ts';
import { readBits, readOut, refuseToDraw } from './readout.ts';

export interface NoisyRunOptions extends RunOptions {
  /** None when absent. */
  readonly noise?: NoiseModel;
}

/**
 * |0…0⟩⟨0…0|, or another basis state. 16·4^qubits bytes.
 *
 * @param qubits - integer in [0, 12].
 * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS`, `BASIS_STATE_OUT_OF_RANGE`
 */
export function basisDensityMatrix(qubits: number, basisState = 0): DensityMatrix {
  checkQubitCount(qubits);
  if (qubits > MAX_DENSITY_QUBITS) {
    throw new SimulatorError(
      'TOO_MANY_QUBITS',
      `${qubits} qubits need a matrix of ${16n << BigInt(2 * qubits)} bytes; ` +
        `the limit is ${MAX_DENSITY_QUBITS} qubits`,
    );
  }
  const dimension = 1 << qubits;
  if (!Number.isInteger(basisState) || basisState < 0 || basisState >= dimension) {
    throw new SimulatorError(
      'BASIS_STATE_OUT_OF_RANGE',
      `basis state ${basisState} is not in [0, ${dimension})`,
    );
  }
  const real = new Float64Array(dimension * dimension);
  real[basisState * (dimension + 1)] = 1;
  return { qubits, dimension, real, imaginary: new Float64Array(real.length) };
}

/**
 * Applies a circuit, noise included, to a density matrix in place. Gates, channels and resets are
 * exact; a measurement draws its outcome and collapses, as in `run`. O(4^n) a gate; a channel on k
 * qubits costs 16^k multiplications for each 4^k entries, however many Kraus operators it has.
 *
 * @param rho - a Hermitian matrix of trace 1.
 * @param options - as for `run`; `random` is needed when the circuit measures, one number drawn for
 *   each measurement and one more where it has a read-out error.
 * @returns the classical bits at the end, 0 or 1 each.
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `WRONG_LENGTH`, `UNBOUND_PARAMETERS`,
 *   `INVALID_ANGLE`, `RANDOM_SOURCE_MISSING`, `RANDOM_OUT_OF_RANGE`, and those of a bad noise model
 */
export function runDensityMatrix(
  circuit: Circuit,
  rho: DensityMatrix,
  options: NoisyRunOptions = {},
): { bits: Uint8Array } {
  checkFit(circuit, rho);
  const { parameters = [], noise = {}, kernels = referenceKernels } = options;
  checkParameters(circuit, parameters);
  const steps = withNoise(circuit, noise);
  const random = options.random ?? refuseToDraw(circuit.operations, 'measure');
  const bits = new Uint8Array(circuit.bits);
  // The superoperator of a channel on three qubits has 64 rows.
  const size = largestTable(circuit.operations, 64);
  const workspace = {
    kernels,
    parameters,
    random,
    bits,
    matrix: new Float64Array(32),
    offsets: new Int32Array(size),
    table: new Float64Array(2 * size),
  };
  const { real, imaginary } = rho;
  applySteps(steps, circuit.qubits, {
    rows: { ...workspace, real, imaginary },
    // With its parts exchanged a matrix is i times its conjugate, to which U does what U* does to
    // the matrix itself.
    columns: { ...workspace, real: imaginary, imaginary: real },
  });
  return { bits };
}

function checkFit(circuit: Circuit, rho: DensityMatrix): void {
  if (circuit.qubits !== rho.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a circuit of ${circuit.qubits} qubits does not fit a matrix of ${rho.qubits}`,
    );
  }
  const entries = rho.dimension * rho.dimension;
  if (rho.real.length !== entries || rho.imaginary.length !== entries) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${rho.real.length} and ${rho.imaginary.length} numbers are no matrix of ${entries} entries`,
    );
  }
}

/**
 * The two sides of UρU†. The matrix is handled as a state of twice as many qubits, those of its
 * columns first, as is its memory.
 */
interface Sides {
  readonly rows: Execution;
  readonly columns: Execution;
}

const RESET = prepared(
  krausChannel([
    [1, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0, 0, 0, 0],
  ]),
);

function applySteps(steps: readonly NoisyStep[], qubits: number, sides: Sides): void {
  for (const step of steps) applyStep(step, qubits, sides);
}

function applyStep(step: NoisyStep, qubits: number, sides: Sides): void {
  const { rows, columns } = sides;
  switch (step.kind) {
    case 'channel':
      applySuperoperator(step.channel.superoperator, step.qubits, qubits, rows);
      break;
    case 'reset':
      applySuperoperator(RESET.superoperator, [step.qubit], qubits, rows);
      break;
    case 'measure': {
      const outcome = collapse(step.qubit, qubits, rows);
      rows.bits[step.bit] = readOut(outcome, step.readout, rows.random);
      break;
    }
    case 'conditional':
      applySteps(
        readBits(rows.bits, step.bits) === step.value ? step.steps : step.otherwise,
        qubits,
        sides,
      );
      break;
    default: {
      const places = Array.from({ length: qubits }, (_, qubit) => qubits + qubit);
      applyAll([relabelled(step, places, (angle) => angle)], rows);
      applyAll([step], columns);
    }
  }
}

function applySuperoperator(
  matrix: Float64Array,
  list: readonly number[],
  qubits: number,
  execution: Execution,
): void {
  const { real, imaginary, kernels, offsets, table } = execution;
  const places = [...list, ...list.map((qubit) => qubits + qubit)];
  fillOffsets(places, offsets);
  kernels.matrix(real, imaginary, offsets, 1 << places.length, 0, matrix, table);
}

/** Measures a qubit: the part of ρ that has the drawn outcome on both sides, scaled to trace 1. */
function collapse(qubit: number, qubits: number, execution: Execution): 0 | 1 {
  const { real, imaginary, kernels, random } = execution;
  const dimension = 1 << qubits;
  const weights = [0, 0];
  for (let i = 0; i < dimension; i++) weights[(i >> qubit) & 1] += real[i * (dimension + 1)];
  const outcome = draw(random) * (weights[0] + weights[1]) < weights[1] ? 1 : 0;
  const kept = weights[outcome];
  if (!(kept > 0)) {
    throw new SimulatorError('NOT_NORMALIZED', `a matrix of trace ${kept} has no outcomes`);
  }
  const mask = (1 << qubit) | (1 << (qubits + qubit));
  kernels.project(real, imaginary, mask, outcome * mask, 1 / kept);
  return outcome;
}
