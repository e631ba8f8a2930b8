import { expm1, log1p } from '@sema/simulator/elementary';
import { AncillaFilter } from './ancilla-filter.ts';
import { exactRotation, LEARNING_RATE_RANGE, rotationMemory } from './coherent-update.ts';
import { FIRST_ORDER_RATE_RANGE, generatedRotation } from './first-order-update.ts';
import { LearningError } from './errors.ts';
import { applyRotation } from './plane-rotation.ts';
import { REGIMES, requireMemberships } from './regimes.ts';
import {
  requireBoolean,
  requireEntry,
  requireInteger,
  requireLength,
  requireNumber,
  restoredArray,
  snapshotFields,
} from './validation.ts';
import type { Range } from './validation.ts';

/** Qubits of the register: 2 for the regime, 4 for the expert, 2 for the context. */
export const LEARNING_QUBITS = 8;
/** Contexts that the register tells apart. */
export const CONTEXTS = 4;

const STATES = 1 << LEARNING_QUBITS;
const REGIME_COUNT = REGIMES.length;
const EXPERT_SLOTS = STATES / (REGIME_COUNT * CONTEXTS);
const EXPERTS_RANGE: Range = { min: 1, max: EXPERT_SLOTS };
const LOSS_RANGE: Range = { min: 0, max: 1 };
const SHARE_RANGE: Range = { min: 0, max: 0.5 };
const ROUNDS_RANGE: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };
/** As in `ExpertLearner`: below 2^−500 an amplitude would in the end underflow and never return. */
const SMALLEST_AMPLITUDE = 3.054936363499605e-151;
const STORED_NORM_TOLERANCE = 1e-12;

/**
 * How a round changes the state: by the exact rotation, by the rotation of its first-order
 * generator, or by an ancilla found in 0.
 */
export type UpdateForm = 'rotation' | 'first-order' | 'ancilla';
const FORMS: readonly UpdateForm[] = ['rotation', 'first-order', 'ancilla'];

/** Where the market is: shares of the four regimes, and of four contexts that the caller names. */
export interface Presence {
  /** 4 numbers in [0, 1] with sum 1, in the order of `REGIMES`. */
  readonly regimes: ArrayLike<number>;
  /** 4 numbers in [0, 1] with sum 1. */
  readonly contexts: ArrayLike<number>;
}

/** The whole state of an `ExperienceRegister`. */
export interface ExperienceRegisterSnapshot {
  readonly experts: number;
  readonly learningRate: number;
  readonly form: UpdateForm;
  readonly rounds: number;
  /** ψ over 256 basis states; regime + 4·expert + 64·context. */
  readonly amplitudes: Float64Array;
}

/**
 * Expert weights that depend on regime and context: a real state ψ of 8 qubits, whose Born weight
 * at regime + 4·expert + 64·context says how far that expert is trusted there.
 *
 * A round at presence I = regime share × context share is played with p ∝ Σ I·w, and gives a basis
 * state the loss I·ℓ + (1 − I)·M with M the mix loss of p: fully awake it has its expert's loss,
 * and where the market is not it keeps its weight. With the rotation or the ancilla, against every
 * (regime, expert, context) and after every round, losses in [0, 1],
 *
 *   Σ_t I_t(⟨p_t, ℓ_t⟩ − ℓ_t,e) ≤ ln(16·N)/η + (η/8) Σ_t I_t,
 *
 * because Σ w e^{ηI(M−ℓ)} ≤ Σ w (1 − I + I e^{η(M−ℓ)}) = 1 and ⟨p, ℓ⟩ ≤ M + η/8. In the first-order
 * form 0.75·ηT stands in place of the last term. Sharing a part α·I of a cell's weight among its
 * experts adds ln(1/(1 − αI))/η a round, and lets the comparator change its expert for ln(N/(αI))/η
 * each.
 *
 * @see Blum & Mansour (2007), for experts that are partly awake; Herbster & Warmuth (1998)
 */
export class ExperienceRegister implements Disposable {
  readonly experts: number;
  readonly learningRate: number;
  readonly form: UpdateForm;
  #amplitudes: Float64Array = new Float64Array(STATES);
  /** Where the next amplitudes are made, so that a round leaves nothing behind. */
  #spare: Float64Array = new Float64Array(STATES);
  readonly #turned = rotationMemory(STATES);
  #rounds = 0;
  readonly #ancilla: AncillaFilter | undefined;
  readonly #presence = new Float64Array(REGIME_COUNT * CONTEXTS);
  readonly #losses = new Float64Array(STATES);

  /**
   * Starts with equal weights.
   *
   * @param options.experts - N in [1, 16].
   * @param options.learningRate - η in [1e-9, 8]; at most 1/2 for the first-order form.
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor(options: { experts: number; learningRate: number; form: UpdateForm }) {
    const { experts, learningRate, form } = options;
    const code = 'INVALID_OPTION';
    this.experts = requireInteger(experts, 'experts', EXPERTS_RANGE, code);
    if (!FORMS.includes(form)) {
      throw new LearningError(code, `form is ${String(form)}, not one of ${FORMS.join(', ')}`);
    }
    this.form = form;
    const range = form === 'first-order' ? FIRST_ORDER_RATE_RANGE : LEARNING_RATE_RANGE;
    this.learningRate = requireNumber(learningRate, 'learningRate', range, code);
    this.#ancilla = form === 'ancilla' ? new AncillaFilter(LEARNING_QUBITS) : undefined;
    const amplitude = Math.sqrt(1 / (REGIME_COUNT * CONTEXTS * experts));
    for (let i = 0; i < STATES; i += 1) {
      this.#amplitudes[i] = expertOf(i) < experts ? amplitude : 0;
    }
  }

  /** Rounds in which somebody was awake. */
  get rounds(): number {
    return this.#rounds;
  }

  /** A copy of ψ: 256 numbers ≥ 0, exactly 0 on basis states without an expert. */
  get amplitudes(): Float64Array {
    return this.#amplitudes.slice();
  }

  /**
   * The weights of the experts at one presence: N numbers ≥ 0 with sum 1. O(256).
   *
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_MEMBERSHIPS`
   */
  weights(presence: Presence): Float64Array {
    this.#enter(presence);
    return this.#weights();
  }

  /**
   * Learns from one round. When everyone sleeps nothing changes, and neither does it on an error.
   * O(256).
   *
   * @param losses - one per expert, in [0, 1] where awake; the entry of a sleeping one is not read.
   * @param awake - one per expert.
   * @param share - α in [0, 1/2]: the part of a fully present cell's weight that its experts share
   *   equally after the round; 0 for plain Hedge.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_LOSS`, `INVALID_MEMBERSHIPS`,
   *   `INVALID_OPTION`
   * @throws {TypeError} when an entry of `awake` is not a boolean
   */
  update(
    losses: ArrayLike<number>,
    awake: ArrayLike<boolean>,
    presence: Presence,
    share: number,
  ): void {
    requireLength(losses, 'losses', this.experts);
    requireLength(awake, 'awake', this.experts);
    requireNumber(share, 'share', SHARE_RANGE, 'INVALID_OPTION');
    let anyoneAwake = false;
    for (let e = 0; e < this.experts; e += 1) {
      if (!requireBoolean(awake[e], 'an entry of awake')) continue;
      requireEntry(losses, e, 'losses', LOSS_RANGE, 'INVALID_LOSS');
      anyoneAwake = true;
    }
    this.#enter(presence);
    if (!anyoneAwake) return;
    this.#gradeLosses(losses, awake);
    const updated = this.#step();
    normalise(updated, this.experts);
    if (share > 0) this.#share(updated, share);
    this.#spare = this.#amplitudes;
    this.#amplitudes = updated;
    this.#rounds += 1;
  }

  snapshot(): ExperienceRegisterSnapshot {
    return {
      experts: this.experts,
      learningRate: this.learningRate,
      form: this.form,
      rounds: this.#rounds,
      amplitudes: this.amplitudes,
    };
  }

  /**
   * A register that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: ExperienceRegisterSnapshot): ExperienceRegister {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const form = FORMS.find((name) => name === fields.form);
    if (form === undefined) throw new LearningError(code, 'form is not one of the update forms');
    const range = form === 'first-order' ? FIRST_ORDER_RATE_RANGE : LEARNING_RATE_RANGE;
    const register = new ExperienceRegister({
      experts: requireInteger(fields.experts, 'experts', EXPERTS_RANGE, code),
      learningRate: requireNumber(fields.learningRate, 'learningRate', range, code),
      form,
    });
    register.#rounds = requireInteger(fields.rounds, 'rounds', ROUNDS_RANGE, code);
    const amplitudes = restoredArray(fields.amplitudes, 'amplitudes', STATES, {
      min: 0,
      max: 1 + STORED_NORM_TOLERANCE,
    });
    requireReachable(amplitudes, register.experts);
    register.#amplitudes = amplitudes;
    return register;
  }

  [Symbol.dispose](): void {
    this.#ancilla?.[Symbol.dispose]();
  }

  /** Checks a presence and writes regime share × context share per cell, regime + 4·context. */
  #enter({ regimes, contexts }: Presence): void {
    requireMemberships(regimes);
    requireMemberships(contexts);
    for (let cell = 0; cell < this.#presence.length; cell += 1) {
      this.#presence[cell] = regimes[cell & 3] * contexts[cell >> 2];
    }
  }

  #weights(): Float64Array {
    const weights = new Float64Array(this.experts);
    let total = 0;
    for (let cell = 0; cell < this.#presence.length; cell += 1) {
      const present = this.#presence[cell];
      if (present === 0) continue;
      const first = firstOf(cell);
      for (let e = 0; e < this.experts; e += 1) {
        const amplitude = this.#amplitudes[first + 4 * e];
        weights[e] += present * amplitude * amplitude;
        total += present * amplitude * amplitude;
      }
    }
    for (let e = 0; e < this.experts; e += 1) weights[e] /= total;
    return weights;
  }

  /** Fills #losses with I·ℓ + (1 − I)·M. */
  #gradeLosses(losses: ArrayLike<number>, awake: ArrayLike<boolean>): void {
    const weights = this.#weights();
    let heaviest = -1;
    let total = 0;
    for (let e = 0; e < this.experts; e += 1) {
      if (!awake[e]) continue;
      total += weights[e];
      if (heaviest < 0 || weights[e] > weights[heaviest]) heaviest = e;
    }
    // As in `effectiveLosses`: relative to the heaviest expert's loss, so that nothing cancels.
    const reference = losses[heaviest];
    let growth = 0;
    for (let e = 0; e < this.experts; e += 1) {
      if (!awake[e]) continue;
      growth += (weights[e] / total) * expm1(this.learningRate * (reference - losses[e]));
    }
    const mixLoss = Math.min(1, Math.max(0, reference - log1p(growth) / this.learningRate));
    this.#losses.fill(mixLoss);
    for (let cell = 0; cell < this.#presence.length; cell += 1) {
      const present = this.#presence[cell];
      if (present === 0) continue;
      const first = firstOf(cell);
      for (let e = 0; e < this.experts; e += 1) {
        if (!awake[e]) continue;
        const graded = present * losses[e] + (1 - present) * mixLoss;
        this.#losses[first + 4 * e] = Math.min(1, graded);
      }
    }
  }

  #step(): Float64Array {
    if (this.#ancilla !== undefined) {
      return this.#ancilla.apply(this.#amplitudes, this.#losses, this.learningRate).amplitudes;
    }
    const turn =
      this.form === 'rotation'
        ? exactRotation(this.#amplitudes, this.#losses, this.learningRate, this.#turned)
        : generatedRotation(this.#amplitudes, this.#losses, this.learningRate);
    return applyRotation(this.#amplitudes, turn, this.#spare);
  }

  /** w ← (1 − αI)w + αI·W/N within each cell, W being the weight of the cell. */
  #share(amplitudes: Float64Array, share: number): void {
    for (let cell = 0; cell < this.#presence.length; cell += 1) {
      const part = share * this.#presence[cell];
      if (part === 0) continue;
      const first = firstOf(cell);
      let weight = 0;
      for (let e = 0; e < this.experts; e += 1) {
        weight += amplitudes[first + 4 * e] * amplitudes[first + 4 * e];
      }
      const each = (part * weight) / this.experts;
      for (let e = 0; e < this.experts; e += 1) {
        const amplitude = amplitudes[first + 4 * e];
        amplitudes[first + 4 * e] = Math.sqrt((1 - part) * amplitude * amplitude + each);
      }
    }
  }
}

function expertOf(state: number): number {
  return (state >> 2) & (EXPERT_SLOTS - 1);
}

/** The state of expert 0 in a cell; the next expert's is 4 further on. */
function firstOf(cell: number): number {
  return (cell & 3) + 64 * (cell >> 2);
}

function normalise(amplitudes: Float64Array, experts: number): void {
  let squares = 0;
  for (let i = 0; i < STATES; i += 1) squares += amplitudes[i] * amplitudes[i];
  const norm = Math.sqrt(squares);
  for (let i = 0; i < STATES; i += 1) {
    if (expertOf(i) < experts) {
      amplitudes[i] = Math.max(amplitudes[i] / norm, SMALLEST_AMPLITUDE);
    }
  }
}

function requireReachable(amplitudes: Float64Array, experts: number): void {
  let squares = 0;
  for (let i = 0; i < STATES; i += 1) {
    const used = expertOf(i) < experts;
    if (used ? amplitudes[i] < SMALLEST_AMPLITUDE : !Object.is(amplitudes[i], 0)) {
      const message = `amplitudes[${i}] is ${amplitudes[i]}, which no update leaves there`;
      throw new LearningError('INVALID_SNAPSHOT', message);
    }
    squares += amplitudes[i] * amplitudes[i];
  }
  if (Math.abs(squares - 1) > STORED_NORM_TOLERANCE) {
    const message = `the squared amplitudes sum to ${squares}, not to 1`;
    throw new LearningError('INVALID_SNAPSHOT', message);
  }
}
