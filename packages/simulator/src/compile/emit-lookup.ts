import { type Numbers, VECTOR_BYTES } from './precision.ts';
import { localMask } from './sweep.ts';
import { Code } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

/** Rows of 64 amplitudes: those that one turn of the loop multiplies. */
export const LOOKUP_ROW_QUBITS = 6;

/**
 * A function (real parts, imaginary parts, table, row offsets, their end) that multiplies every
 * amplitude of a tile by the entry that its qubits read. For each vector of amplitudes the table
 * has a vector of real parts and then one of imaginary parts; a row offset says where in the table
 * a row begins.
 *
 * @param low - which qubits of a row the table has, those within a vector among them.
 */
export function emitLookup(low: number, numbers: Numbers): Code {
  const { i32, v128 } = TYPE;
  const { add, sub, mul, bytes, laneBits } = numbers;
  const code = new Code([i32, i32, i32, i32, i32]);
  const [re, im, table, rows, end] = [0, 1, 2, 3, 4];
  const entry = code.local(i32);
  const [x, y, c, s] = [0, 1, 2, 3].map(() => code.local(v128));
  const rowBytes = bytes << LOOKUP_ROW_QUBITS;
  code.doWhile(() => {
    code.get(table).get(rows).memory(OP.i32Load).op(OP.i32Add).set(entry);
    for (let vector = 0; vector < rowBytes / VECTOR_BYTES; vector++) {
      const at = vector * VECTOR_BYTES;
      const place = 2 * VECTOR_BYTES * localMask(vector, low >> laneBits);
      code.get(entry).vector(SIMD.load, place).set(c);
      code
        .get(entry)
        .vector(SIMD.load, place + VECTOR_BYTES)
        .set(s);
      code.get(re).vector(SIMD.load, at).set(x).get(im).vector(SIMD.load, at).set(y);
      code.get(re, x, c).simd(mul).get(y, s).simd(mul).simd(sub).vector(SIMD.store, at);
      code.get(im, x, s).simd(mul).get(y, c).simd(mul).simd(add).vector(SIMD.store, at);
    }
    code.get(re).i32(rowBytes).op(OP.i32Add).set(re).get(im).i32(rowBytes).op(OP.i32Add).set(im);
    code.get(rows).i32(4).op(OP.i32Add).tee(rows).get(end).op(OP.i32Ne);
  });
  return code;
}
