import { exp } from '@sema/simulator/elementary';
import type { ExperienceOperator } from './experience-operator.ts';
import { symmetricSpectrum } from './symmetric-spectrum.ts';
import { requireInteger, requireNumber, restoredArray, snapshotFields } from './validation.ts';
import type { Range } from './validation.ts';
import { LearningError } from './errors.ts';

/** The whole state of a `MatrixLearner`. */
export interface MatrixLearnerSnapshot {
  readonly dimension: number;
  readonly learningRate: number;
  readonly rounds: number;
  /** Σ H, row-major, symmetric. */
  readonly experience: Float64Array;
}

/** Jacobi takes seconds beyond this. */
const DIMENSION_RANGE: Range = { min: 1, max: 64 };
/** The bound needs e^{−x} ≤ 1 − x + x² for |x| ≤ η. */
const RATE_RANGE: Range = { min: 1e-9, max: 1 };
const ROUNDS_RANGE: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };
/** Rounding in the row sums of an operator whose norm is meant to be 1. */
const NORM_RANGE: Range = { min: 0, max: 1 + 1e-12 };

/**
 * Matrix multiplicative weights, for experience whose operators do not commute: after operators
 * H_1 … H_T the state is ρ = e^{−ηΣH}/Tr e^{−ηΣH}, and with ‖H_t‖ ≤ 1
 * Σ Tr(H_t ρ_t) ≤ λ_min(ΣH_t) + ηT + ln d/η after every round. With diagonal operators it is Hedge.
 *
 * @see Tsuda, Rätsch & Warmuth (2005); Arora & Kale (2007)
 */
export class MatrixLearner {
  readonly dimension: number;
  readonly learningRate: number;
  #experience: Float64Array;
  #state: Float64Array;
  #rounds = 0;

  /**
   * Starts maximally mixed, ρ = 1/d.
   *
   * @param options - fixed for its life.
   * @param options.dimension - d in [1, 64].
   * @param options.learningRate - η in [1e-9, 1].
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor({ dimension, learningRate }: { dimension: number; learningRate: number }) {
    const code = 'INVALID_OPTION';
    this.dimension = requireInteger(dimension, 'dimension', DIMENSION_RANGE, code);
    this.learningRate = requireNumber(learningRate, 'learningRate', RATE_RANGE, code);
    this.#experience = new Float64Array(dimension * dimension);
    this.#state = gibbsState(this.#experience, dimension);
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** A copy of ρ, row-major, real and symmetric with trace 1. */
  get state(): Float64Array {
    return this.#state.slice();
  }

  /** The Born weights in the experts' basis: the diagonal of ρ. */
  get weights(): Float64Array {
    return diagonal(this.#state, this.dimension);
  }

  /** Tr(Hρ), the loss the present state expects of an operator. O(d²). */
  expectedLoss(operator: ExperienceOperator): number {
    this.#require(operator);
    let loss = 0;
    for (let row = 0; row < this.dimension; row += 1) {
      for (let column = 0; column < this.dimension; column += 1) {
        loss += operator.entry(row, column) * this.#state[row * this.dimension + column];
      }
    }
    return loss;
  }

  /** λ_min(ΣH), the loss of the best fixed state in hindsight. O(d³). */
  bestLoss(): number {
    let least = Infinity;
    for (const value of symmetricSpectrum(this.#experience, this.dimension).values) {
      least = Math.min(least, value);
    }
    return least;
  }

  /**
   * Learns from one operator. O(d³).
   *
   * @param operator - of this dimension, its `normBound` at most 1.
   * @throws {LearningError} `INVALID_OPERATOR`
   */
  update(operator: ExperienceOperator): void {
    this.#require(operator);
    operator.addTo(this.#experience);
    this.#rounds += 1;
    this.#renew();
  }

  snapshot(): MatrixLearnerSnapshot {
    return {
      dimension: this.dimension,
      learningRate: this.learningRate,
      rounds: this.#rounds,
      experience: this.#experience.slice(),
    };
  }

  /**
   * A learner that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: MatrixLearnerSnapshot): MatrixLearner {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const dimension = requireInteger(fields.dimension, 'dimension', DIMENSION_RANGE, code);
    const learningRate = requireNumber(fields.learningRate, 'learningRate', RATE_RANGE, code);
    const learner = new MatrixLearner({ dimension, learningRate });
    learner.#rounds = requireInteger(fields.rounds, 'rounds', ROUNDS_RANGE, code);
    const most = learner.#rounds * NORM_RANGE.max;
    const range = { min: -most, max: most };
    const entries = dimension * dimension;
    learner.#experience = restoredArray(fields.experience, 'experience', entries, range);
    for (let row = 0; row < dimension; row += 1) {
      for (let column = 0; column < row; column += 1) {
        const mirrored = learner.#experience[column * dimension + row];
        if (learner.#experience[row * dimension + column] === mirrored) continue;
        throw new LearningError(code, `experience is not symmetric at (${row}, ${column})`);
      }
    }
    learner.#renew();
    return learner;
  }

  #require(operator: ExperienceOperator): void {
    if (operator.dimension !== this.dimension) {
      const message = `an operator of dimension ${operator.dimension} is not ${this.dimension}`;
      throw new LearningError('INVALID_OPERATOR', message);
    }
    requireNumber(operator.normBound(), 'the norm bound', NORM_RANGE, 'INVALID_OPERATOR');
  }

  #renew(): void {
    const exponent = this.#experience.map((entry) => -this.learningRate * entry);
    this.#state = gibbsState(exponent, this.dimension);
  }
}

/**
 * e^K/Tr e^K of a real symmetric K, row-major. O(d³).
 *
 * @param exponent - d² finite numbers, symmetric.
 */
export function gibbsState(exponent: Float64Array, dimension: number): Float64Array {
  const { values, vectors } = symmetricSpectrum(exponent, dimension);
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  const shares = values.map((value) => exp(value - largest));
  let trace = 0;
  for (const share of shares) trace += share;
  const state = new Float64Array(dimension * dimension);
  for (let row = 0; row < dimension; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let entry = 0;
      for (let k = 0; k < dimension; k += 1) {
        entry +=
          (shares[k] / trace) * vectors[row * dimension + k] * vectors[column * dimension + k];
      }
      state[row * dimension + column] = state[column * dimension + row] = entry;
    }
  }
  return state;
}

/** The diagonal of a square matrix, row-major. */
export function diagonal(matrix: Float64Array, dimension: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) => matrix[i * (dimension + 1)]);
}
