import { mulberry32, type RandomSource } from '@sema/simulator';
import { LearningError } from './errors.ts';
import {
  requireEntry,
  requireInteger,
  requireLength,
  restoredArray,
  snapshotFields,
} from './validation.ts';
import type { Range } from './validation.ts';

/** The whole state of an `ExperienceReservoir`. */
export interface ReservoirSnapshot {
  readonly capacity: number;
  readonly width: number;
  /** Where the random sequence goes on. */
  readonly random: number;
  readonly count: number;
  /** The rows one after another, capacity × width numbers, 0 where there is none yet. */
  readonly rows: Float64Array;
}

const CAPACITY_RANGE: Range = { min: 1, max: 65_536 };
const WIDTH_RANGE: Range = { min: 1, max: 256 };
const SEED_RANGE: Range = { min: 0, max: 4_294_967_295 };
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/**
 * A sample of experience in bounded memory that prefers the recent. While there is room each row is
 * kept; after that a new row takes the place of one drawn evenly, so that an experience is still
 * there after n more with probability (1 − 1/capacity)^n: its age is `capacity` in the mean.
 *
 * @see Aggarwal (2006), On biased reservoir sampling in the presence of stream evolution
 */
export class ExperienceReservoir {
  readonly capacity: number;
  readonly width: number;
  readonly #random: RandomSource & { readonly state: number };
  #rows: Float64Array;
  #count = 0;

  /**
   * @param options - fixed for its life.
   * @param options.capacity - rows kept at most, in [1, 65536].
   * @param options.width - numbers in a row, in [1, 256].
   * @param options.seed - of the draws, an integer in [0, 2^32).
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor({ capacity, width, seed }: { capacity: number; width: number; seed: number }) {
    const code = 'INVALID_OPTION';
    this.capacity = requireInteger(capacity, 'capacity', CAPACITY_RANGE, code);
    this.width = requireInteger(width, 'width', WIDTH_RANGE, code);
    this.#random = mulberry32(requireInteger(seed, 'seed', SEED_RANGE, code));
    this.#rows = new Float64Array(capacity * width);
  }

  /** Rows held. */
  get count(): number {
    return this.#count;
  }

  /** A draw from the reservoir's own sequence, uniform in [0, 1). */
  draw(): number {
    return this.#random.next();
  }

  /**
   * Takes a row in. O(width).
   *
   * @param row - `width` finite numbers.
   * @returns where it was put, in [0, capacity).
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_SERIES`
   */
  offer(row: ArrayLike<number>): number {
    requireLength(row, 'row', this.width);
    for (let i = 0; i < this.width; i += 1) requireEntry(row, i, 'row', FINITE, 'INVALID_SERIES');
    const full = this.#count === this.capacity;
    const place = full ? Math.floor(this.#random.next() * this.capacity) : this.#count;
    this.#rows.set(Float64Array.from(row), place * this.width);
    if (!full) this.#count += 1;
    return place;
  }

  /**
   * A view of one row; it changes when the row does, and the caller may change its entries.
   *
   * @throws {LearningError} `INDEX_OUT_OF_RANGE`
   */
  row(place: number): Float64Array {
    const range = { min: 0, max: this.#count - 1 };
    requireInteger(place, 'place', range, 'INDEX_OUT_OF_RANGE');
    return this.#rows.subarray(place * this.width, (place + 1) * this.width);
  }

  /** One number of a row that is held; neither is checked. */
  entry(place: number, column: number): number {
    return this.#rows[place * this.width + column];
  }

  snapshot(): ReservoirSnapshot {
    return {
      capacity: this.capacity,
      width: this.width,
      random: this.#random.state,
      count: this.#count,
      rows: this.#rows.slice(),
    };
  }

  /**
   * A reservoir that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: ReservoirSnapshot): ExperienceReservoir {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const capacity = requireInteger(fields.capacity, 'capacity', CAPACITY_RANGE, code);
    const width = requireInteger(fields.width, 'width', WIDTH_RANGE, code);
    const seed = requireInteger(fields.random, 'random', SEED_RANGE, code);
    const reservoir = new ExperienceReservoir({ capacity, width, seed });
    reservoir.#count = requireInteger(fields.count, 'count', { min: 0, max: capacity }, code);
    reservoir.#rows = restoredArray(fields.rows, 'rows', capacity * width, FINITE);
    for (let i = reservoir.#count * width; i < reservoir.#rows.length; i += 1) {
      if (reservoir.#rows[i] !== 0) throw new LearningError(code, `rows[${i}] is beyond the count`);
    }
    return reservoir;
  }
}
