import type { Angle, Circuit } from '@sema/simulator';
import { checkDistribution, checkLength } from './argument-checks.ts';
import { AlgorithmError } from './errors.ts';
import { foldedTangent, tangentsToAngles } from './half-angles.ts';

/**
 * RY angles that turn |0…0⟩ into Σ √pᵢ |i⟩: a binary tree of "how much of this node lies in its
 * right half", θ = 2 arccos √(p_left / p_node), root first, then level by level from left to right.
 *
 * The root splits on the most significant bit of i. A node without mass gets angle 0. O(n).
 *
 * @param probabilities - 2^k of them, ≥ 0, sum 1.
 * @returns 2^k − 1 angles in [0, π].
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH` when the length is no
 * power of two.
 * @see Grover & Rudolph (2002), "Creating superpositions that correspond to efficiently integrable
 * probability distributions"
 */
export function groverRudolphAngles(probabilities: ArrayLike<number>): Float64Array {
  checkDistribution('probabilities', probabilities);
  const count = probabilities.length;
  if ((count & (count - 1)) !== 0) {
    throw new AlgorithmError('LENGTH_MISMATCH', `${count} probabilities are not a power of two`);
  }
  const angles = new Float64Array(count - 1);
  writeGroverRudolphTangents(probabilities, new Float64Array(2 * count), angles);
  tangentsToAngles(angles, 0, angles.length);
  return angles;
}

/**
 * The tangents that `tangentsToAngles` makes those angles of; no checks, no allocation.
 *
 * @param tree - 2n numbers of scratch: node j has children 2j and 2j + 1, leaf i is n + i, [0] is
 * unused.
 * @param tangents - receives n − 1 tangents at its beginning; node j at j − 1.
 */
export function writeGroverRudolphTangents(
  probabilities: ArrayLike<number>,
  tree: Float64Array,
  tangents: Float64Array,
): void {
  const count = probabilities.length;
  for (let i = 0; i < count; i += 1) tree[count + i] = probabilities[i];
  for (let node = count - 1; node >= 1; node -= 1) {
    const left = tree[2 * node];
    const right = tree[2 * node + 1];
    tree[node] = left + right;
    tangents[node - 1] = right > 0 ? foldedTangent(Math.sqrt(right), Math.sqrt(left)) : 0;
  }
}

/**
 * Appends the preparation to a circuit: k multiplexed RYs, the one on qubit k − 1 − j controlled by
 * the j qubits above it.
 *
 * @param qubits - the k qubits of the index i, least significant first.
 * @param angles - 2^k − 1, in the order of {@link groverRudolphAngles}; numbers or parameters.
 * @throws {AlgorithmError} `LENGTH_MISMATCH`
 */
export function prepareDistribution(
  circuit: Circuit,
  qubits: readonly number[],
  angles: readonly Angle[],
): void {
  checkLength('angles', angles, (1 << qubits.length) - 1);
  for (let level = 0; level < qubits.length; level += 1) {
    const position = qubits.length - 1 - level;
    const nodes = angles.slice((1 << level) - 1, (2 << level) - 1);
    circuit.multiplexedRy(nodes, qubits.slice(position + 1), qubits[position]);
  }
}
