import { atan2 } from '@sema/simulator/elementary';
import { LearningError } from './errors.ts';
import {
  applyRotation,
  rotationUnitary,
  scaleToUnit,
  type PlaneRotation,
} from './plane-rotation.ts';
import { REGIMES, type Regime } from './regimes.ts';
import { applyRiskSuppression, riskSuppressionUnitary } from './risk-suppression.ts';
import {
  registerDimension,
  requireBoolean,
  requireInteger,
  requireUnitVector,
  snapshotFields,
  type Range,
} from './validation.ts';

/** What a regime remembers of its outcomes. */
export interface FeedbackMemory {
  /** Outcomes kept per action. */
  readonly depth: number;
  /** Weight of an outcome relative to the next newer one of the same action. */
  readonly coherence: number;
}

/** The wilder the market, the shorter and the fainter the memory: coherence^depth is 3 to 8 %. */
export const FEEDBACK_MEMORY: Readonly<Record<Regime, FeedbackMemory>> = {
  stable: { depth: 50, coherence: 0.95 },
  trending: { depth: 20, coherence: 0.85 },
  volatile: { depth: 10, coherence: 0.7 },
  crisis: { depth: 5, coherence: 0.5 },
};

/** The whole state of a `FeedbackOperator`. */
export interface FeedbackSnapshot {
  readonly regime: Regime;
  readonly actions: number;
  /** The actions that are risky, ascending; none but in a crisis. */
  readonly risky: readonly number[];
  /** Per action its outcomes, oldest first, at most `depth`: true where it succeeded. */
  readonly outcomes: readonly (readonly boolean[])[];
}

/** A state divided by its norm, and the rotation made for it. */
interface Turn {
  readonly unit: Float64Array;
  readonly norm: number;
  readonly rotation: PlaneRotation;
}

/** A register of 6 qubits holds 64 actions; its operator is a 64 × 64 matrix. */
const ACTIONS_RANGE: Range = { min: 2, max: 64 };

/** Evidence per action at which half of the angle is turned: the weight of the present state. */
const EVIDENCE_FOR_HALF = 20;

/** Evidence per risky action at which risk is suppressed with half of its failure rate. */
const RISK_EVIDENCE_FOR_HALF = 2;

/**
 * Turns an action state towards what succeeded before in one regime.
 *
 * The memory holds the last `depth` outcomes of each action; the k-th newest counts coherence^k.
 * With s of n counts a success, the success rate is (s + 1)/(n + 2), the mean of a Beta posterior
 * with a uniform prior, and the success pattern is |p⟩ = Σ √(rate_a / Σ rate)|a⟩. The operator
 * rotates the present state |s⟩ towards |p⟩ inside span{s, p} by `gain` times the angle between
 * them. The gain is n̄/(n̄ + 20) with n̄ the mean of n over the actions: 0 without history, and at
 * most 0.480 stable, 0.243 trending, 0.140 volatile and 0.089 crisis. The angle between two real
 * states is at most π/2, so in a crisis the state turns by 0.14 rad at the most.
 *
 * In a crisis `applyRiskSuppression` follows, if actions were named risky. Its strength is the
 * share of failures among their outcomes, times n̄/(n̄ + 2) with n̄ their mean evidence: 0 without
 * history, and at most 0.492.
 */
export class FeedbackOperator {
  readonly regime: Regime;
  readonly actions: number;
  /** Basis states of the action register: the least power of two ≥ actions. */
  readonly dimension: number;
  /** The actions that are risky, ascending. */
  readonly risky: readonly number[];
  readonly #memory: FeedbackMemory;
  readonly #marks: readonly boolean[];
  readonly #outcomes: boolean[][] = [];
  readonly #successes: Float64Array;
  readonly #observations: Float64Array;

  /**
   * @param options.regime - whose memory depth and coherence apply.
   * @param options.actions - how many actions there are, in [2, 64].
   * @param options.risky - which of them to hold back in a crisis; only a crisis may name any.
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor(options: { regime: Regime; actions: number; risky?: readonly number[] }) {
    const { regime, actions, risky = [] } = options;
    if (!REGIMES.includes(regime)) {
      throw new LearningError('INVALID_OPTION', `regime is ${String(regime)}, not one of REGIMES`);
    }
    this.regime = regime;
    this.actions = requireInteger(actions, 'actions', ACTIONS_RANGE, 'INVALID_OPTION');
    this.dimension = registerDimension(actions);
    this.risky = checkedRisky(regime, actions, risky);
    this.#marks = Array.from({ length: this.dimension }, (_, a) => this.risky.includes(a));
    this.#memory = FEEDBACK_MEMORY[regime];
    for (let action = 0; action < actions; action += 1) this.#outcomes.push([]);
    this.#successes = new Float64Array(actions);
    this.#observations = new Float64Array(actions);
  }

  /** The fraction of the angle that is turned, in [0, 1/2): n̄/(n̄ + 20). */
  get gain(): number {
    let observations = 0;
    for (let a = 0; a < this.actions; a += 1) observations += this.#observations[a];
    const evidence = observations / this.actions;
    return evidence / (evidence + EVIDENCE_FOR_HALF);
  }

  /** How strongly risky actions are held back, in [0, 1/2): 0 outside a crisis. */
  get suppression(): number {
    let observations = 0;
    let successes = 0;
    for (const action of this.risky) {
      observations += this.#observations[action];
      successes += this.#successes[action];
    }
    if (observations === 0) return 0;
    const evidence = observations / this.risky.length;
    const failures = 1 - successes / observations;
    return failures * (evidence / (evidence + RISK_EVIDENCE_FOR_HALF));
  }

  /** The success pattern |p⟩: `dimension` numbers, 0 on basis states that are no action. */
  get pattern(): Float64Array {
    const pattern = new Float64Array(this.dimension);
    let total = 0;
    for (let action = 0; action < this.actions; action += 1) {
      const rate = (this.#successes[action] + 1) / (this.#observations[action] + 2);
      pattern[action] = rate;
      total += rate;
    }
    for (let a = 0; a < this.actions; a += 1) pattern[a] = Math.sqrt(pattern[a] / total);
    return pattern;
  }

  /**
   * Remembers how an action turned out, forgetting the oldest outcome beyond `depth`. O(depth).
   *
   * @throws {LearningError} `INDEX_OUT_OF_RANGE`
   * @throws {TypeError} when `succeeded` is not a boolean
   */
  record(action: number, succeeded: boolean): void {
    const range = { min: 0, max: this.actions - 1 };
    requireInteger(action, 'action', range, 'INDEX_OUT_OF_RANGE');
    const outcomes = this.#outcomes[action];
    outcomes.push(requireBoolean(succeeded, 'succeeded'));
    if (outcomes.length > this.#memory.depth) outcomes.shift();
    // Summed anew, so that the counts are a function of the outcomes kept and of nothing else.
    let successes = 0;
    let observations = 0;
    for (const success of outcomes) {
      successes = successes * this.#memory.coherence + (success ? 1 : 0);
      observations = observations * this.#memory.coherence + 1;
    }
    this.#successes[action] = successes;
    this.#observations[action] = observations;
  }

  /**
   * The unitary that turns this state towards the success pattern; exactly the identity without
   * history. It is made for the state given, which must therefore be known. O(4^k).
   *
   * @param amplitudes - `dimension` real numbers with norm 1 ± 1e-9.
   * @returns a unitary matrix over the k qubits of the register, row-major, interleaved re/im, as
   *   `Circuit.unitary` takes it; real but for the suppression of risk.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`
   */
  operator(amplitudes: ArrayLike<number>): Float64Array {
    const { unit, rotation } = this.#turn(amplitudes);
    const turn = rotationUnitary(unit, rotation);
    const strength = this.suppression;
    if (strength === 0) return turn;
    const suppression = { amplitudes: applyRotation(unit, rotation), risky: this.#marks, strength };
    return complexTimesReal(riskSuppressionUnitary(suppression), turn, this.dimension);
  }

  /**
   * The state that `operator` makes of these amplitudes, without the matrix. O(2^k).
   *
   * @param amplitudes - `dimension` real numbers with norm 1 ± 1e-9.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`
   */
  apply(amplitudes: ArrayLike<number>): Float64Array {
    const { unit, norm, rotation } = this.#turn(amplitudes);
    const strength = this.suppression;
    if (rotation.angle === 0 && strength === 0) return Float64Array.from(amplitudes);
    const turned = applyRotation(unit, rotation);
    if (strength > 0) {
      const state = { real: turned, imaginary: new Float64Array(turned.length) };
      const suppression = { amplitudes: turned.slice(), risky: this.#marks, strength };
      applyRiskSuppression(state, suppression);
    }
    for (let i = 0; i < turned.length; i += 1) turned[i] *= norm;
    return turned;
  }

  snapshot(): FeedbackSnapshot {
    return {
      regime: this.regime,
      actions: this.actions,
      risky: [...this.risky],
      outcomes: this.#outcomes.map((outcomes) => [...outcomes]),
    };
  }

  /**
   * An operator that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: FeedbackSnapshot): FeedbackOperator {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const regime = REGIMES.find((name) => name === fields.regime);
    if (regime === undefined) throw new LearningError(code, 'regime is not one of REGIMES');
    const actions = requireInteger(fields.actions, 'actions', ACTIONS_RANGE, code);
    const operator = restoredEmpty(regime, actions, fields.risky);
    const { depth } = FEEDBACK_MEMORY[regime];
    const lists: unknown = fields.outcomes;
    if (!Array.isArray(lists) || lists.length !== actions) {
      throw new LearningError(code, `outcomes is not a list of ${actions} lists`);
    }
    for (let action = 0; action < actions; action += 1) {
      for (const outcome of storedOutcomes(lists[action], action, depth)) {
        operator.record(action, outcome);
      }
    }
    return operator;
  }

  /** The state scaled to norm 1 and the rotation that carries it towards the pattern. */
  #turn(amplitudes: ArrayLike<number>): Turn {
    const norm = requireUnitVector(amplitudes, this.dimension);
    const unit = new Float64Array(this.dimension);
    for (let i = 0; i < this.dimension; i += 1) unit[i] = amplitudes[i] / norm;
    const target = this.pattern;
    // |p⟩ and −|p⟩ are the same state; the nearer of the two is meant.
    if (innerProduct(unit, target) < 0) for (let i = 0; i < target.length; i += 1) target[i] *= -1;
    const overlap = innerProduct(unit, target);
    for (let i = 0; i < target.length; i += 1) target[i] -= overlap * unit[i];
    const distance = scaleToUnit(target);
    return { unit, norm, rotation: { angle: this.gain * atan2(distance, overlap), axis: target } };
  }
}

function checkedRisky(
  regime: Regime,
  actions: number,
  risky: readonly number[],
): readonly number[] {
  const sorted = [...risky].sort((a, b) => a - b);
  sorted.forEach((action, k) => {
    requireInteger(action, 'a risky action', { min: 0, max: actions - 1 }, 'INVALID_OPTION');
    if (action === sorted[k - 1]) {
      throw new LearningError('INVALID_OPTION', `action ${action} is named risky twice`);
    }
  });
  if (sorted.length > 0 && regime !== 'crisis') {
    throw new LearningError('INVALID_OPTION', `${regime} holds no action back, only crisis does`);
  }
  return sorted;
}

function restoredEmpty(regime: Regime, actions: number, risky: unknown): FeedbackOperator {
  const isList = Array.isArray(risky) && risky.every((action) => typeof action === 'number');
  if (!isList) throw new LearningError('INVALID_SNAPSHOT', 'risky is not a list of numbers');
  try {
    return new FeedbackOperator({ regime, actions, risky });
  } catch (cause) {
    throw new LearningError('INVALID_SNAPSHOT', 'risky does not fit the regime', { cause });
  }
}

/** A·B of d × d matrices, interleaved re/im, where B is real. */
function complexTimesReal(a: Float64Array, b: Float64Array, dimension: number): Float64Array {
  const product = new Float64Array(a.length);
  for (let row = 0; row < dimension; row += 1) {
    for (let k = 0; k < dimension; k += 1) {
      const left = 2 * (row * dimension + k);
      for (let column = 0; column < dimension; column += 1) {
        const right = b[2 * (k * dimension + column)];
        product[2 * (row * dimension + column)] += a[left] * right;
        product[2 * (row * dimension + column) + 1] += a[left + 1] * right;
      }
    }
  }
  return product;
}

function storedOutcomes(list: unknown, action: number, depth: number): boolean[] {
  const outcomes: boolean[] = [];
  if (Array.isArray(list) && list.length <= depth) {
    for (const outcome of list) if (typeof outcome === 'boolean') outcomes.push(outcome);
    if (outcomes.length === list.length) return outcomes;
  }
  throw new LearningError(
    'INVALID_SNAPSHOT',
    `outcomes[${action}] is not a list of at most ${depth} booleans`,
  );
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
