import { cos, log, sin } from '@sema/simulator/elementary';
import { LearningError } from '../errors.ts';
import { NEARLY_ONE, requireEntry, requireInteger, requireLength } from '../validation.ts';
import { requireNumber, type Range } from '../validation.ts';

const STATES_RANGE: Range = { min: 2, max: 16 };
const FRACTION: Range = { min: 0, max: 1 };
const ANGLE_RANGE: Range = { min: -Math.PI, max: Math.PI };
const DENSITY_RANGE: Range = { min: 0, max: Number.MAX_VALUE };

export interface QuantumRegimeFilterOptions {
  /** k × k, row-major: entry (i, j) is P(j next | i now). */
  readonly transition: Float64Array;
  /** k probabilities of the first regime. */
  readonly initial: Float64Array;
  /** k phases φ of the first state Σ √p e^{iφ}|regime⟩. */
  readonly phases: ArrayLike<number>;
  /** Part c of each step that is the mixer and not the transition, in [0, 1]. */
  readonly coherence: number;
  /** Angle θ of the mixer 1 + (e^{iθ} − 1)|u⟩⟨u|, u the uniform state, in [−π, π]. */
  readonly angle: number;
}

/**
 * A hidden quantum Markov model of the regime. Its step is
 * ρ ← (1 − c)·Σ P_ij |j⟩⟨i|ρ|i⟩⟨j| + c·UρU†, and an observation is √F·ρ·√F/Tr with F the densities.
 *
 * The transition forgets all phases, so with c = 0 this is Hamilton's filter exactly, whatever the
 * phases are. They matter only through the mixer U, at c > 0.
 *
 * @see Monras, Beige & Wiesner (2010), Hidden quantum Markov models
 */
export class QuantumRegimeFilter {
  readonly states: number;
  readonly coherence: number;
  readonly #transition: Float64Array;
  readonly #shift: { readonly re: number; readonly im: number };
  #real: Float64Array;
  #imaginary: Float64Array;
  #logLikelihood = 0;

  /** @throws {LearningError} `INVALID_OPTION`, `INVALID_MEMBERSHIPS`, `LENGTH_MISMATCH` */
  constructor(options: QuantumRegimeFilterOptions) {
    const { transition, initial, phases, coherence, angle } = options;
    const code = 'INVALID_MEMBERSHIPS';
    const states = requireInteger(initial.length, 'regimes', STATES_RANGE, 'INVALID_OPTION');
    requireLength(transition, 'transition', states * states);
    requireLength(phases, 'phases', states);
    this.states = states;
    this.coherence = requireNumber(coherence, 'coherence', FRACTION, 'INVALID_OPTION');
    requireNumber(angle, 'angle', ANGLE_RANGE, 'INVALID_OPTION');
    let total = 0;
    for (let i = 0; i < states; i += 1) {
      total += requireEntry(initial, i, 'initial', FRACTION, code);
      requireEntry(phases, i, 'phases', { min: -1e6, max: 1e6 }, 'INVALID_OPTION');
      let row = 0;
      for (let j = 0; j < states; j += 1) {
        row += requireEntry(transition, i * states + j, 'transition', FRACTION, code);
      }
      requireNumber(row, `the sum of transition row ${i}`, NEARLY_ONE, code);
    }
    requireNumber(total, 'the sum of initial', NEARLY_ONE, code);
    this.#transition = transition.slice();
    const half = sin(angle / 2);
    this.#shift = { re: (-2 * half * half) / states, im: sin(angle) / states };
    this.#real = new Float64Array(states * states);
    this.#imaginary = new Float64Array(states * states);
    for (let i = 0; i < states; i += 1) {
      for (let j = 0; j < states; j += 1) {
        const size = Math.sqrt(initial[i] * initial[j]);
        this.#real[i * states + j] = size * cos(phases[i] - phases[j]);
        this.#imaginary[i * states + j] = size * sin(phases[i] - phases[j]);
      }
    }
  }

  /** Born probabilities of the regimes: k numbers with sum 1 up to rounding. */
  get probabilities(): Float64Array {
    return Float64Array.from({ length: this.states }, (_, i) => this.#real[i * (this.states + 1)]);
  }

  /** Sum of the one-step log scores so far. */
  get logLikelihood(): number {
    return this.#logLikelihood;
  }

  /**
   * Takes an observation in.
   *
   * @param densities - p(y | regime), k numbers ≥ 0.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_SERIES` when no regime explains it
   */
  observe(densities: ArrayLike<number>): void {
    requireLength(densities, 'densities', this.states);
    let total = 0;
    for (let i = 0; i < this.states; i += 1) {
      const density = requireEntry(densities, i, 'densities', DENSITY_RANGE, 'INVALID_SERIES');
      total += density * this.#real[i * (this.states + 1)];
    }
    if (!(total > 0 && total < Infinity)) {
      throw new LearningError('INVALID_SERIES', `the observation has density ${total}`);
    }
    for (let i = 0; i < this.states; i += 1) {
      for (let j = 0; j < this.states; j += 1) {
        const factor = Math.sqrt(densities[i]) * Math.sqrt(densities[j]);
        this.#real[i * this.states + j] *= factor / total;
        this.#imaginary[i * this.states + j] *= factor / total;
      }
    }
    this.#logLikelihood += log(total);
  }

  /** Goes one step on, to before the next observation. O(k²). */
  advance(): void {
    const { states, coherence } = this;
    const mixed = this.#mixed();
    const before = this.probabilities;
    for (let at = 0; at < mixed.real.length; at += 1) {
      mixed.real[at] *= coherence;
      mixed.imaginary[at] *= coherence;
    }
    for (let j = 0; j < states; j += 1) {
      let arriving = 0;
      for (let i = 0; i < states; i += 1) arriving += before[i] * this.#transition[i * states + j];
      mixed.real[j * (states + 1)] += (1 - coherence) * arriving;
    }
    this.#real = mixed.real;
    this.#imaginary = mixed.imaginary;
  }

  /** UρU† with U = 1 + z·J, J all ones: ρ + zJρ + z*ρJ + |z|²JρJ. */
  #mixed(): { real: Float64Array; imaginary: Float64Array } {
    const { states } = this;
    const { re, im } = this.#shift;
    const real = this.#real.slice();
    const imaginary = this.#imaginary.slice();
    const columnRe = new Float64Array(states);
    const columnIm = new Float64Array(states);
    let all = 0;
    for (let i = 0; i < states; i += 1) {
      for (let j = 0; j < states; j += 1) {
        columnRe[j] += this.#real[i * states + j];
        columnIm[j] += this.#imaginary[i * states + j];
        all += this.#real[i * states + j];
      }
    }
    const both = (re * re + im * im) * all;
    for (let i = 0; i < states; i += 1) {
      for (let j = 0; j < states; j += 1) {
        // Row sums are the conjugates of column sums, as ρ is Hermitian.
        const at = i * states + j;
        real[at] +=
          re * columnRe[j] - im * columnIm[j] + re * columnRe[i] - im * columnIm[i] + both;
        imaginary[at] += re * columnIm[j] + im * columnRe[j] - re * columnIm[i] - im * columnRe[i];
      }
    }
    return { real, imaginary };
  }
}
