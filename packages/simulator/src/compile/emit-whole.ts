import type { Coefficients } from './coefficients.ts';
import { laneShuffle, rotatePair } from './emit-rotation.ts';
import { type Chunk, CHUNK_QUBITS, type Piece, smallFormOf } from './pieces.ts';
import { lanesWith, type Numbers, signs, uniform } from './precision.ts';
import type { RotationForm } from './rotation.ts';
import type { Step } from './step.ts';
import { isFixed } from './linear.ts';
import { countBits, localMask } from './sweep.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

const { i32, v128 } = TYPE;
/** The parameters: addresses of the real parts, the imaginary parts and the block. */
const [RE, IM, BLOCK] = [0, 1, 2];

/** A complex vector, or a real one. */
interface Factor {
  readonly re: Local;
  readonly im: Local | undefined;
}

/** Where a function that holds a whole state gets its numbers. */
export interface WholeSource {
  readonly steps: readonly Step[];
  readonly coefficients: Coefficients;
  /** The place of the fixed part of a piece's factor. */
  factorPlace(piece: Piece): number;
  /** The function of `emitGroup` that applies a matrix, and whether it takes both parts at once. */
  matrix(step: number): { readonly call: number; readonly isBoth: boolean };
}

/**
 * A function (real parts, imaginary parts, block) that applies pieces to a state of so many qubits.
 * The state rests in memory between pieces; of a piece that treats parts apart only one part is in
 * registers at a time.
 */
export function emitWhole(
  pieces: readonly Piece[],
  qubits: number,
  numbers: Numbers,
  source: WholeSource,
): Code {
  const emitter = new WholeEmitter(qubits, numbers, source);
  for (const piece of pieces) emitter.piece(piece);
  return emitter.code;
}

/** By its number the local that holds a register. */
type Registers = Map<number, Local>;

/** Chunks put together while they move few registers' bits, and which these are. */
function joined(chunks: readonly Chunk[], { laneBits }: Numbers): Chunk[] {
  const result: { steps: number[]; moved: number }[] = [];
  for (const { steps, moved } of chunks) {
    const bits = moved >> laneBits;
    const last = result.at(-1);
    if (last !== undefined && countBits(last.moved | bits) <= CHUNK_QUBITS) {
      last.steps.push(...steps);
      last.moved |= bits;
    } else result.push({ steps: [...steps], moved: bits });
  }
  return result;
}

class WholeEmitter {
  readonly code = new Code([i32, i32, i32]);
  readonly #numbers: Numbers;
  readonly #source: WholeSource;
  readonly #spare: Local;
  readonly #count: number;

  constructor(qubits: number, numbers: Numbers, source: WholeSource) {
    this.#numbers = numbers;
    this.#source = source;
    this.#count = 1 << (qubits - numbers.laneBits);
    this.#spare = this.code.local(v128);
  }

  piece(piece: Piece): void {
    switch (piece.kind) {
      case 'phases':
        this.#phases(piece);
        break;
      case 'matrix':
        this.#matrix(piece.chunks[0].steps[0]);
        break;
      case 'table':
        this.#table(piece.chunks[0].steps[0]);
        break;
      case 'moves':
        this.#moves(piece);
    }
  }

  #matrix(index: number): void {
    const { code } = this;
    const { coefficients } = this.#source;
    const { call, isBoth } = this.#source.matrix(index);
    const offset = coefficients.offset + coefficients.places(index)[0] * this.#numbers.bytes;
    for (const parts of isBoth ? [[RE, IM]] : [[RE], [IM]]) {
      code
        .get(...parts, BLOCK)
        .i32(offset)
        .op(OP.i32Add)
        .call(call);
    }
  }

  #table(index: number): void {
    const step = this.#source.steps[index];
    const { coefficients } = this.#source;
    const { laneBits, bytes } = this.#numbers;
    const mask = step.kind === 'table' ? step.mask >> laneBits : 0;
    for (let r = 0; r < this.#count; r++) {
      const [re, im] = coefficients.places(index).map((place) => {
        const at = coefficients.offset + (place + (localMask(r, mask) << laneBits)) * bytes;
        return this.#set(() => this.code.get(BLOCK).vector(SIMD.load, at));
      });
      this.#multiply(r, { re, im });
    }
  }

  #moves(piece: Piece): void {
    const chunks = joined(piece.chunks, this.#numbers);
    const factor = piece.scales === undefined ? undefined : this.#factor(piece);
    chunks.forEach(({ steps, moved }, number) => {
      const scale = number === chunks.length - 1 ? factor : undefined;
      const { code } = this;
      const part = code.local(i32);
      code.get(RE).set(part);
      code.doWhile(() => {
        for (let first = 0; first < this.#count; first++) {
          if ((first & moved) === 0) this.#chunk(steps, part, first, moved, scale);
        }
        code.get(part, IM).op(OP.i32Ne).get(IM).set(part);
      });
    });
  }

  /** Applies steps to the registers whose numbers differ from `first` in bits of a mask. */
  #chunk(
    steps: readonly number[],
    part: Local,
    first: number,
    mask: number,
    scale: Local | undefined,
  ): void {
    const registers: Registers = new Map();
    for (let r = 0; r < this.#count; r++) {
      if ((r & ~mask) === first) registers.set(r, this.#loadState(part, r));
    }
    for (const index of steps) this.#move(registers, index);
    for (const [r, register] of registers) {
      this.code.get(part, register);
      if (scale !== undefined) this.code.get(scale).simd(this.#numbers.mul);
      this.code.vector(SIMD.store, 16 * r);
    }
  }

  #move(registers: Registers, index: number): void {
    const step = this.#source.steps[index];
    switch (step.kind) {
      case 'rotation':
        this.#rotate(registers, step.target, index);
        break;
      case 'flip':
        this.#permute(registers, (e) =>
          (e & step.control) === step.control ? e ^ step.target : e,
        );
        break;
      case 'swap': {
        const both = step.first | step.second;
        this.#permute(registers, (e) => {
          const chosen = e & both;
          return chosen === 0 || chosen === both ? e : e ^ both;
        });
        break;
      }
      default:
        throw new Error(`a step of kind ${step.kind} moves nothing`);
    }
  }

  #rotate(registers: Registers, target: number, index: number): void {
    const { steps, coefficients } = this.#source;
    const step = steps[index];
    const form = smallFormOf(step, this.#numbers) ?? 'full';
    const [first, second] = coefficients.places(index);
    const isVariable = 'angle' in step && !isFixed(step.angle);
    const place = isVariable && form === 'tangent' ? second : first;
    const loaded: Local[] = [];
    if (form !== 'plus' && form !== 'minus') loaded.push(this.#load(place));
    if (form === 'full') loaded.push(this.#load(second));
    const { laneBits } = this.#numbers;
    const stride = target >> laneBits;
    if (stride === 0) {
      this.#rotateLanes(registers, target, form, loaded);
      return;
    }
    const writer = { code: this.code, numbers: this.#numbers, spare: this.#spare };
    for (const [r, zero] of registers) {
      const one = registers.get(r | stride);
      if ((r & stride) === 0 && one !== undefined) rotatePair(writer, zero, one, form, loaded);
    }
  }

  /**
   * With w the lanes exchanged and σ = −1 where the bit is 0, +1 where it is 1: c·v + (s·σ)·w, or
   * what is left of it without a factor.
   */
  #rotateLanes(
    registers: Registers,
    target: number,
    form: RotationForm,
    [first, second]: readonly Local[],
  ): void {
    const { code } = this;
    const { add, sub, mul } = this.#numbers;
    const turned = this.#set(() => {
      code.v128(signs(this.#numbers, 31 - Math.clz32(target)));
      if (form === 'tangent') code.get(first).simd(mul);
      if (form === 'full') code.get(second).simd(mul);
    });
    const exchange = laneShuffle(this.#numbers, (lane) => lane ^ target);
    for (const v of registers.values()) {
      code.get(v);
      if (form === 'cotangent' || form === 'full') code.get(first).simd(mul);
      code.get(v, v).shuffle(exchange).get(turned).simd(mul);
      code.simd(form === 'minus' ? sub : add).set(v);
    }
  }

  /** Element e takes what element source(e) had. */
  #permute(registers: Registers, source: (element: number) => number): void {
    const { laneBits } = this.#numbers;
    const lanes = 1 << laneBits;
    const before = new Map(registers);
    const local = (r: number): Local => {
      const known = before.get(r);
      if (known === undefined) throw new Error(`register ${r} is not in the chunk`);
      return known;
    };
    for (const r of before.keys()) {
      const from = Array.from({ length: lanes }, (_, lane) => source((r << laneBits) | lane));
      const first = from[0] >> laneBits;
      if (from.every((element, lane) => element === ((first << laneBits) | lane))) {
        registers.set(r, local(first));
        continue;
      }
      const other = from.map((e) => e >> laneBits).find((at) => at !== first) ?? first;
      const bytes = laneShuffle(
        this.#numbers,
        (lane) => (from[lane] & (lanes - 1)) + (from[lane] >> laneBits === first ? 0 : lanes),
      );
      registers.set(
        r,
        this.#set(() => this.code.get(local(first), local(other)).shuffle(bytes)),
      );
    }
  }

  /** For each register the product of its factors, then one product. */
  #phases(piece: Piece): void {
    const { steps, coefficients } = this.#source;
    const { laneBits } = this.#numbers;
    const factors: { high: number; factor: Factor }[] = [];
    if (piece.scales !== undefined) {
      factors.push({ high: 0, factor: { re: this.#factor(piece), im: undefined } });
    }
    const phases = piece.chunks[0].steps.map((index) => {
      const step = steps[index];
      return { mask: step.kind === 'phase' ? step.mask : 0, places: coefficients.places(index) };
    });
    // Those of all registers first, so that more registers share their products; and in the same
    // order whatever the lanes, for the same bits.
    phases.sort((a, b) => a.mask - b.mask);
    for (const { mask, places } of phases) {
      const [re, im] = this.#inLanes(mask, this.#load(places[0]), this.#load(places[1]));
      factors.push({ high: mask >> laneBits, factor: { re, im } });
    }
    const products = new Map<string, Factor>();
    const productOf = (list: readonly number[]): Factor => {
      const key = list.join();
      const last = factors[list[list.length - 1]].factor;
      const product =
        products.get(key) ??
        (list.length === 1 ? last : this.#product(productOf(list.slice(0, -1)), last));
      products.set(key, product);
      return product;
    };
    for (let r = 0; r < this.#count; r++) {
      const list = [...factors.keys()].filter((k) => (r & factors[k].high) === factors[k].high);
      if (list.length === 0) continue;
      this.#multiply(r, productOf(list));
    }
  }

  #multiply(register: number, factor: Factor): void {
    const value = { re: this.#loadState(RE, register), im: this.#loadState(IM, register) };
    const { re, im = re } = this.#product(factor, value);
    this.#storeState(RE, register, re);
    this.#storeState(IM, register, im);
  }

  /** The product of two factors in new locals. */
  #product(a: Factor, b: Factor): Factor {
    const { code } = this;
    const { add, sub, mul } = this.#numbers;
    const [x, y] = [a.im, b.im];
    if (x === undefined || y === undefined) {
      const [real, other] = x === undefined ? [a, b] : [b, a];
      const scaled = (part: Local) => this.#set(() => code.get(part, real.re).simd(mul));
      return {
        re: scaled(other.re),
        im: other.im === undefined ? undefined : scaled(other.im),
      };
    }
    return {
      re: this.#set(() => code.get(a.re, b.re).simd(mul).get(x, y).simd(mul).simd(sub)),
      im: this.#set(() => code.get(a.re, y).simd(mul).get(x, b.re).simd(mul).simd(add)),
    };
  }

  /** A factor in the lanes that the mask chooses, 1 in the others. */
  #inLanes(mask: number, cosine: Local, sine: Local): readonly [Local, Local] {
    const lanes = mask & ((1 << this.#numbers.laneBits) - 1);
    if (lanes === 0) return [cosine, sine];
    const { code } = this;
    const chosen = lanesWith(this.#numbers, lanes);
    const one = uniform(this.#numbers, 1);
    return [
      this.#set(() => code.get(cosine).v128(one).v128(chosen).simd(SIMD.bitselect)),
      this.#set(() => code.get(sine).v128(chosen).simd(SIMD.and)),
    ];
  }

  /** The product of all factors that a piece makes good. */
  #factor(piece: Piece): Local {
    const { steps, coefficients } = this.#source;
    const { mul } = this.#numbers;
    let product = this.#load(this.#source.factorPlace(piece));
    for (const index of piece.scales ?? []) {
      const step = steps[index];
      if (!('angle' in step) || isFixed(step.angle)) continue;
      const cosine = this.#load(coefficients.places(index)[0]);
      const before = product;
      product = this.#set(() => this.code.get(before, cosine).simd(mul));
    }
    return product;
  }

  /** A coefficient in all lanes of a new local. */
  #load(place: number): Local {
    const { splat, bytes } = this.#numbers;
    const offset = this.#source.coefficients.offset + place * bytes;
    return this.#set(() => this.code.get(BLOCK).vector(splat, offset));
  }

  #loadState(part: number, register: number): Local {
    return this.#set(() => this.code.get(part).vector(SIMD.load, 16 * register));
  }

  #storeState(part: number, register: number, value: Local): void {
    this.code.get(part, value).vector(SIMD.store, 16 * register);
  }

  #set(write: () => unknown): Local {
    write();
    const local = this.code.local(v128);
    this.code.set(local);
    return local;
  }
}
