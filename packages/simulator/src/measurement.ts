import { SimulatorError } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { referenceKernels } from './kernels/reference.ts';
import { checkQubit, checkQubits } from './qubits.ts';
import { draw, type RandomSource } from './random.ts';
import type { StateVector } from './state-vector.ts';

/** One call of `sample` draws at most this many shots: 256 MiB of indices. */
const MAX_SHOTS = 1 << 26;

/**
 * Probabilities of reading m on the listed qubits, the first the least significant bit of m; of
 * every basis state when none are listed. 2^qubits.length numbers; their sum is the squared norm.
 * O(2^n).
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`, `DISPOSED`
 */
export function probabilities(state: StateVector, qubits?: readonly number[]): Float64Array {
  const { real, imaginary } = state;
  if (qubits === undefined) return real.map((re, i) => re * re + imaginary[i] * imaginary[i]);
  checkQubits(qubits, state.qubits);
  const sums = new Float64Array(1 << qubits.length);
  for (let i = 0; i < real.length; i++) {
    let m = 0;
    for (let k = 0; k < qubits.length; k++) m |= ((i >> qubits[k]) & 1) << k;
    sums[m] += real[i] * real[i] + imaginary[i] * imaginary[i];
  }
  return sums;
}

/**
 * The probability that measuring the qubit gives 1. O(2^n).
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DISPOSED`
 */
export function probabilityOfOne(state: StateVector, qubit: number): number {
  checkQubit(qubit, state.qubits);
  return referenceKernels.weight(state.real, state.imaginary, 1 << qubit, 1 << qubit);
}

/**
 * Projects onto the qubit reading `value`, renormalises, and returns the probability which that
 * had. O(2^n).
 *
 * @throws {SimulatorError} `IMPOSSIBLE_OUTCOME` when it is 0 (the state is left alone),
 *   `INVALID_OUTCOME`, `QUBIT_OUT_OF_RANGE`, `DISPOSED`
 */
export function postSelect(state: StateVector, qubit: number, value: 0 | 1): number {
  checkQubit(qubit, state.qubits);
  if (!(value === 0 || value === 1)) {
    throw new SimulatorError('INVALID_OUTCOME', `${String(value)} is neither 0 nor 1`);
  }
  const mask = 1 << qubit;
  const { real, imaginary } = state;
  const kept = referenceKernels.weight(real, imaginary, mask, value * mask);
  const lost = referenceKernels.weight(real, imaginary, mask, mask - value * mask);
  if (!(kept > 0)) {
    throw new SimulatorError(
      'IMPOSSIBLE_OUTCOME',
      `qubit ${qubit} is never ${value} in this state`,
    );
  }
  referenceKernels.project(real, imaginary, mask, value * mask, 1 / Math.sqrt(kept));
  return kept / (kept + lost);
}

/**
 * Measures a qubit in the computational basis and collapses the state. Draws one number. O(2^n).
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `RANDOM_OUT_OF_RANGE`, `NOT_NORMALIZED` for a zero
 *   state, `DISPOSED`
 */
export function measure(state: StateVector, qubit: number, random: RandomSource): 0 | 1 {
  checkQubit(qubit, state.qubits);
  return collapse(state.real, state.imaginary, 1 << qubit, random, referenceKernels);
}

/** Measures the qubit of a one-bit mask. An outcome of probability 0 never occurs. */
export function collapse(
  real: Float64Array,
  imaginary: Float64Array,
  mask: number,
  random: RandomSource,
  kernels: Kernels,
): 0 | 1 {
  const zero = kernels.weight(real, imaginary, mask, 0);
  const one = kernels.weight(real, imaginary, mask, mask);
  const outcome = draw(random) * (zero + one) < one ? 1 : 0;
  const kept = outcome === 1 ? one : zero;
  if (!(kept > 0)) {
    throw new SimulatorError('NOT_NORMALIZED', `a state of squared norm ${kept} has no outcomes`);
  }
  kernels.project(real, imaginary, mask, outcome * mask, 1 / Math.sqrt(kept));
  return outcome;
}

/**
 * Basis indices as drawn by measuring all qubits of `shots` fresh copies of the state. Draws one
 * number a shot. O(2^n + shots·n), 2^n numbers of memory besides the result.
 *
 * @param shots - integer in [0, 2^26].
 * @throws {SimulatorError} `INVALID_SHOTS`, `RANDOM_OUT_OF_RANGE`, `NOT_NORMALIZED` for a zero
 *   state, `DISPOSED`
 */
export function sample(state: StateVector, shots: number, random: RandomSource): Uint32Array {
  if (!Number.isInteger(shots) || shots < 0 || shots > MAX_SHOTS) {
    throw new SimulatorError('INVALID_SHOTS', `${shots} shots are not in [0, ${MAX_SHOTS}]`);
  }
  const cumulative = probabilities(state);
  for (let i = 1; i < cumulative.length; i++) cumulative[i] += cumulative[i - 1];
  const total = cumulative[cumulative.length - 1];
  if (!(total > 0 && total < Infinity)) {
    throw new SimulatorError(
      'NOT_NORMALIZED',
      `the squared norm ${total} is not positive and finite`,
    );
  }
  const outcomes = new Uint32Array(shots);
  for (let shot = 0; shot < shots; shot++) {
    outcomes[shot] = firstAbove(cumulative, draw(random) * total);
  }
  return outcomes;
}

/** The first index whose cumulative sum is above `threshold`; it has a positive probability. */
function firstAbove(cumulative: Float64Array, threshold: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}
