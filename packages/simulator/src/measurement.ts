import { SimulatorError } from './errors.ts';
import type { Kernels, Parts } from './kernels/kernels.ts';
import { referenceKernels } from './kernels/reference.ts';
import { checkQubit, checkQubits } from './qubits.ts';
import { draw, type RandomSource } from './random.ts';
import type { Amplitudes } from './state-vector.ts';

/** One call of `sample` draws at most this many shots: 256 MiB of indices. */
export const MAX_SHOTS = 1 << 26;

/**
 * Probabilities of reading m on the listed qubits, the first the least significant bit of m; of
 * every basis state when none are listed. 2^qubits.length numbers; their sum is the squared norm.
 * O(2^n).
 *
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`, `DISPOSED`
 */
export function probabilities(state: Amplitudes, qubits?: readonly number[]): Float64Array {
  const { real, imaginary } = state;
  if (qubits === undefined) {
    return Float64Array.from(real, (re, i) => re * re + imaginary[i] * imaginary[i]);
  }
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
export function probabilityOfOne(state: Amplitudes, qubit: number): number {
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
export function postSelect(state: Amplitudes, qubit: number, value: 0 | 1): number {
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
export function measure(state: Amplitudes, qubit: number, random: RandomSource): 0 | 1 {
  checkQubit(qubit, state.qubits);
  return collapse(state.real, state.imaginary, 1 << qubit, random, referenceKernels);
}

/** Measures the qubit of a one-bit mask. An outcome of probability 0 never occurs. */
export function collapse(
  real: Parts,
  imaginary: Parts,
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
 * Basis indices as drawn by measuring all qubits of `shots` fresh copies of the state, shot k from
 * the k-th random number: in the order of drawing, not sorted. One pass over the state, then O(1) a
 * shot on average where shots outnumber the amplitudes, else O(log(2^n / shots)). 2^n numbers and
 * as many integers of memory besides the result.
 *
 * @param shots - integer in [0, 2^26].
 * @throws {SimulatorError} `INVALID_SHOTS`, `RANDOM_OUT_OF_RANGE`, `NOT_NORMALIZED` for a zero
 *   state, `DISPOSED`
 */
export function sample(state: Amplitudes, shots: number, random: RandomSource): Uint32Array {
  if (!Number.isInteger(shots) || shots < 0 || shots > MAX_SHOTS) {
    throw new SimulatorError('INVALID_SHOTS', `${shots} shots are not in [0, ${MAX_SHOTS}]`);
  }
  const cumulative = cumulativeWeights(state.real, state.imaginary);
  const total = cumulative[cumulative.length - 1];
  if (!(total > 0 && total < Infinity)) {
    throw new SimulatorError(
      'NOT_NORMALIZED',
      `the squared norm ${total} is not positive and finite`,
    );
  }
  const guide = guideOf(cumulative, shots);
  const last = guide.length - 1;
  const outcomes = new Uint32Array(shots);
  for (let shot = 0; shot < shots; shot++) {
    const uniform = draw(random);
    // `last` is a power of two, so the product is exact and its floor below `last`.
    const part = Math.floor(uniform * last);
    outcomes[shot] = firstAbove(cumulative, uniform * total, guide[part], guide[part + 1]);
  }
  return outcomes;
}

function cumulativeWeights(real: Parts, imaginary: Parts): Float64Array {
  const cumulative = new Float64Array(real.length);
  let sum = 0;
  for (let i = 0; i < real.length; i++) {
    sum += real[i] * real[i] + imaginary[i] * imaginary[i];
    cumulative[i] = sum;
  }
  return cumulative;
}

/**
 * guide[k] = the first index whose cumulative sum is above the share k / 2^b of all, for k up to
 * 2^b: what is drawn between two shares lies between their indices. With as many parts as there are
 * shots or amplitudes, these are next to each other on average (Chen & Asau, 1974).
 */
function guideOf(cumulative: Float64Array, shots: number): Uint32Array {
  let parts = 1;
  while (parts < shots && parts < cumulative.length) parts *= 2;
  const total = cumulative[cumulative.length - 1];
  const guide = new Uint32Array(parts + 1);
  // Above all of them is nothing; what comes after the first that reaches it has no probability.
  guide[parts] = cumulative.indexOf(total);
  for (let part = 0; part < parts; part++) {
    const threshold = (part / parts) * total;
    let low = part === 0 ? 0 : guide[part - 1];
    // Ever longer steps, so that going through all parts takes about as long as through the sums.
    let step = 1;
    while (low + step < cumulative.length && !(cumulative[low + step] > threshold)) {
      low += step;
      step *= 2;
    }
    const high = Math.min(low + step, cumulative.length - 1);
    guide[part] = firstAbove(cumulative, threshold, low, high);
  }
  return guide;
}

/**
 * The first index in [low, high] whose cumulative sum is above `threshold`, or `high`; it has a
 * positive probability.
 */
function firstAbove(
  cumulative: Float64Array,
  threshold: number,
  low: number,
  high: number,
): number {
  let [first, last] = [low, high];
  while (first < last) {
    const middle = (first + last) >>> 1;
    if (cumulative[middle] > threshold) last = middle;
    else first = middle + 1;
  }
  return first;
}
