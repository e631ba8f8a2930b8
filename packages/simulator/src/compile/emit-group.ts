import { emitMatrix, matrixVectors, type MatrixStep } from './emit-matrix.ts';
import { laneShuffle, rotateLanes, rotatePair } from './emit-rotation.ts';
import { lanesWith, type Numbers, uniform, VECTOR_BYTES } from './precision.ts';
import { COEFFICIENTS, type RotationForm } from './rotation.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

/**
 * A step of a group. Its bits are bits of the element number: the lowest say which lane of a
 * vector, those above which register.
 */
export type GroupStep =
  | { readonly kind: 'rotation'; readonly bit: number; readonly form: RotationForm }
  | { readonly kind: 'phase'; readonly mask: number }
  | ({ readonly kind: 'matrix' } & MatrixStep)
  | { readonly kind: 'flip'; readonly bit: number; readonly control: number }
  | { readonly kind: 'swap'; readonly first: number; readonly second: number };

/** The shape of a group: groups of equal shape share one function. */
export interface GroupShape {
  /** Local qubits that tell the registers apart, ascending. */
  readonly qubits: readonly number[];
  readonly tile: number;
  readonly steps: readonly GroupStep[];
  /** Whether everything is multiplied by a last coefficient in the end. */
  readonly isScaled: boolean;
}

export function isComplex(shape: GroupShape): boolean {
  return shape.steps.some(
    (step) => step.kind === 'phase' || (step.kind === 'matrix' && !step.isReal),
  );
}

/** How many numbers a group reads from its coefficients. */
export function coefficientCount(shape: GroupShape, { laneBits }: Numbers): number {
  let count = shape.isScaled ? 1 : 0;
  for (const step of shape.steps) {
    count += step.kind === 'matrix' ? matrixVectors(step, laneBits) << laneBits : scalarCount(step);
  }
  return count;
}

function scalarCount(step: GroupStep): number {
  if (step.kind === 'rotation') return COEFFICIENTS[step.form];
  return step.kind === 'phase' ? 2 : 0;
}

/**
 * A function (address of the real or imaginary parts, of the coefficients), or, when the group has
 * phases, (of the real parts, of the imaginary parts, of the coefficients).
 */
export function emitGroup(shape: GroupShape, numbers: Numbers): Code {
  const emitter = new GroupEmitter(shape, numbers, isComplex(shape));
  emitter.emit();
  return emitter.code;
}

class GroupEmitter {
  readonly code: Code;
  readonly #shape: GroupShape;
  readonly #numbers: Numbers;
  readonly #parts: number;
  readonly #index: Local;
  readonly #addresses: Local[] = [];
  readonly #coefficients: Local[] = [];
  /** Per part, the local that holds each register. */
  readonly #registers: Local[][] = [];
  readonly #spare: Local;
  readonly #offsets: readonly number[];

  constructor(shape: GroupShape, numbers: Numbers, isBoth: boolean) {
    this.#shape = shape;
    this.#numbers = numbers;
    this.#parts = isBoth ? 2 : 1;
    this.code = new Code(Array.from({ length: this.#parts + 1 }, () => TYPE.i32));
    this.#index = this.code.local(TYPE.i32);
    for (let part = 0; part < this.#parts; part++) {
      this.#addresses.push(this.code.local(TYPE.i32));
      const count = 1 << shape.qubits.length;
      this.#registers.push(Array.from({ length: count }, () => this.code.local(TYPE.v128)));
    }
    let offsets = [0];
    for (const qubit of shape.qubits) {
      const stride = numbers.bytes << qubit;
      offsets = [...offsets, ...offsets.map((offset) => offset + stride)];
    }
    this.#offsets = offsets;
    this.#spare = this.code.local(TYPE.v128);
  }

  emit(): void {
    const { code } = this;
    this.#loadCoefficients();
    const inner = this.#loopMask();
    code.doWhile(() => {
      this.#addresses.forEach((address, part) => {
        code.get(part, this.#index).op(OP.i32Add).set(address);
        this.#loadAll(part);
      });
      this.#emitSteps();
      for (let part = 0; part < this.#parts; part++) this.#storeAll(part);
      // The next index with bits in the mask only, and 0 after the last.
      code.get(this.#index).i32(~inner).op(OP.i32Or).i32(1).op(OP.i32Add);
      code.i32(inner).op(OP.i32And).tee(this.#index);
    });
  }

  /** The product of two complex vectors in new locals. */
  #product([x, y]: readonly [Local, Local], [c, s]: readonly [Local, Local]): [Local, Local] {
    const { code } = this;
    const { add, sub, mul } = this.#numbers;
    const [re, im] = [code.local(TYPE.v128), code.local(TYPE.v128)];
    code.get(x, c).simd(mul).get(y, s).simd(mul).simd(sub).set(re);
    code.get(x, s).simd(mul).get(y, c).simd(mul).simd(add).set(im);
    return [re, im];
  }

  /** A factor in the lanes that the mask chooses, 1 in the others. */
  #inLanes(mask: number, cosine: Local, sine: Local): readonly [Local, Local] {
    const lanes = mask & ((1 << this.#numbers.laneBits) - 1);
    if (lanes === 0) return [cosine, sine];
    const { code } = this;
    const chosen = lanesWith(this.#numbers, lanes);
    const [c, s] = [code.local(TYPE.v128), code.local(TYPE.v128)];
    code.get(cosine).v128(uniform(this.#numbers, 1)).v128(chosen).simd(SIMD.bitselect).set(c);
    code.get(sine).v128(chosen).simd(SIMD.and).set(s);
    return [c, s];
  }

  #loadAll(part: number): void {
    this.#registers[part].forEach((register, r) => {
      this.code.get(this.#addresses[part]).vector(SIMD.load, this.#offsets[r]).set(register);
    });
  }

  #storeAll(part: number): void {
    const { code } = this;
    const scale = this.#shape.isScaled ? this.#coefficients.at(-1) : undefined;
    this.#registers[part].forEach((register, r) => {
      code.get(this.#addresses[part], register);
      if (scale !== undefined) code.get(scale).simd(this.#numbers.mul);
      code.vector(SIMD.store, this.#offsets[r]);
    });
  }

  #loadCoefficients(): void {
    const { laneBits } = this.#numbers;
    let next = 0;
    for (const step of this.#shape.steps) {
      if (step.kind === 'matrix') {
        for (let i = matrixVectors(step, laneBits); i > 0; i--, next += 1 << laneBits) {
          this.#coefficients.push(this.#load(next, SIMD.load));
        }
        continue;
      }
      for (let i = scalarCount(step); i > 0; i--) this.#coefficients.push(this.#load(next++));
    }
    if (this.#shape.isScaled) this.#coefficients.push(this.#load(next));
  }

  /** A coefficient in all lanes of a new local, or a vector of coefficients. */
  #load(index: number, load = this.#numbers.splat): Local {
    const local = this.code.local(TYPE.v128);
    this.code
      .get(this.#parts)
      .vector(load, index * this.#numbers.bytes)
      .set(local);
    return local;
  }

  /** The byte offsets that the loop runs over. */
  #loopMask(): number {
    const { bytes } = this.#numbers;
    let mask = (1 << this.#shape.tile) * bytes - VECTOR_BYTES;
    for (const qubit of this.#shape.qubits) mask &= ~(bytes << qubit);
    return mask;
  }

  #emitSteps(): void {
    let next = 0;
    const take = () => this.#coefficients[next++];
    const parts = this.#registers;
    for (const step of this.#shape.steps) {
      switch (step.kind) {
        case 'rotation': {
          const coefficients = Array.from({ length: COEFFICIENTS[step.form] }, take);
          for (const registers of parts) {
            this.#rotate(registers, step.bit, step.form, coefficients);
          }
          break;
        }
        case 'phase':
          this.#phase(step.mask, take(), take());
          break;
        case 'matrix': {
          const count = matrixVectors(step, this.#numbers.laneBits);
          emitMatrix(this.code, this.#numbers, step, parts, Array.from({ length: count }, take));
          break;
        }
        case 'flip':
          this.#permute(parts, (e) =>
            step.control < 0 || (e >> step.control) & 1 ? e ^ (1 << step.bit) : e,
          );
          break;
        case 'swap':
          this.#permute(parts, (e) => {
            const differ = ((e >> step.first) ^ (e >> step.second)) & 1;
            return differ === 1 ? e ^ (1 << step.first) ^ (1 << step.second) : e;
          });
          break;
      }
    }
  }

  #rotate(
    registers: readonly Local[],
    bit: number,
    form: RotationForm,
    coefficients: readonly Local[],
  ): void {
    const { laneBits } = this.#numbers;
    const writer = { code: this.code, numbers: this.#numbers, spare: this.#spare };
    if (bit < laneBits) {
      for (const register of registers) rotateLanes(writer, register, bit, form, coefficients);
      return;
    }
    const stride = 1 << (bit - laneBits);
    registers.forEach((zero, r) => {
      if ((r & stride) !== 0) return;
      rotatePair(writer, zero, registers[r | stride], form, coefficients);
    });
  }

  #phase(mask: number, cosine: Local, sine: Local): void {
    const { code } = this;
    const factor = this.#inLanes(mask, cosine, sine);
    const high = mask >> this.#numbers.laneBits;
    const [reals, imaginaries] = this.#registers;
    reals.forEach((re, r) => {
      if ((r & high) !== high) return;
      const [newRe, newIm] = this.#product([re, imaginaries[r]], factor);
      code.get(newRe).set(re).get(newIm).set(imaginaries[r]);
    });
  }

  /** Element e takes what element source(e) had. */
  #permute(parts: readonly Local[][], source: (element: number) => number): void {
    const { laneBits } = this.#numbers;
    const lanes = 1 << laneBits;
    for (const registers of parts) {
      const before = [...registers];
      const values: { target: number; local: Local }[] = [];
      for (let r = 0; r < before.length; r++) {
        const from = Array.from({ length: lanes }, (_, lane) => source((r << laneBits) | lane));
        const first = from[0] >> laneBits;
        if (from.every((element, lane) => element === ((first << laneBits) | lane))) {
          registers[r] = before[first];
          continue;
        }
        const other = from.map((e) => e >> laneBits).find((at) => at !== first) ?? first;
        const bytes = laneShuffle(
          this.#numbers,
          (lane) => (from[lane] & (lanes - 1)) + (from[lane] >> laneBits === first ? 0 : lanes),
        );
        const local = this.code.local(TYPE.v128);
        this.code.get(before[first], before[other]).shuffle(bytes).set(local);
        values.push({ target: r, local });
      }
      for (const { target, local } of values) registers[target] = local;
    }
  }
}
