import { expm1, log1p } from '../elementary.ts';
import { SimulatorError } from '../errors.ts';
import { CODE_X, CODE_Z, codeOf } from './noise-codes.ts';

/** A probability this far below 0 is rounding. */
const ROUNDING = 1e-12;

/**
 * The probabilities q of independent errors that together act as a Pauli channel, in which at most
 * one error of probability p happens.
 *
 * A channel multiplies each Pauli P by λ(P) = 1 − 2·Σ p(Q) over the Q that anticommute with P, and
 * independent errors by Π (1 − 2 q(Q)) over the same Q. In logarithms that is a Walsh transform,
 * which is its own inverse up to a factor.
 *
 * @param probabilities - of codes 1, 2, … in the order of a noise instruction.
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` when no such errors exist
 */
export function independentProbabilities(
  probabilities: readonly number[],
  arity: 1 | 2,
): readonly number[] {
  if (probabilities.filter((p) => p > 0).length <= 1) return probabilities;
  const logs = probabilities.map((_, index) => {
    let flipped = 0;
    probabilities.forEach((p, other) => {
      if (anticommute(index + 1, other + 1, arity)) flipped += p;
    });
    if (!(flipped < 0.5)) throw inexpressible(probabilities);
    return log1p(-2 * flipped);
  });
  const codes = probabilities.length + 1;
  return probabilities.map((_, index) => {
    let sum = 0;
    logs.forEach((log, other) => {
      sum += anticommute(index + 1, other + 1, arity) ? -log : log;
    });
    const q = -expm1((-2 / codes) * sum) / 2;
    if (q < -ROUNDING) throw inexpressible(probabilities);
    return Math.max(0, q);
  });
}

function inexpressible(probabilities: readonly number[]): SimulatorError {
  const list = probabilities.join(', ');
  return new SimulatorError(
    'NOT_EXPRESSIBLE',
    `no independent errors act as the Pauli channel (${list})`,
  );
}

function anticommute(a: number, b: number, arity: 1 | 2): boolean {
  let sum = 0;
  for (let j = 0; j < arity; j++) {
    const [p, q] = [codeOf(a, arity, j), codeOf(b, arity, j)];
    sum ^= (CODE_X[p] & CODE_Z[q]) ^ (CODE_Z[p] & CODE_X[q]);
  }
  return sum === 1;
}
