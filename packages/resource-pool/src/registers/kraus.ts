import type { RandomSource, StateVector } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import { indicesOf } from './separate.ts';

/** How far Σ K†K may be from the identity, entry by entry. */
const COMPLETENESS_TOLERANCE = 1e-10;
const MAX_OPERATORS = 256;
const MAX_CHANNEL_QUBITS = 4;

/**
 * A channel by its Kraus operators: row-major interleaved re/im matrices of 2·4^k numbers each, the
 * first listed qubit the least significant index bit.
 */
export type KrausOperators = readonly ArrayLike<number>[];

/** @throws {ResourcePoolError} `INVALID_CHANNEL` unless the operators preserve the trace */
export function checkChannel(operators: KrausOperators, qubits: number): void {
  const dimension = 2 ** qubits;
  if (qubits < 1 || qubits > MAX_CHANNEL_QUBITS) {
    throw invalid(`a channel acts on 1 to ${MAX_CHANNEL_QUBITS} qubits, not ${qubits}`);
  }
  if (operators.length < 1 || operators.length > MAX_OPERATORS) {
    throw invalid(`${operators.length} operators are not 1 to ${MAX_OPERATORS}`);
  }
  const size = 2 * dimension * dimension;
  const sum = new Float64Array(size);
  for (const operator of operators) {
    if (operator.length !== size) throw invalid(`${operator.length} numbers are not ${size}`);
    addSquare(operator, dimension, sum);
  }
  for (let at = 0; at < size; at++) {
    const identity = at % (2 * dimension + 2) === 0 ? 1 : 0;
    if (!(Math.abs(sum[at] - identity) <= COMPLETENESS_TOLERANCE)) {
      throw invalid(`the operators are not trace-preserving: entry ${at} of Σ K†K is ${sum[at]}`);
    }
  }
}

/** Adds K†K. */
function addSquare(operator: ArrayLike<number>, dimension: number, sum: Float64Array): void {
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      const to = 2 * (row * dimension + column);
      for (let inner = 0; inner < dimension; inner++) {
        const a = 2 * (inner * dimension + row);
        const b = 2 * (inner * dimension + column);
        sum[to] += operator[a] * operator[b] + operator[a + 1] * operator[b + 1];
        sum[to + 1] += operator[a] * operator[b + 1] - operator[a + 1] * operator[b];
      }
    }
  }
}

/**
 * Applies one operator, drawn with its probability, and renormalises: averaged over draws this is
 * the channel. Draws one number. O(operators · 2^(n + k)).
 *
 * @returns which operator was applied.
 * @throws {ResourcePoolError} `INVALID_STATE` when none has a positive probability
 */
export function applyDrawn(
  state: StateVector,
  operators: KrausOperators,
  bits: readonly number[],
  random: RandomSource,
): number {
  const threshold = random.next();
  if (!(threshold >= 0 && threshold < 1)) {
    throw new ResourcePoolError('INVALID_OPTION', `the random source gave ${threshold}`);
  }
  let passed = 0;
  let likeliest = { index: -1, weight: 0 };
  for (let index = 0; index < operators.length; index++) {
    const weight = weightAfter(state, operators[index], bits);
    if (weight > likeliest.weight) likeliest = { index, weight };
    passed += weight;
    if (weight > 0 && threshold < passed) {
      apply(state, operators[index], bits, 1 / Math.sqrt(weight));
      return index;
    }
  }
  // The probabilities add up to 1 but for rounding, and the draw fell into what is missing.
  if (likeliest.index < 0) throw new ResourcePoolError('INVALID_STATE', 'a state of norm 0');
  apply(state, operators[likeliest.index], bits, 1 / Math.sqrt(likeliest.weight));
  return likeliest.index;
}

function weightAfter(state: StateVector, operator: ArrayLike<number>, bits: readonly number[]) {
  let weight = 0;
  forEachImage(state, operator, bits, (_, re, im) => {
    weight += re * re + im * im;
  });
  return weight;
}

function apply(
  state: StateVector,
  operator: ArrayLike<number>,
  bits: readonly number[],
  factor: number,
): void {
  forEachImage(state, operator, bits, (at, re, im) => {
    state.real[at] = re * factor;
    state.imaginary[at] = im * factor;
  });
}

/** Calls `visit` with every amplitude of Kψ; `visit` may write to ψ at the index it is given. */
function forEachImage(
  { real, imaginary, dimension }: StateVector,
  operator: ArrayLike<number>,
  bits: readonly number[],
  visit: (at: number, re: number, im: number) => void,
): void {
  const offsets = indicesOf(bits);
  const count = offsets.length;
  const mask = offsets[count - 1];
  const re = new Float64Array(count);
  const im = new Float64Array(count);
  for (let base = 0; base < dimension; base++) {
    if ((base & mask) !== 0) continue;
    for (let m = 0; m < count; m++) {
      re[m] = real[base | offsets[m]];
      im[m] = imaginary[base | offsets[m]];
    }
    for (let row = 0; row < count; row++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let column = 0; column < count; column++) {
        const at = 2 * (row * count + column);
        sumRe += operator[at] * re[column] - operator[at + 1] * im[column];
        sumIm += operator[at] * im[column] + operator[at + 1] * re[column];
      }
      visit(base | offsets[row], sumRe, sumIm);
    }
  }
}

function invalid(message: string): ResourcePoolError {
  return new ResourcePoolError('INVALID_CHANNEL', message);
}
