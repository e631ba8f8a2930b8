import { lanesWith, type Numbers, uniform, VECTOR_BYTES } from './precision.ts';
import type { MaskedPhase, Sweep } from './sweep.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

/** What the code of a sweep depends on: sweeps of equal shape share one function. */
export interface SweepShape {
  readonly tile: number;
  readonly rowQubits: number;
  readonly selectors: readonly number[];
  readonly requiredHigh: number;
  /** Bits of h that no factor depends on: rows that differ in them only are multiplied together. */
  readonly idle: number;
  readonly hasLow: boolean;
  readonly hasHigh: boolean;
}

/** At most so many of them. */
const MAX_IDLE = 2;

export function shapeOf(sweep: Sweep, tile: number): SweepShape {
  const { rowQubits, selectors, requiredHigh, low, high, outside } = sweep;
  const isLow = (local: number) => local >= 0 && local < rowQubits;
  return {
    tile,
    rowQubits,
    selectors,
    requiredHigh: Math.max(requiredHigh, 0),
    idle: idleBits(sweep, tile),
    hasLow: low.length > 0 || outside.some(({ local }) => isLow(local)),
    hasHigh: high.length > 0 || outside.some(({ local }) => !isLow(local)),
  };
}

function idleBits({ rowQubits, low, high, outside }: Sweep, tile: number): number {
  let used = 0;
  for (const { mask } of low) used |= mask >> rowQubits;
  for (const { mask } of high) used |= mask;
  for (const { local } of outside) if (local >= rowQubits) used |= 1 << (local - rowQubits);
  let idle = 0;
  let count = 0;
  for (let bit = 0; bit < tile - rowQubits && count < MAX_IDLE; bit++) {
    if ((used >> bit) & 1) continue;
    idle |= 1 << bit;
    count++;
  }
  return idle;
}

/** Vectors of a turn of the loop, at least. */
const UNROLLED = 8;

/**
 * A function (real parts, imaginary parts, low tables, high table). A low table is the row's real
 * parts, then its imaginary parts; the high table is interleaved.
 */
export function emitSweep(shape: SweepShape, numbers: Numbers): Code {
  const { tile, rowQubits, selectors, requiredHigh, idle, hasLow, hasHigh } = shape;
  const { bytes, splat } = numbers;
  const code = new Code([TYPE.i32, TYPE.i32, TYPE.i32, TYPE.i32]);
  const [re, im, lowTables, highTable] = [0, 1, 2, 3];
  const h = code.local(TYPE.i32);
  const row = code.local(TYPE.i32);
  const low = code.local(TYPE.i32);
  const end = code.local(TYPE.i32);
  const factor = [code.local(TYPE.v128), code.local(TYPE.v128)] as const;
  const free = ((1 << (tile - rowQubits)) - 1) & ~requiredHigh & ~idle;
  const rowBytes = bytes << rowQubits;
  let rows = [0];
  for (let rest = idle; rest !== 0; rest &= rest - 1) {
    const apart = (rest & -rest) * rowBytes;
    rows = [...rows, ...rows.map((offset) => offset + apart)];
  }
  code.doWhile(() => {
    code.get(h).i32(requiredHigh).op(OP.i32Or).i32(rowBytes).op(OP.i32Mul).set(row);
    if (hasHigh) {
      const entry = () =>
        code
          .get(h)
          .i32(requiredHigh)
          .op(OP.i32Or)
          .i32(2 * bytes)
          .op(OP.i32Mul)
          .get(highTable);
      entry().op(OP.i32Add).vector(splat, 0).set(factor[0]);
      entry().op(OP.i32Add).vector(splat, bytes).set(factor[1]);
    }
    code.get(lowTables);
    selectors.forEach((bit, k) => {
      code.get(h).i32(requiredHigh).op(OP.i32Or).i32(bit).op(OP.i32ShrU).i32(1).op(OP.i32And);
      code.i32((2 * rowBytes) << k).op(OP.i32Mul, OP.i32Add);
    });
    code.set(low);
    code.get(row).i32(rowBytes).op(OP.i32Add).set(end);
    emitRow(code, numbers, { re, im, row, low, end, factor, rowBytes, rows, hasLow, hasHigh });
    code.get(h).i32(~free).op(OP.i32Or).i32(1).op(OP.i32Add).i32(free).op(OP.i32And).tee(h);
  });
  return code;
}

interface Row {
  readonly re: Local;
  readonly im: Local;
  readonly row: Local;
  readonly low: Local;
  readonly end: Local;
  readonly factor: readonly [Local, Local];
  readonly rowBytes: number;
  /** Byte offsets of the rows to multiply by the same factors. */
  readonly rows: readonly number[];
  readonly hasLow: boolean;
  readonly hasHigh: boolean;
}

function emitRow(code: Code, numbers: Numbers, part: Row): void {
  const { re, im, row, low, end, factor, rowBytes, rows, hasLow, hasHigh } = part;
  const { add, sub, mul } = numbers;
  const reAt = code.local(TYPE.i32);
  const imAt = code.local(TYPE.i32);
  const [x, y, f, g] = [0, 1, 2, 3].map(() => code.local(TYPE.v128));
  const [tr, ti] = [code.local(TYPE.v128), code.local(TYPE.v128)];
  const unrolled = Math.min(UNROLLED / rows.length, rowBytes / VECTOR_BYTES);
  code.doWhile(() => {
    code.get(re, row).op(OP.i32Add).set(reAt).get(im, row).op(OP.i32Add).set(imAt);
    for (let u = 0; u < unrolled; u++) {
      const offset = u * VECTOR_BYTES;
      if (hasLow) {
        code.get(low).vector(SIMD.load, offset).set(tr);
        code
          .get(low)
          .vector(SIMD.load, offset + rowBytes)
          .set(ti);
      }
      let [cosine, sine] = hasLow ? [tr, ti] : factor;
      if (hasLow && hasHigh) {
        const [c, s] = factor;
        code.get(tr, c).simd(mul).get(ti, s).simd(mul).simd(sub).set(f);
        code.get(tr, s).simd(mul).get(ti, c).simd(mul).simd(add).set(g);
        [cosine, sine] = [f, g];
      }
      for (const apart of rows) {
        const place = offset + apart;
        code.get(reAt).vector(SIMD.load, place).set(x).get(imAt).vector(SIMD.load, place).set(y);
        code.get(reAt, x, cosine).simd(mul).get(y, sine).simd(mul).simd(sub);
        code.vector(SIMD.store, place);
        code.get(imAt, x, sine).simd(mul).get(y, cosine).simd(mul).simd(add);
        code.vector(SIMD.store, place);
      }
    }
    const step = unrolled * VECTOR_BYTES;
    code.get(low).i32(step).op(OP.i32Add).set(low);
    code.get(row).i32(step).op(OP.i32Add).tee(row).get(end).op(OP.i32Ne);
  });
}

/**
 * A function (real parts, imaginary parts, address of cosine and sine) that multiplies where all
 * bits of a local mask are 1.
 */
export function emitMasked(local: MaskedPhase['local'], tile: number, numbers: Numbers): Code {
  const { add, sub, mul, bytes, laneBits, splat } = numbers;
  const code = new Code([TYPE.i32, TYPE.i32, TYPE.i32]);
  const index = code.local(TYPE.i32);
  const [cosine, sine, x, y] = [0, 1, 2, 3].map(() => code.local(TYPE.v128));
  const lanes = (1 << laneBits) - 1;
  const pattern = lanesWith(numbers, local & lanes);
  const one = uniform(numbers, 1);
  code.get(2).vector(splat, 0).v128(one).v128(pattern).simd(SIMD.bitselect).set(cosine);
  code.get(2).vector(splat, bytes).v128(pattern).simd(SIMD.and).set(sine);
  const fixedBits = (local & ~lanes) * bytes;
  const free = ((bytes << tile) - VECTOR_BYTES) & ~fixedBits;
  const at = (part: Local) => code.get(index).i32(fixedBits).op(OP.i32Or).get(part).op(OP.i32Add);
  code.doWhile(() => {
    at(0).vector(SIMD.load).set(x);
    at(1).vector(SIMD.load).set(y);
    at(0).get(x, cosine).simd(mul).get(y, sine).simd(mul).simd(sub).vector(SIMD.store);
    at(1).get(x, sine).simd(mul).get(y, cosine).simd(mul).simd(add).vector(SIMD.store);
    code.get(index).i32(~free).op(OP.i32Or).i32(1).op(OP.i32Add).i32(free).op(OP.i32And);
    code.tee(index);
  });
  return code;
}
