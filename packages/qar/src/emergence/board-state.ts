import { QarError } from '../errors.ts';
import { BOARD_GROUPS, GROUP_OF_EXPERT } from '../transference/groups.ts';
import type { Emergence } from './emergence.ts';
import { integratedInformation } from './integrated-information.ts';
import { largestComplexity, statisticalComplexity } from './statistical-complexity.ts';
import { synchrony } from './synchrony.ts';

const PATTERNS = 1 << BOARD_GROUPS.length;
/** Decisions in a word of the majority's course. */
const WORD_LENGTH = 3;
const WORDS = 1 << WORD_LENGTH;
/** Effective decisions before anything is said, or half the memory where that is less. */
const LEAST_DECISIONS = 50;
/** Rounding of a sum that decays, relative. */
const TOLERANCE = 1e-9;

/** The whole state of a `BoardState`. */
export interface BoardStateSnapshot {
  readonly leans: readonly number[];
  readonly majority: number;
  /** Sides of the last decisions, newest in bit 0, and how many are known, at most 3. */
  readonly course: number;
  readonly known: number;
  readonly patterns: Float64Array;
  readonly words: Float64Array;
}

/**
 * What the groups of the board did at the last decisions: how often each pattern of leans occurred,
 * which is one qubit per group after dephasing, and how the majority went. Older decisions count
 * less, by 1 − 1/memory each.
 *
 * A group leans where most of its experts point, and keeps its lean while it is silent or torn. The
 * majority keeps its side in a draw.
 */
export class BoardState {
  readonly #memory: number;
  readonly #largest = largestComplexity(WORDS).value;
  readonly #leans = new Int8Array(BOARD_GROUPS.length);
  readonly #patterns = new Float64Array(PATTERNS);
  readonly #words = new Float64Array(WORDS);
  #majority = 0;
  #course = 0;
  #known = 0;

  /** @param memory - effective decisions remembered, at least 2. */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** Another of the same state, to be asked what it would say. */
  copy(): BoardState {
    return BoardState.restore(this.#memory, { ...this.snapshot() });
  }

  /**
   * Takes what every expert points at. O(1), some microseconds.
   *
   * @param directions - 1, −1 or 0 for nothing, in the order of `EXPERTS`.
   * @returns undefined until enough is remembered.
   */
  observe(directions: ArrayLike<number>): Emergence | undefined {
    this.#lean(directions);
    const leans = this.#leans;
    let pattern = 0;
    let sum = 0;
    for (let g = 0; g < leans.length; g++) {
      // A group that has never said anything leans nowhere, and there is no pattern without it.
      if (leans[g] === 0) return undefined;
      if (leans[g] > 0) pattern |= 1 << g;
      sum += leans[g];
    }
    this.#count(this.#patterns, pattern);
    if (sum !== 0) this.#majority = Math.sign(sum);
    if (this.#majority === 0) return undefined;
    this.#course = ((this.#course << 1) | (this.#majority > 0 ? 1 : 0)) & (WORDS - 1);
    this.#known = Math.min(WORD_LENGTH, this.#known + 1);
    if (this.#known < WORD_LENGTH) return undefined;
    this.#count(this.#words, this.#course);
    return this.#figures();
  }

  snapshot(): BoardStateSnapshot {
    return {
      leans: Array.from(this.#leans),
      majority: this.#majority,
      course: this.#course,
      known: this.#known,
      patterns: this.#patterns.slice(),
      words: this.#words.slice(),
    };
  }

  /**
   * A state that goes on, bit for bit, where the snapshot was taken.
   *
   * @throws {QarError} `BAD_SNAPSHOT`
   */
  static restore(memory: number, snapshot: Readonly<Record<string, unknown>>): BoardState {
    const { leans, majority, course, known } = snapshot;
    const sides = (value: unknown): boolean => value === 1 || value === -1 || value === 0;
    if (!Array.isArray(leans) || leans.length !== BOARD_GROUPS.length || !leans.every(sides)) {
      throw bad('leans');
    }
    if (!sides(majority)) throw bad('majority');
    const state = new BoardState(memory);
    state.#leans.set(leans);
    state.#majority = Number(majority);
    state.#course = index(course, WORDS - 1, 'course');
    state.#known = index(known, WORD_LENGTH, 'known');
    state.#patterns.set(counts(snapshot.patterns, PATTERNS, memory, 'patterns'));
    state.#words.set(counts(snapshot.words, WORDS, memory, 'words'));
    return state;
  }

  #lean(directions: ArrayLike<number>): void {
    const sums = new Int8Array(BOARD_GROUPS.length);
    for (let expert = 0; expert < GROUP_OF_EXPERT.length; expert++) {
      sums[GROUP_OF_EXPERT[expert]] += directions[expert];
    }
    for (let g = 0; g < sums.length; g++) if (sums[g] !== 0) this.#leans[g] = Math.sign(sums[g]);
  }

  #count(cells: Float64Array, cell: number): void {
    const keep = 1 - 1 / this.#memory;
    for (let k = 0; k < cells.length; k++) cells[k] *= keep;
    cells[cell] += 1;
  }

  #figures(): Emergence | undefined {
    if (sumOf(this.#words) < Math.min(LEAST_DECISIONS, this.#memory / 2)) return undefined;
    const integration = integratedInformation(shares(this.#patterns));
    const together = synchrony(this.#leans);
    const complexity = statisticalComplexity(shares(this.#words), this.#largest);
    const emergence = integration * together * complexity;
    return { integration, synchrony: together, complexity, emergence };
  }
}

function sumOf(cells: Float64Array): number {
  let sum = 0;
  for (const count of cells) sum += count;
  return sum;
}

function shares(cells: Float64Array): Float64Array {
  const total = sumOf(cells);
  return cells.map((count) => count / total);
}

function index(value: unknown, most: number, name: string): number {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most) return Number(value);
  throw bad(name);
}

function counts(value: unknown, cells: number, memory: number, name: string): Float64Array {
  if (!(value instanceof Float64Array) || value.length !== cells) throw bad(name);
  // Written so that a count that is no number is refused too.
  if (!value.every((count) => count >= 0)) throw bad(name);
  if (!(sumOf(value) <= memory * (1 + TOLERANCE))) throw bad(name);
  return value;
}

function bad(name: string): QarError {
  return new QarError('BAD_SNAPSHOT', `the board state has no usable ${name}`);
}
