import type { Angle, Circuit } from '@sema/simulator';
import { checkLength } from './argument-checks.ts';

/**
 * Angles for {@link prepareWithCnots} from those of `groverRudolphAngles`: for each level of the
 * tree with k controls α′ᵢ = 2⁻ᵏ Σⱼ (−1)^{|j ∧ gᵢ|} αⱼ, gᵢ the i-th Gray code and |·| the number of
 * ones. O(n log n).
 *
 * @param angles - 2^n − 1, the root first, then level by level from left to right.
 * @returns as many, in the same order of levels.
 * @throws {AlgorithmError} `LENGTH_MISMATCH`
 * @see Möttönen, Vartiainen, Bergholm & Salomaa (2005), "Transformation of quantum states using
 * uniformly controlled rotations"
 */
export function mottonenAngles(angles: ArrayLike<number>): Float64Array {
  const levels = levelsOf(angles);
  const result = new Float64Array(angles.length);
  const sums = new Float64Array((angles.length + 1) / 2);
  for (let level = 0; level < levels; level += 1) {
    const count = 1 << level;
    const first = count - 1;
    for (let j = 0; j < count; j += 1) sums[j] = angles[first + j];
    for (let step = 1; step < count; step *= 2) {
      for (let j = 0; j < count; j += 1) {
        if ((j & step) !== 0) continue;
        const even = sums[j];
        sums[j] = even + sums[j + step];
        sums[j + step] = even - sums[j + step];
      }
    }
    for (let i = 0; i < count; i += 1) result[first + i] = sums[i ^ (i >> 1)] / count;
  }
  return result;
}

/**
 * Appends the preparation of a distribution as RYs and CNOTs alone: 2^n − 1 RY and 2^n − 2 CNOT on
 * n qubits. It is the circuit of `prepareDistribution`, each multiplexed rotation on k controls as
 * 2^k RYs between 2^k CNOTs. Sums of angles lose what is below 1e-16 of them: small amplitudes are
 * right to 1e-15 absolutely, no better.
 *
 * @param qubits - the n qubits of the index, least significant first.
 * @param angles - 2^n − 1, as {@link mottonenAngles} gives them; numbers or parameters.
 * @throws {AlgorithmError} `LENGTH_MISMATCH`
 */
export function prepareWithCnots(
  circuit: Circuit,
  qubits: readonly number[],
  angles: readonly Angle[],
): void {
  checkLength('angles', angles, (1 << qubits.length) - 1);
  for (let level = 0; level < qubits.length; level += 1) {
    const position = qubits.length - 1 - level;
    const target = qubits[position];
    const count = 1 << level;
    for (let i = 0; i < count; i += 1) {
      circuit.ry(angles[count - 1 + i], target);
      if (level === 0) continue;
      // The bit in which the next Gray code differs; after the last one the highest.
      const next = i + 1 === count ? count >> 1 : (i + 1) & -(i + 1);
      circuit.cx(qubits[position + 1 + (31 - Math.clz32(next))], target);
    }
  }
}

function levelsOf(angles: ArrayLike<number>): number {
  const levels = 32 - Math.clz32(angles.length);
  checkLength('angles', angles, Math.max(1, (1 << levels) - 1));
  return levels;
}
