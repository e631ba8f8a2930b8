import { SimulatorError } from '../errors.ts';
import { masksOf, type PauliSum } from '../observables.ts';
import { isOdd } from '../pauli-expectation.ts';
import { StateVector } from '../state-vector.ts';

/**
 * H|ψ⟩ in a new state, which is not normalised. O(terms · 2^n).
 *
 * @throws {SimulatorError} `INVALID_COEFFICIENT`, `INVALID_PAULI`, `QUBIT_OUT_OF_RANGE`
 */
export function appliedSum(sum: PauliSum, state: StateVector): StateVector {
  const result = new StateVector(state.qubits);
  result.real.fill(0);
  for (const { coefficient, paulis } of sum) {
    if (!Number.isFinite(coefficient)) {
      throw new SimulatorError('INVALID_COEFFICIENT', `coefficient ${coefficient} is not finite`);
    }
    const { flips, signs, ys } = masksOf(paulis, state.qubits);
    const factor = (ys & 2) === 0 ? coefficient : -coefficient;
    if ((ys & 1) === 0) {
      addFlipped(result.real, state.real, factor, flips, signs);
      addFlipped(result.imaginary, state.imaginary, factor, flips, signs);
    } else {
      // i·(x + iy) = −y + ix
      addFlipped(result.real, state.imaginary, -factor, flips, signs);
      addFlipped(result.imaginary, state.real, factor, flips, signs);
    }
  }
  return result;
}

/** to[i ⊕ flips] += factor · (−1)^|i ∧ signs| · from[i] */
function addFlipped(
  to: Float64Array,
  from: Float64Array,
  factor: number,
  flips: number,
  signs: number,
): void {
  for (let i = 0; i < from.length; i++) {
    to[i ^ flips] += isOdd(i & signs) ? -factor * from[i] : factor * from[i];
  }
}

/**
 * A Pauli product i^ys · (X on `flips`) · (Z on `signs`), or where `flips` is 0 the identity, on
 * the subspace where the index bits of `mask` read `value`; `mask` has no bit of `flips`, and
 * `signs` has no other bits than `flips`.
 */
export interface MaskedPauli {
  readonly flips: number;
  readonly signs: number;
  readonly ys: number;
  readonly mask: number;
  readonly value: number;
}

/** Im ⟨λ|A|φ⟩. O(2^(n − bits of the mask)), allocates nothing. */
export function imaginaryOverlap(lambda: StateVector, phi: StateVector, a: MaskedPauli): number {
  return a.flips === 0 ? maskedOverlap(lambda, phi, a) : flippedOverlap(lambda, phi, a);
}

function maskedOverlap(lambda: StateVector, phi: StateVector, a: MaskedPauli): number {
  const { mask, value } = a;
  const { real: lr, imaginary: li } = lambda;
  const { real: pr, imaginary: pi } = phi;
  const free = (lr.length - 1) & ~mask;
  let sum = 0;
  let k = 0;
  do {
    const i = k | value;
    sum += lr[i] * pi[i] - li[i] * pr[i];
    k = (k - free) & free;
  } while (k !== 0);
  return sum;
}

/** Visits each pair of indices that A exchanges once, by the one without the lowest flipped bit. */
function flippedOverlap(lambda: StateVector, phi: StateVector, a: MaskedPauli): number {
  const { flips, signs, ys, mask, value } = a;
  const { real: lr, imaginary: li } = lambda;
  const { real: pr, imaginary: pi } = phi;
  const lowest = flips & -flips;
  const higher = signs & ~lowest;
  const free = (lr.length - 1) & ~(mask | lowest);
  const odd = (ys & 1) === 1;
  let sum = 0;
  let k = 0;
  do {
    const i = k | value;
    const j = i ^ flips;
    const term = odd
      ? lr[j] * pr[i] + li[j] * pi[i] - (lr[i] * pr[j] + li[i] * pi[j])
      : lr[j] * pi[i] - li[j] * pr[i] + (lr[i] * pi[j] - li[i] * pr[j]);
    sum += higher !== 0 && isOdd(i & higher) ? -term : term;
    k = (k - free) & free;
  } while (k !== 0);
  return (ys & 2) === 0 ? sum : -sum;
}
