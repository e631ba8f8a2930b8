import { cos, sin } from '@sema/simulator/elementary';
import { requireLength, requireNumber, requireUnitVector, type Range } from './validation.ts';

/** A complex state in split storage, as a `StateVector` holds it. */
export interface SplitState {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const PHASE_RANGE: Range = { min: -2 * Math.PI, max: 2 * Math.PI };

/**
 * The rank-1 operator e^{iφ}|p⟩⟨p| + (1 − |p⟩⟨p|) on a state, in place: what lies along the pattern
 * takes the phase, the rest stays. Exactly unitary. O(2^n); no matrix is made.
 *
 * A phase alone moves no probability in the basis of p. With phases on several patterns that are
 * not orthogonal, one mixes what another marked; see `applyRiskSuppression`.
 *
 * @param state - of the pattern's length; changed.
 * @param pattern - real numbers with norm 1 ± 1e-9.
 * @param phase - φ in [−2π, 2π].
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_OPTION`
 */
export function applyPatternPhase(
  { real, imaginary }: SplitState,
  pattern: ArrayLike<number>,
  phase: number,
): void {
  requireLength(real, 'real', pattern.length);
  requireLength(imaginary, 'imaginary', pattern.length);
  const norm = requireUnitVector(pattern, pattern.length);
  requireNumber(phase, 'phase', PHASE_RANGE, 'INVALID_OPTION');
  let overlapRe = 0;
  let overlapIm = 0;
  for (let i = 0; i < real.length; i += 1) {
    overlapRe += pattern[i] * real[i];
    overlapIm += pattern[i] * imaginary[i];
  }
  const half = sin(phase / 2);
  // e^{iφ} − 1 without cancellation at small phases; divided by the square of the pattern's norm.
  const shiftRe = (-2 * half * half) / (norm * norm);
  const shiftIm = sin(phase) / (norm * norm);
  const addRe = shiftRe * overlapRe - shiftIm * overlapIm;
  const addIm = shiftRe * overlapIm + shiftIm * overlapRe;
  for (let i = 0; i < real.length; i += 1) {
    real[i] += pattern[i] * addRe;
    imaginary[i] += pattern[i] * addIm;
  }
}

/**
 * Multiplies the marked basis states by e^{iφ}, in place. O(2^n).
 *
 * @param marked - one boolean per basis state.
 * @param phase - φ in [−2π, 2π].
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_OPTION`
 */
export function applyMarkedPhase(
  { real, imaginary }: SplitState,
  marked: readonly boolean[],
  phase: number,
): void {
  requireLength(real, 'real', marked.length);
  requireLength(imaginary, 'imaginary', marked.length);
  requireNumber(phase, 'phase', PHASE_RANGE, 'INVALID_OPTION');
  const c = cos(phase);
  const s = sin(phase);
  for (let i = 0; i < real.length; i += 1) {
    if (!marked[i]) continue;
    const re = real[i];
    real[i] = c * re - s * imaginary[i];
    imaginary[i] = s * re + c * imaginary[i];
  }
}
