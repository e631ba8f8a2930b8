import { applyAll, type Execution } from '../apply-operation.ts';
import type { Circuit } from '../circuit.ts';
import { reducedDensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import { referenceKernels } from '../kernels/reference.ts';
import { collapse, MAX_SHOTS } from '../measurement.ts';
import { expectationValue, type PauliSum } from '../observables.ts';
import { fillOffsets } from '../qubits.ts';
import { draw, type RandomSource } from '../random.ts';
import { checkParameters, largestTable } from '../run.ts';
import { StateVector } from '../state-vector.ts';
import { type NoisyStep, withNoise } from './noise-model.ts';
import type { PreparedChannel } from './prepared-channel.ts';
import { readBits, readOut } from './readout.ts';
import type { NoisyRunOptions } from './run-density-matrix.ts';

export interface TrajectoryOptions extends NoisyRunOptions {
  readonly random: RandomSource;
}

/**
 * Applies a circuit to a pure state in place, each channel doing at random one of the things that
 * it may do: one sample of the noisy evolution, whose average is that of `runDensityMatrix`. A
 * channel that is no mixture of unitaries costs a partial trace; one number is drawn for each
 * channel, measurement and reset, and one more for each measurement with a read-out error.
 *
 * @returns the classical bits at the end, 0 or 1 each.
 * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `UNBOUND_PARAMETERS`, `INVALID_ANGLE`,
 *   `RANDOM_OUT_OF_RANGE`, `NOT_NORMALIZED` for a zero state, `DISPOSED`, and those of a bad noise
 *   model
 * @see Dalibard, Castin & Mølmer (1992); Mølmer, Castin & Dalibard (1993)
 */
export function runTrajectory(
  circuit: Circuit,
  state: StateVector,
  options: TrajectoryOptions,
): { bits: Uint8Array } {
  if (circuit.qubits !== state.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a circuit of ${circuit.qubits} qubits does not fit a state of ${state.qubits}`,
    );
  }
  const trajectory = preparedTrajectory(circuit, options);
  return { bits: trajectory(state).slice() };
}

/** An average over trajectories and the standard error that their spread gives it. */
export interface TrajectoryEstimate {
  readonly mean: number;
  /** The sample standard deviation over √trajectories. */
  readonly standardError: number;
}

/**
 * The expectation of an observable after a noisy circuit from |0…0⟩, by trajectories.
 *
 * @param options - as for `runTrajectory`; `trajectories`: integer in [2, 2^26].
 * @throws {SimulatorError} `INVALID_SHOTS` and those of `runTrajectory` and `expectationValue`
 */
export function trajectoryExpectation(
  circuit: Circuit,
  sum: PauliSum,
  options: TrajectoryOptions & { readonly trajectories: number },
): TrajectoryEstimate {
  const { trajectories } = options;
  if (!Number.isInteger(trajectories) || trajectories < 2 || trajectories > MAX_SHOTS) {
    throw new SimulatorError(
      'INVALID_SHOTS',
      `${trajectories} trajectories are not in [2, ${MAX_SHOTS}]`,
    );
  }
  const trajectory = preparedTrajectory(circuit, options);
  using state = new StateVector(circuit.qubits);
  let mean = 0;
  let squares = 0;
  for (let k = 1; k <= trajectories; k++) {
    state.reset();
    trajectory(state);
    // Welford's recurrence: the spread is not lost in the difference of two large sums.
    const value = expectationValue(state, sum);
    const difference = value - mean;
    mean += difference / k;
    squares += difference * (value - mean);
  }
  return { mean, standardError: Math.sqrt(squares / (trajectories - 1) / trajectories) };
}

/** Does the work that all trajectories share. The bits it returns are its own. */
function preparedTrajectory(
  circuit: Circuit,
  options: TrajectoryOptions,
): (state: StateVector) => Uint8Array {
  const { parameters = [], noise = {}, random, kernels = referenceKernels } = options;
  checkParameters(circuit, parameters);
  const steps = withNoise(circuit, noise);
  const size = largestTable(circuit.operations, 8);
  const workspace = {
    kernels,
    parameters,
    random,
    bits: new Uint8Array(circuit.bits),
    matrix: new Float64Array(32),
    offsets: new Int32Array(size),
    table: new Float64Array(2 * size),
  };
  return (state) => {
    const { real, imaginary } = state;
    workspace.bits.fill(0);
    applySteps(steps, state, { ...workspace, real, imaginary });
    return workspace.bits;
  };
}

function applySteps(steps: readonly NoisyStep[], state: StateVector, execution: Execution): void {
  const { real, imaginary, kernels, random, bits } = execution;
  for (const step of steps) {
    switch (step.kind) {
      case 'channel':
        applyChannel(step.channel, step.qubits, state, execution);
        break;
      case 'measure': {
        const outcome = collapse(real, imaginary, 1 << step.qubit, random, kernels);
        bits[step.bit] = readOut(outcome, step.readout, random);
        break;
      }
      case 'conditional':
        applySteps(
          readBits(bits, step.bits) === step.value ? step.steps : step.otherwise,
          state,
          execution,
        );
        break;
      default:
        applyAll([step], execution);
    }
  }
}

/** Draws a Kraus operator K with the probability ⟨ψ|K†K|ψ⟩ and leaves Kψ, renormalised. */
function applyChannel(
  channel: PreparedChannel,
  qubits: readonly number[],
  state: StateVector,
  execution: Execution,
): void {
  const { kernels, random, offsets, table } = execution;
  const weights = channel.weights ?? krausWeights(channel, qubits, state);
  let total = 0;
  for (const weight of weights) total += weight;
  if (!(total > 0)) {
    throw new SimulatorError('NOT_NORMALIZED', `a state of squared norm ${total} has no outcomes`);
  }
  const chosen = pick(weights, draw(random) * total);
  if (channel.idle[chosen]) return;
  const scale = 1 / Math.sqrt(weights[chosen]);
  const matrix = channel.kraus[chosen].map((x) => scale * x);
  fillOffsets(qubits, offsets);
  const count = 1 << qubits.length;
  kernels.matrix(state.real, state.imaginary, offsets, count, 0, matrix, table);
}

/** Tr(KρK†) for every K, with the ρ of the qubits alone. */
function krausWeights(
  channel: PreparedChannel,
  qubits: readonly number[],
  state: StateVector,
): Float64Array {
  const { dimension, real, imaginary } = reducedDensityMatrix(state, qubits);
  return Float64Array.from(channel.kraus, (operator) => {
    let weight = 0;
    for (let row = 0; row < dimension; row++) {
      for (let a = 0; a < dimension; a++) {
        for (let b = 0; b < dimension; b++) {
          const i = 2 * (row * dimension + a);
          const j = 2 * (row * dimension + b);
          const re = operator[i] * operator[j] + operator[i + 1] * operator[j + 1];
          const im = operator[i + 1] * operator[j] - operator[i] * operator[j + 1];
          weight += re * real[a * dimension + b] - im * imaginary[a * dimension + b];
        }
      }
    }
    // A probability of 0 may be rounded below it.
    return Math.max(0, weight);
  });
}

/** The first index whose cumulative weight is above the threshold; it has a positive weight. */
function pick(weights: Float64Array, threshold: number): number {
  let cumulative = 0;
  let last = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    last = k;
    cumulative += weights[k];
    if (threshold < cumulative) return k;
  }
  return last;
}
