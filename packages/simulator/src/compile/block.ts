import type { Numbers } from './precision.ts';

/**
 * Where a program's numbers lie in memory: views of all of it, and the byte at which they begin.
 */
export class Block {
  readonly base: number;
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array | Float32Array;
  readonly #numberBytes: number;

  constructor(buffer: ArrayBuffer, base: number, numbers: Numbers) {
    this.base = base;
    this.#doubles = new Float64Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#numbers = numbers.precision === 'f64' ? this.#doubles : new Float32Array(buffer);
    this.#numberBytes = numbers.bytes;
  }

  /** Writes a number of the state's precision as the index-th from `offset`. */
  number(offset: number, index: number, value: number): void {
    this.#numbers[(this.base + offset) / this.#numberBytes + index] = value;
  }

  double(offset: number, index: number, value: number): void {
    this.#doubles[(this.base + offset) / 8 + index] = value;
  }

  word(offset: number, index: number, value: number): void {
    this.#words[(this.base + offset) / 4 + index] = value;
  }
}

/** Something of a plan that has to be written before it runs. */
export interface Binding {
  /** Whether it depends on parameters, and so has to be written again when they change. */
  readonly isVariable: boolean;
  write(block: Block, angles: Angles): void;
}

/**
 * What each step of a program is bound to, by step number: of a phase the angle, of a rotation half
 * of it.
 */
export interface Angles {
  cosine(step: number): number;
  sine(step: number): number;
  /** Of a matrix or a table, as `entriesOf` has them. */
  entries(step: number): Float64Array;
}

/** Hands out places in a block of memory, one after another. */
export class Layout {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  reserve(bytes: number): number {
    const offset = this.#bytes;
    this.#bytes = Math.ceil((offset + bytes) / 16) * 16;
    return offset;
  }
}
