import { coherentRotation, effectiveLosses, LEARNING_RATE_RANGE } from './coherent-update.ts';
import { LearningError } from './errors.ts';
import { applyRotation } from './plane-rotation.ts';
import { registerDimension, requireInteger, requireNumber } from './validation.ts';
import { restoredArray, snapshotFields, type Range } from './validation.ts';

/** The whole state of an `ExpertLearner`. */
export interface LearnerSnapshot {
  readonly experts: number;
  readonly learningRate: number;
  /** Rounds in which somebody was awake. */
  readonly rounds: number;
  /** ψ over 2^k ≥ experts basis states; the unused ones are 0. */
  readonly amplitudes: Float64Array;
}

/** As many as a register of 15 qubits holds. */
const EXPERTS_RANGE: Range = { min: 1, max: 32_768 };

/**
 * No expert's amplitude falls below 2^−500, where it is 693/η behind in loss. Without a floor it
 * would underflow at 1490/η and never come back. The floor only ever adds weight, N·2^−1000 a round
 * at most, so the regret bound keeps its value.
 */
const SMALLEST_AMPLITUDE = 3.054936363499605e-151;

/** Rounding in the norm of a stored state, which is divided by its norm after every round. */
const STORED_NORM_TOLERANCE = 1e-12;

const SHARE_RANGE: Range = { min: 0, max: 0.5 };

/**
 * Learns online which experts to trust. The state is a real vector ψ whose Born weights are the
 * experts' weights; one round of losses rotates it by `coherentRotation`, so the weights are those
 * of Hedge: with losses in [0, 1], Σ_t⟨w_t, ℓ_t⟩ ≤ min_i Σ_t ℓ_t,i + ln N/η + ηT/8 after every
 * round T. An expert that abstained keeps its weight.
 *
 * An update may also share a part α of all weight equally, so that the best expert may change: with
 * m changes the regret to the sequence is at most the bound above plus m·ln(N/α)/η and
 * ln(1/(1 − α))/η a round.
 *
 * After each rotation ψ is divided by its norm, and amplitudes below 2^−500 are raised to it. The
 * weights therefore equal those of Hedge as long as none has fallen to 2^−1000.
 *
 * @see Freund & Schapire (1997), A decision-theoretic generalization of on-line learning; Herbster
 * &
 *   Warmuth (1998), Tracking the best expert
 */
export class ExpertLearner {
  readonly experts: number;
  readonly learningRate: number;
  #amplitudes: Float64Array;
  #rounds = 0;

  /**
   * Starts with equal weights.
   *
   * @param options - fixed for its life.
   * @param options.experts - N in [1, 32768].
   * @param options.learningRate - η in [1e-9, 8].
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor({ experts, learningRate }: { experts: number; learningRate: number }) {
    this.experts = requireInteger(experts, 'experts', EXPERTS_RANGE, 'INVALID_OPTION');
    this.learningRate = requireNumber(
      learningRate,
      'learningRate',
      LEARNING_RATE_RANGE,
      'INVALID_OPTION',
    );
    this.#amplitudes = new Float64Array(registerDimension(experts));
    this.#amplitudes.fill(Math.sqrt(1 / experts), 0, experts);
  }

  /** Rounds learned from; a round in which everyone slept is not one. */
  get rounds(): number {
    return this.#rounds;
  }

  /** A copy of ψ: 2^k ≥ experts real numbers, the unused ones exactly 0. */
  get amplitudes(): Float64Array {
    return this.#amplitudes.slice();
  }

  /** The Born weights of the experts: N new numbers > 0 whose sum is 1 up to rounding. */
  get weights(): Float64Array {
    const weights = this.#amplitudes.slice(0, this.experts);
    for (let i = 0; i < weights.length; i += 1) weights[i] *= weights[i];
    return weights;
  }

  /**
   * Learns from one round. When everyone sleeps nothing changes, and neither does it on an error.
   * O(2^k).
   *
   * @param losses - one per expert, in [0, 1] where awake; the entry of a sleeping one is not read.
   * @param awake - one per expert; false for an expert that abstained.
   * @param share - α in [0, 1/2]; 0 if not given, which is plain Hedge.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_LOSS`, `INVALID_OPTION`
   * @throws {TypeError} when an entry of `awake` is not a boolean
   */
  update(losses: ArrayLike<number>, awake: ArrayLike<boolean>, share = 0): void {
    requireNumber(share, 'share', SHARE_RANGE, 'INVALID_OPTION');
    const effective = effectiveLosses(this.weights, losses, awake, this.learningRate);
    if (effective === undefined) return;
    const padded = new Float64Array(this.#amplitudes.length);
    padded.set(effective);
    const rotation = coherentRotation(this.#amplitudes, padded, this.learningRate);
    const rotated = applyRotation(this.#amplitudes, rotation);
    normalise(rotated, this.experts);
    if (share > 0) shareEqually(rotated, this.experts, share);
    this.#amplitudes = rotated;
    this.#rounds += 1;
  }

  snapshot(): LearnerSnapshot {
    return {
      experts: this.experts,
      learningRate: this.learningRate,
      rounds: this.#rounds,
      amplitudes: this.amplitudes,
    };
  }

  /**
   * A learner that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT` for anything that `snapshot` could not have returned
   */
  static restore(snapshot: LearnerSnapshot): ExpertLearner {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const learner = new ExpertLearner({
      experts: requireInteger(fields.experts, 'experts', EXPERTS_RANGE, code),
      learningRate: requireNumber(fields.learningRate, 'learningRate', LEARNING_RATE_RANGE, code),
    });
    const roundsRange = { min: 0, max: Number.MAX_SAFE_INTEGER };
    learner.#rounds = requireInteger(fields.rounds, 'rounds', roundsRange, code);
    const dimension = learner.#amplitudes.length;
    const amplitudes = restoredArray(fields.amplitudes, 'amplitudes', dimension, {
      min: 0,
      max: 1 + STORED_NORM_TOLERANCE,
    });
    requireReachable(amplitudes, learner.experts);
    learner.#amplitudes = amplitudes;
    return learner;
  }
}

function normalise(amplitudes: Float64Array, experts: number): void {
  const norm = Math.sqrt(sumOfSquares(amplitudes));
  for (let i = 0; i < experts; i += 1) {
    amplitudes[i] = Math.max(amplitudes[i] / norm, SMALLEST_AMPLITUDE);
  }
}

/** w ← (1 − α)w + α/N. */
function shareEqually(amplitudes: Float64Array, experts: number, share: number): void {
  for (let i = 0; i < experts; i += 1) {
    amplitudes[i] = Math.sqrt((1 - share) * amplitudes[i] * amplitudes[i] + share / experts);
  }
}

function requireReachable(amplitudes: Float64Array, experts: number): void {
  const invalid = (message: string) => new LearningError('INVALID_SNAPSHOT', message);
  for (let i = 0; i < amplitudes.length; i += 1) {
    if (i < experts ? amplitudes[i] < SMALLEST_AMPLITUDE : !Object.is(amplitudes[i], 0)) {
      throw invalid(`amplitudes[${i}] is ${amplitudes[i]}, which no update leaves there`);
    }
  }
  const squares = sumOfSquares(amplitudes);
  if (Math.abs(squares - 1) > STORED_NORM_TOLERANCE) {
    throw invalid(`the squared amplitudes sum to ${squares}, not to 1`);
  }
}

function sumOfSquares(amplitudes: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < amplitudes.length; i += 1) squares += amplitudes[i] * amplitudes[i];
  return squares;
}
