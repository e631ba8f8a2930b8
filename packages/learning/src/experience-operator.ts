import { LearningError } from './errors.ts';
import { requireEntry, requireInteger, requireLength, requireNumber } from './validation.ts';
import type { Range } from './validation.ts';

/** Up to eight learning qubits. */
const DIMENSION_RANGE: Range = { min: 1, max: 256 };
const ENTRY_RANGE: Range = { min: -1, max: 1 };

/** The gain of one pair of basis states, i > j or i < j. */
export interface Coupling {
  readonly i: number;
  readonly j: number;
  /** Energy by which (|i⟩ + |j⟩)/√2 lies below the mean of both, in [−1, 1]. */
  readonly gain: number;
}

/**
 * What one round says, as an operator: losses on the diagonal and, off it, −gain for each coupled
 * pair, so that the expectation in (|i⟩ + |j⟩)/√2 is the mean loss of the two less their gain.
 *
 * Real and symmetric, because only one triangle is stored; and traceless, because the mean of the
 * losses is taken off and the last diagonal entry is made the exact remainder: the sum of the
 * diagonal from left to right is 0, not nearly 0. A multiple of the identity moves no weight.
 */
export class ExperienceOperator {
  readonly dimension: number;
  /** Row by row, each up to the diagonal: entry (i, j), i ≥ j, is at i(i + 1)/2 + j. */
  readonly #triangle: Float64Array;

  /**
   * @param losses - d in [1, 256] numbers in [−1, 1].
   * @param couplings - each pair at most once.
   * @throws {LearningError} `INVALID_OPERATOR`, `INDEX_OUT_OF_RANGE`
   */
  constructor(losses: ArrayLike<number>, couplings: Iterable<Coupling> = []) {
    const code = 'INVALID_OPERATOR';
    const dimension = requireInteger(losses.length, 'the dimension', DIMENSION_RANGE, code);
    this.dimension = dimension;
    this.#triangle = new Float64Array((dimension * (dimension + 1)) / 2);
    let mean = 0;
    for (let i = 0; i < dimension; i += 1) {
      mean += requireEntry(losses, i, 'losses', ENTRY_RANGE, code) / dimension;
    }
    let trace = 0;
    for (let i = 0; i < dimension; i += 1) {
      const entry = i === dimension - 1 ? 0 - trace : losses[i] - mean;
      this.#triangle[this.#at(i, i)] = entry;
      trace += entry;
    }
    for (const { i, j, gain } of couplings) {
      const range = { min: 0, max: dimension - 1 };
      requireInteger(i, 'i', range, 'INDEX_OUT_OF_RANGE');
      requireInteger(j, 'j', range, 'INDEX_OUT_OF_RANGE');
      const place = this.#at(i, j);
      if (i === j || this.#triangle[place] !== 0) {
        throw new LearningError(code, `the pair (${i}, ${j}) is no pair or is coupled twice`);
      }
      this.#triangle[place] = 0 - requireNumber(gain, 'gain', ENTRY_RANGE, code);
    }
  }

  entry(row: number, column: number): number {
    const range = { min: 0, max: this.dimension - 1 };
    requireInteger(row, 'row', range, 'INDEX_OUT_OF_RANGE');
    requireInteger(column, 'column', range, 'INDEX_OUT_OF_RANGE');
    return this.#triangle[this.#at(row, column)];
  }

  /** Adds the operator to a full symmetric matrix, row-major, d² numbers. O(d²). */
  addTo(matrix: Float64Array): void {
    const { dimension } = this;
    requireLength(matrix, 'matrix', dimension * dimension);
    for (let row = 0; row < dimension; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const entry = this.#triangle[this.#at(row, column)];
        matrix[row * dimension + column] += entry;
        if (row !== column) matrix[column * dimension + row] += entry;
      }
    }
  }

  /**
   * Largest sum of moduli in a row, which the spectral norm does not exceed (Gershgorin). O(d²).
   */
  normBound(): number {
    let largest = 0;
    for (let row = 0; row < this.dimension; row += 1) {
      let sum = 0;
      for (let column = 0; column < this.dimension; column += 1) {
        sum += Math.abs(this.#triangle[this.#at(row, column)]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  #at(row: number, column: number): number {
    return row >= column ? (row * (row + 1)) / 2 + column : (column * (column + 1)) / 2 + row;
  }
}
