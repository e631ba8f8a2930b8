import type { Coefficients } from './coefficients.ts';
import type { Linear } from './linear.ts';
import type { Numbers } from './precision.ts';
import { constantOffset, ENTRIES_OFFSET, type SincosConstant, TURN_STEPS } from './sincos-table.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

const { i32, v128 } = TYPE;
const { f64x2Add: ADD, f64x2Sub: SUB, f64x2Mul: MUL } = SIMD;

/** Bytes of the block at which parameters are written, as doubles, before anything is called. */
export const PARAMETERS_OFFSET = 0;

/** How many vectors of angles are worked on at once, to hide latencies and share constants. */
const WIDTH = 2;
/** How many angles those are. */
export const ANGLES_AT_ONCE = 2 * WIDTH;

/** The magnitude of the number of steps is below 2^this. */
const REACH_BITS = 20;
/** The bits of 1.5 · 2^52 − 2^20: an angle within reach is up to 2^21 above. */
const LEAST = new Uint8Array(
  Float64Array.of(6755399441055744 - 1048576, 6755399441055744 - 1048576).buffer,
);

const LOWER = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const UPPER = LOWER.map((byte) => byte + 8);

/** A function (block): writes all angles, each the sum of its multiples of parameters. */
export function emitAngles(coefficients: Coefficients, parameters: number): Code {
  const { angles, anglesOffset, copies } = coefficients;
  const code = new Code([i32]);
  const sums = angles.flatMap((angle) =>
    range(copies).map((copy) => ({ angle, first: PARAMETERS_OFFSET + 8 * parameters * copy })),
  );
  // Slots come in fours, so sums in pairs.
  for (let k = 0; k < sums.length; k += 2) {
    const pair = [sums[k], sums[k + 1]] as const;
    const target = anglesOffset + 8 * k;
    if (isAlike(pair[0].angle, pair[1].angle)) {
      code.get(0);
      emitPair(code, pair);
      code.vector(SIMD.store, target);
      continue;
    }
    pair.forEach((sum, lane) => {
      code.get(0);
      emitSum(code, sum);
      code.memory(OP.f64Store, target + 8 * lane);
    });
  }
  return code;
}

/** An angle, and where its parameters begin. */
interface Sum {
  readonly angle: Linear;
  readonly first: number;
}

/** Whether two angles differ in nothing but which parameters they are of. */
function isAlike(a: Linear, b: Linear): boolean {
  const [factors, others] = [[...a.factors.values()], [...b.factors.values()]];
  const isEqual = factors.length === others.length && factors.every((f, k) => f === others[k]);
  return isEqual && a.constant === b.constant;
}

/** Two such angles on the stack. */
function emitPair(code: Code, [a, b]: readonly [Sum, Sum]): void {
  const others = [...b.angle.factors.keys()];
  let isFirst = a.angle.constant === 0 && others.length > 0;
  if (!isFirst) code.f64x2(a.angle.constant);
  [...a.angle.factors].forEach(([parameter, factor], k) => {
    const [from, to] = [a.first + 8 * parameter, b.first + 8 * others[k]];
    if (to === from + 8) code.get(0).vector(SIMD.load, from);
    else code.get(0, 0).vector(SIMD.load64Zero, from).load64Lane(1, to);
    if (factor !== 1) code.f64x2(factor).simd(MUL);
    if (!isFirst) code.simd(ADD);
    isFirst = false;
  });
}

function emitSum(code: Code, { angle: { constant, factors }, first }: Sum): void {
  let isFirst = constant === 0 && factors.size > 0;
  if (!isFirst) code.f64(constant);
  for (const [parameter, factor] of factors) {
    code.get(0).memory(OP.f64Load, first + 8 * parameter);
    if (factor !== 1) code.f64(factor).op(OP.f64Mul);
    if (!isFirst) code.op(OP.f64Add);
    isFirst = false;
  }
}

/**
 * A function (block) from angles to coefficients: of each run of angles first all cosines, then as
 * many sines, or tangents where the run is one of them. Returns whether all angles are numbers and
 * within reach; what it writes is meaningless otherwise.
 *
 * @param table - where the memory has the table of `fillSincosTable`.
 */
export function emitSincos(coefficients: Coefficients, numbers: Numbers, table: number): Code {
  const writer = new SincosWriter(numbers, table);
  for (const run of coefficients.runs) writer.run(coefficients, run);
  return writer.finish();
}

class SincosWriter {
  readonly #code = new Code([i32], [i32]);
  readonly #numbers: Numbers;
  readonly #table: number;
  readonly #from = this.#code.local(i32);
  readonly #to = this.#code.local(i32);
  readonly #end = this.#code.local(i32);
  /** All bits of all numbers of steps, above the least that is within reach. */
  readonly #reached = this.#code.local(v128);

  constructor(numbers: Numbers, table: number) {
    this.#numbers = numbers;
    this.#table = table;
  }

  run(
    { anglesOffset, offset, copies }: Coefficients,
    { first, slots, isTangent }: Coefficients['runs'][number],
  ): void {
    const code = this.#code;
    const bytes = this.#numbers.precision === 'f64' ? 8 : 4;
    const angles = slots * copies;
    const addTo = (value: number, local: Local) => code.get(0).i32(value).op(OP.i32Add).set(local);
    const start = anglesOffset + 8 * first * copies;
    addTo(start, this.#from);
    addTo(start + 8 * angles, this.#end);
    addTo(offset + 2 * bytes * first * copies, this.#to);
    code.doWhile(() => {
      const x = range(WIDTH).map((k) =>
        this.#set(() => code.get(this.#from).vector(SIMD.load, 16 * k)),
      );
      const parts = this.#evaluate(this.#reduce(x));
      parts.forEach(([cosine, sine], k) => {
        this.#store(cosine, 2 * bytes * k);
        if (isTangent) code.get(sine, cosine).simd(SIMD.f64x2Div).set(sine);
        this.#store(sine, 2 * bytes * k + bytes * angles);
      });
      code
        .get(this.#to)
        .i32(2 * bytes * WIDTH)
        .op(OP.i32Add)
        .set(this.#to);
      code
        .get(this.#from)
        .i32(16 * WIDTH)
        .op(OP.i32Add)
        .tee(this.#from);
      code.get(this.#end).op(OP.i32Ne);
    });
  }

  finish(): Code {
    const code = this.#code
      .get(this.#reached)
      .i32(REACH_BITS + 1)
      .simd(SIMD.i64x2ShrU);
    return code.simd(SIMD.anyTrue).op(OP.i32Eqz);
  }

  /** Each angle as a rest and a number of steps, in the low bits of a double. */
  #reduce(angles: readonly Local[]): { readonly r: Local; readonly steps: Local }[] {
    const code = this.#code;
    const perRadian = this.#constant('stepsPerRadian');
    const toInteger = this.#constant('toInteger');
    const least = this.#set(() => code.v128(LEAST));
    const parts = (['stepHigh', 'stepMiddle', 'stepLow'] as const).map((name) =>
      this.#constant(name),
    );
    return angles.map((x) => {
      const steps = this.#set(() => code.get(x, perRadian).simd(MUL).get(toInteger).simd(ADD));
      code.get(this.#reached, steps, least).simd(SIMD.i64x2Sub, SIMD.or).set(this.#reached);
      const n = this.#set(() => code.get(steps, toInteger).simd(SUB));
      const r = this.#set(() => {
        code.get(x);
        for (const part of parts) code.get(n, part).simd(MUL, SUB);
      });
      return { r, steps };
    });
  }

  /** Cosine and sine, by those of the step and of the rest. */
  #evaluate(angles: readonly { r: Local; steps: Local }[]): (readonly [Local, Local])[] {
    const code = this.#code;
    const [s3, s5] = [this.#constant('s3'), this.#constant('s5')];
    const [c2, c4] = [this.#constant('c2'), this.#constant('c4')];
    return angles.map(({ r, steps }) => {
      const [c, s] = this.#entries(steps);
      const z = this.#set(() => code.get(r, r).simd(MUL));
      // r + r·z·(s3 + z·s5), and z·(c2 + z·c4).
      const p = this.#set(() =>
        code.get(r, r, z).simd(MUL).get(s3, z, s5).simd(MUL, ADD, MUL, ADD),
      );
      const q = this.#set(() => code.get(z, c2, z, c4).simd(MUL, ADD, MUL));
      return [
        this.#set(() => code.get(c, c, q).simd(MUL).get(s, p).simd(MUL, SUB, ADD)),
        this.#set(() => code.get(s, s, q).simd(MUL).get(c, p).simd(MUL, ADD, ADD)),
      ];
    });
  }

  /** The table's cosines and sines for two numbers of steps, of which the low bits count. */
  #entries(steps: Local): readonly [Local, Local] {
    const code = this.#code;
    // So many bits lie above those that choose an entry.
    const surplus = 33 + Math.clz32(TURN_STEPS);
    const bytes = this.#set(() =>
      code
        .get(steps)
        .i32(surplus)
        .simd(SIMD.i64x2Shl)
        .i32(surplus - 4)
        .simd(SIMD.i64x2ShrU),
    );
    const [first, second] = [0, 2].map((lane) =>
      this.#set(() => {
        const offset = this.#table + ENTRIES_OFFSET;
        code.get(bytes).extract32(lane).vector(SIMD.load, offset);
      }),
    );
    return [
      this.#set(() => code.get(first, second).shuffle(LOWER)),
      this.#set(() => code.get(first, second).shuffle(UPPER)),
    ];
  }

  #store(values: Local, offset: number): void {
    const code = this.#code.get(this.#to, values);
    if (this.#numbers.precision === 'f64') code.vector(SIMD.store, offset);
    else code.simd(SIMD.demote).storeLow(offset);
  }

  #constant(name: SincosConstant): Local {
    const offset = this.#table + constantOffset(name);
    return this.#set(() => this.#code.i32(0).vector(SIMD.load, offset));
  }

  #set(write: () => unknown): Local {
    write();
    const local = this.#code.local(v128);
    this.#code.set(local);
    return local;
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}
