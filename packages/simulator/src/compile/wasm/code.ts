import { Bytes } from './bytes.ts';
import { OP, SIMD, TYPE, type ValueType } from './opcodes.ts';

const FOUR_BYTES: readonly number[] = [OP.i32Load, OP.i32Store, OP.f32Load, OP.f32Store];

/** A local variable of the function being written, by its number. */
export type Local = number;

/** The body of one function: instructions in order, locals declared as they are needed. */
export class Code {
  readonly #bytes = new Bytes();
  readonly #locals: ValueType[] = [];
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];

  constructor(parameters: readonly ValueType[], results: readonly ValueType[] = []) {
    this.parameters = parameters;
    this.results = results;
  }

  local(type: ValueType): Local {
    return this.parameters.length + this.#locals.push(type) - 1;
  }

  op(...opcodes: readonly number[]): this {
    for (const opcode of opcodes) this.#bytes.byte(opcode);
    return this;
  }

  simd(...opcodes: readonly number[]): this {
    for (const opcode of opcodes) {
      this.#bytes.byte(0xfd);
      this.#bytes.unsigned(opcode);
    }
    return this;
  }

  get(...locals: readonly Local[]): this {
    for (const local of locals) this.#indexed(OP.localGet, local);
    return this;
  }

  set(local: Local): this {
    return this.#indexed(OP.localSet, local);
  }

  tee(local: Local): this {
    return this.#indexed(OP.localTee, local);
  }

  i32(value: number): this {
    this.#bytes.byte(OP.i32Const);
    this.#bytes.signed(value);
    return this;
  }

  f64(value: number): this {
    this.#bytes.byte(OP.f64Const);
    this.#bytes.float64(value);
    return this;
  }

  /** The vector of two equal doubles. */
  f64x2(value: number): this {
    this.simd(SIMD.const);
    this.#bytes.float64(value);
    this.#bytes.float64(value);
    return this;
  }

  /** The vector of 16 bytes. */
  v128(bytes: ArrayLike<number>): this {
    this.simd(SIMD.const);
    this.#bytes.all(bytes);
    return this;
  }

  /** Bytes picked from the two vectors on the stack, 0 to 15 from the lower. */
  shuffle(lanes: ArrayLike<number>): this {
    this.simd(SIMD.shuffle);
    this.#bytes.all(lanes);
    return this;
  }

  /** A scalar load or store, `offset` bytes beyond the address on the stack. */
  memory(opcode: number, offset = 0): this {
    this.#bytes.byte(opcode);
    this.#bytes.byte(FOUR_BYTES.includes(opcode) ? 2 : 3);
    this.#bytes.unsigned(offset);
    return this;
  }

  /** A vector load or store. */
  vector(opcode: number, offset = 0): this {
    this.simd(opcode);
    this.#bytes.byte(opcode === SIMD.load32Splat ? 2 : 3);
    this.#bytes.unsigned(offset);
    return this;
  }

  /** Loads one half of the vector on the stack, whose other half stays, from the address below. */
  load64Lane(lane: number, offset = 0): this {
    this.simd(SIMD.load64Lane);
    this.#bytes.byte(3);
    this.#bytes.unsigned(offset);
    this.#bytes.byte(lane);
    return this;
  }

  /** Stores the lower half of a vector. */
  storeLow(offset = 0): this {
    this.simd(SIMD.store64Lane);
    this.#bytes.byte(3);
    this.#bytes.unsigned(offset);
    this.#bytes.byte(0);
    return this;
  }

  /** One of the four 32-bit integers of a vector. */
  extract32(lane: number): this {
    this.simd(SIMD.i32x4ExtractLane);
    this.#bytes.byte(lane);
    return this;
  }

  call(index: number): this {
    return this.#indexed(OP.call, index);
  }

  /** do { body } while (what the body leaves on the stack is not 0). */
  doWhile(body: () => void): this {
    this.op(OP.loop, TYPE.empty);
    body();
    return this.#indexed(OP.brIf, 0).op(OP.end);
  }

  /** Runs the body when the number on the stack is not 0. */
  when(body: () => void): this {
    this.op(OP.if, TYPE.empty);
    body();
    return this.op(OP.end);
  }

  /** The function as it stands in the code section, without its size. */
  finish(): Bytes {
    const whole = new Bytes();
    whole.unsigned(this.#locals.length);
    for (const type of this.#locals) {
      whole.unsigned(1);
      whole.byte(type);
    }
    whole.all(this.#bytes.view);
    whole.byte(OP.end);
    return whole;
  }

  #indexed(opcode: number, index: number): this {
    this.#bytes.byte(opcode);
    this.#bytes.unsigned(index);
    return this;
  }
}
