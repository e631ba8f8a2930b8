import type { Numbers } from './precision.ts';
import { Code } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

const { i32 } = TYPE;

/** A list entry: mask i32, address offset of the slot i32, cosine f64, sine f64. */
export const FACTOR_BYTES = 24;
/** A complex double. */
export const COMPLEX_BYTES = 16;

/**
 * A function (list, its end, tile base, slots, end of slots): sets every slot to 1, then multiplies
 * into the slot of each entry whose mask the base has.
 */
export function emitFactors(): Code {
  const code = new Code([i32, i32, i32, i32, i32]);
  const [list, end, base, slots, slotsEnd] = [0, 1, 2, 3, 4];
  const at = code.local(i32);
  const [x, y, c, s] = [0, 1, 2, 3].map(() => code.local(TYPE.f64));
  code.get(slots).set(at);
  code.doWhile(() => {
    code.get(at).f64(1).memory(OP.f64Store, 0).get(at).f64(0).memory(OP.f64Store, 8);
    code.get(at).i32(COMPLEX_BYTES).op(OP.i32Add).tee(at).get(slotsEnd).op(OP.i32Ne);
  });
  code.doWhile(() => {
    const mask = () => code.get(list).memory(OP.i32Load, 0);
    mask().get(base).op(OP.i32And);
    mask()
      .op(OP.i32Eq)
      .when(() => {
        code.get(slots).get(list).memory(OP.i32Load, 4).op(OP.i32Add).set(at);
        code.get(at).memory(OP.f64Load, 0).set(x).get(at).memory(OP.f64Load, 8).set(y);
        code.get(list).memory(OP.f64Load, 8).set(c).get(list).memory(OP.f64Load, 16).set(s);
        code.get(at, x, c).op(OP.f64Mul).get(y, s).op(OP.f64Mul, OP.f64Sub).memory(OP.f64Store, 0);
        code.get(at, x, s).op(OP.f64Mul).get(y, c).op(OP.f64Mul, OP.f64Add).memory(OP.f64Store, 8);
      });
    code.get(list).i32(FACTOR_BYTES).op(OP.i32Add).tee(list).get(end).op(OP.i32Ne);
  });
  return code;
}

/**
 * A function (slots, their end, seed, out): out[k] = seed · the product of the slots whose bit k
 * has, for every k below 2^slots.
 */
export function emitProducts(): Code {
  const code = new Code([i32, i32, i32, i32]);
  const [slot, end, seed, out] = [0, 1, 2, 3];
  const [from, to, filled] = [0, 1, 2].map(() => code.local(i32));
  const [x, y, c, s] = [0, 1, 2, 3].map(() => code.local(TYPE.f64));
  code.get(out, seed).vector(SIMD.load).vector(SIMD.store);
  code.get(out).i32(COMPLEX_BYTES).op(OP.i32Add).set(filled);
  code.doWhile(() => {
    code.get(slot).memory(OP.f64Load, 0).set(c).get(slot).memory(OP.f64Load, 8).set(s);
    code.get(out).set(from).get(filled).set(to);
    code.doWhile(() => {
      code.get(from).memory(OP.f64Load, 0).set(x).get(from).memory(OP.f64Load, 8).set(y);
      code.get(to, x, c).op(OP.f64Mul).get(y, s).op(OP.f64Mul, OP.f64Sub).memory(OP.f64Store, 0);
      code.get(to, x, s).op(OP.f64Mul).get(y, c).op(OP.f64Mul, OP.f64Add).memory(OP.f64Store, 8);
      code.get(to).i32(COMPLEX_BYTES).op(OP.i32Add).set(to);
      code.get(from).i32(COMPLEX_BYTES).op(OP.i32Add).tee(from).get(filled).op(OP.i32Ne);
    });
    code.get(to).set(filled);
    code.get(slot).i32(COMPLEX_BYTES).op(OP.i32Add).tee(slot).get(end).op(OP.i32Ne);
  });
  return code;
}

/**
 * A function (table, factors, end of factors, out): out[k] = table[k] · factors[k], rounded to the
 * state's precision. The imaginary parts go `apart` bytes behind the real ones, entries are
 * `stride` bytes from each other.
 */
export function emitScaledTable(numbers: Numbers, apart: number, stride: number): Code {
  const code = new Code([i32, i32, i32, i32]);
  const [table, factors, end, out] = [0, 1, 2, 3];
  const [x, y, c, s] = [0, 1, 2, 3].map(() => code.local(TYPE.f64));
  const store = (offset: number) => {
    if (numbers.precision === 'f64') code.memory(OP.f64Store, offset);
    else code.op(OP.f32DemoteF64).memory(OP.f32Store, offset);
  };
  code.doWhile(() => {
    code.get(table).memory(OP.f64Load, 0).set(x).get(table).memory(OP.f64Load, 8).set(y);
    code.get(factors).memory(OP.f64Load, 0).set(c).get(factors).memory(OP.f64Load, 8).set(s);
    code.get(out, x, c).op(OP.f64Mul).get(y, s).op(OP.f64Mul, OP.f64Sub);
    store(0);
    code.get(out, x, s).op(OP.f64Mul).get(y, c).op(OP.f64Mul, OP.f64Add);
    store(apart);
    code.get(out).i32(stride).op(OP.i32Add).set(out);
    code.get(table).i32(COMPLEX_BYTES).op(OP.i32Add).set(table);
    code.get(factors).i32(COMPLEX_BYTES).op(OP.i32Add).tee(factors).get(end).op(OP.i32Ne);
  });
  return code;
}

/** How many bytes of a row are copied at a time. */
export const ROW_BYTES = 128;

/**
 * A function (state's part, row offsets, their end, tile's part) that brings rows together.
 */
export function emitGather(): Code {
  const code = new Code([i32, i32, i32, i32]);
  const [state, rows, end, scratch] = [0, 1, 2, 3];
  const from = code.local(i32);
  code.doWhile(() => {
    code.get(state).get(rows).memory(OP.i32Load).op(OP.i32Add).set(from);
    for (let offset = 0; offset < ROW_BYTES; offset += 16) {
      code.get(scratch).get(from).vector(SIMD.load, offset).vector(SIMD.store, offset);
    }
    code.get(scratch).i32(ROW_BYTES).op(OP.i32Add).set(scratch);
    code.get(rows).i32(4).op(OP.i32Add).tee(rows).get(end).op(OP.i32Ne);
  });
  return code;
}

/**
 * A function (state's part, row offsets, their end, tile's part, address of the factor) that takes
 * rows back, multiplied by a real factor.
 */
export function emitScatter({ splat, mul }: Numbers): Code {
  const code = new Code([i32, i32, i32, i32, i32]);
  const [state, rows, end, scratch, factorAt] = [0, 1, 2, 3, 4];
  const to = code.local(i32);
  const factor = code.local(TYPE.v128);
  code.get(factorAt).vector(splat).set(factor);
  code.doWhile(() => {
    code.get(state).get(rows).memory(OP.i32Load).op(OP.i32Add).set(to);
    for (let offset = 0; offset < ROW_BYTES; offset += 16) {
      code.get(to).get(scratch).vector(SIMD.load, offset).get(factor).simd(mul);
      code.vector(SIMD.store, offset);
    }
    code.get(scratch).i32(ROW_BYTES).op(OP.i32Add).set(scratch);
    code.get(rows).i32(4).op(OP.i32Add).tee(rows).get(end).op(OP.i32Ne);
  });
  return code;
}
