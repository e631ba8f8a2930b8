import { cos, sin } from '@sema/simulator/elementary';
import { applyMarkedPhase, applyPatternPhase, type SplitState } from './pattern-phase.ts';
import { requireLength, requireNumber, requireUnitVector, type Range } from './validation.ts';

/** The phase at strength 1, at which the risky probability is cubed. */
const FULL_PHASE = Math.PI / 3;
const STRENGTH_RANGE: Range = { min: 0, max: 1 };

/** What a suppression of risk is made for. */
export interface RiskSuppression {
  /** The state |s⟩ whose risk is to be lowered: real numbers with norm 1 ± 1e-9. */
  readonly amplitudes: ArrayLike<number>;
  /** One boolean per basis state. */
  readonly risky: readonly boolean[];
  /** In [0, 1]; 0 is the identity. */
  readonly strength: number;
}

/**
 * Takes probability off risky basis states, in place: a phase −φ on them, then the mixer that turns
 * it into probability, the phase φ on |s⟩ itself, with φ = strength·π/3; last a phase on each of
 * the two parts, which moves nothing and leaves |s⟩ real. Each step is exactly unitary. O(2^n).
 *
 * With R the risky probability of |s⟩, its risky amplitudes are multiplied by 1 − 2(1 − cos φ)(1 −
 * R), so that R becomes R(1 − 2(1 − cos φ)(1 − R))²: never more than before, and R³ at full
 * strength. Within each part the ratios stay. When all is risky, or nothing, nothing moves.
 *
 * @param state - any state of that length, |s⟩ itself in most cases; changed.
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_OPTION`
 * @see Grover (2005), Fixed-point quantum search
 */
export function applyRiskSuppression(
  state: SplitState,
  { amplitudes, risky, strength }: RiskSuppression,
): void {
  requireLength(risky, 'risky', amplitudes.length);
  requireLength(state.real, 'real', amplitudes.length);
  const norm = requireUnitVector(amplitudes, amplitudes.length);
  requireNumber(strength, 'strength', STRENGTH_RANGE, 'INVALID_OPTION');
  if (strength === 0) return;
  const phase = strength * FULL_PHASE;
  applyMarkedPhase(state, risky, -phase);
  applyPatternPhase(state, amplitudes, phase);

  let risk = 0;
  for (let i = 0; i < amplitudes.length; i += 1) {
    if (risky[i]) risk += (amplitudes[i] / norm) * (amplitudes[i] / norm);
  }
  const [safeFactor, riskyFactor] = partFactors(risk, phase);
  for (let i = 0; i < amplitudes.length; i += 1) {
    turnBack(state, i, risky[i] ? riskyFactor : safeFactor);
  }
}

/**
 * The same as a matrix. O(4^n).
 *
 * @returns d × d complex numbers, row-major, interleaved re/im, as `Circuit.unitary` takes them.
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_OPTION`
 */
export function riskSuppressionUnitary(suppression: RiskSuppression): Float64Array {
  const dimension = suppression.amplitudes.length;
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let column = 0; column < dimension; column += 1) {
    const state = { real: new Float64Array(dimension), imaginary: new Float64Array(dimension) };
    state.real[column] = 1;
    applyRiskSuppression(state, suppression);
    for (let row = 0; row < dimension; row += 1) {
      matrix[2 * (row * dimension + column)] = state.real[row];
      matrix[2 * (row * dimension + column) + 1] = state.imaginary[row];
    }
  }
  return matrix;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

/** What the two phases multiply the safe and the risky amplitudes of |s⟩ by. */
function partFactors(risk: number, phase: number): readonly [Complex, Complex] {
  const half = sin(phase / 2);
  const [shiftRe, shiftIm] = [-2 * half * half, sin(phase)];
  // ⟨s|O|s⟩ = 1 + (e^{−iφ} − 1)R, and the mixer adds (e^{iφ} − 1) times that to both.
  const overlap = { re: 1 + shiftRe * risk, im: -shiftIm * risk };
  const addRe = shiftRe * overlap.re - shiftIm * overlap.im;
  const addIm = shiftRe * overlap.im + shiftIm * overlap.re;
  return [
    { re: 1 + addRe, im: addIm },
    { re: cos(phase) + addRe, im: addIm - sin(phase) },
  ];
}

/** Multiplies one amplitude by the opposite phase of a factor. */
function turnBack({ real, imaginary }: SplitState, at: number, { re, im }: Complex): void {
  const modulus = Math.sqrt(re * re + im * im);
  if (modulus === 0) return;
  const [x, y] = [real[at], imaginary[at]];
  real[at] = (x * re + y * im) / modulus;
  imaginary[at] = (y * re - x * im) / modulus;
}
