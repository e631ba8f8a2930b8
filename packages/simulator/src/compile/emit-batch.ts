import { addressesOffset } from './coefficients.ts';
import { laneShuffle } from './emit-rotation.ts';
import { type Numbers, numbersOf, VECTOR_BYTES } from './precision.ts';
import type { SmallSize } from './small.ts';
import { Code, type Local } from './wasm/code.ts';
import { OP, SIMD, TYPE } from './wasm/opcodes.ts';

const { i32, v128 } = TYPE;
/** The parameters: addresses of the states side by side, real before imaginary parts, and block. */
const [PACKED, BLOCK] = [0, 1];

/**
 * A function (states side by side, block): binds, takes in the states whose addresses the block
 * has, runs and gives them back. Returns 1, or 0 when nothing could be bound; nothing is done then.
 *
 * @param bind - the function (block) that binds.
 * @param whole - the function (real parts, imaginary parts, block) that runs.
 */
export function emitBatch(bind: number, whole: number, numbers: Numbers, size: SmallSize): Code {
  const code = new Code([i32, i32], [i32]);
  const isBound = code.local(i32);
  code.get(BLOCK).call(bind).tee(isBound);
  code.when(() => {
    const states = addressesOf(code, size);
    exchange(code, numbers, size, states, true);
    const partBytes = VECTOR_BYTES << size.qubits;
    code.get(PACKED, PACKED).i32(partBytes).op(OP.i32Add).get(BLOCK).call(whole);
    exchange(code, numbers, size, states, false);
  });
  return code.get(isBound);
}

/** Per part, real and imaginary, the addresses of all states. */
function addressesOf(code: Code, { parameters, copies }: SmallSize): Local[][] {
  const first = addressesOffset(parameters, copies);
  return [0, 1].map((part) =>
    Array.from({ length: copies }, (_, copy) => {
      const address = code.local(i32);
      code
        .get(BLOCK)
        .memory(OP.i32Load, first + 4 * (2 * copy + part))
        .set(address);
      return address;
    }),
  );
}

/**
 * Copies states into the lanes of states side by side, or out of them: as many vectors at a time as
 * have lanes, transposed.
 */
function exchange(
  code: Code,
  { precision }: Numbers,
  { qubits, copies }: SmallSize,
  states: readonly (readonly Local[])[],
  isIn: boolean,
): void {
  const vectors = Array.from({ length: copies }, () => code.local(v128));
  const amplitudes = 1 << qubits;
  states.forEach((addresses, part) => {
    for (let first = 0; first < amplitudes; first += copies) {
      const apart = vectors.map((_, k) => [addresses[k], (VECTOR_BYTES * first) / copies] as const);
      const beside = vectors.map(
        (_, k) => [PACKED, VECTOR_BYTES * (part * amplitudes + first + k)] as const,
      );
      const [from, to] = isIn ? [apart, beside] : [beside, apart];
      from.forEach(([address, offset], k) => {
        code.get(address).vector(SIMD.load, offset).set(vectors[k]);
      });
      transpose(code, numbersOf(precision, false), vectors);
      to.forEach(([address, offset], k) => {
        code.get(address, vectors[k]).vector(SIMD.store, offset);
      });
    }
  });
}

/** Exchanges lane l of vector k and lane k of vector l, for all k and l. */
function transpose(code: Code, numbers: Numbers, vectors: readonly Local[]): void {
  const lanes = vectors.length;
  const kept = code.local(v128);
  for (let bit = 1; bit < lanes; bit *= 2) {
    vectors.forEach((x, k) => {
      if ((k & bit) !== 0) return;
      const y = vectors[k | bit];
      const lower = laneShuffle(numbers, (lane) => (lane & bit ? lanes + (lane ^ bit) : lane));
      const upper = laneShuffle(numbers, (lane) => (lane & bit ? lanes + lane : lane | bit));
      code.get(x, y).shuffle(lower).set(kept);
      code.get(x, y).shuffle(upper).set(y).get(kept).set(x);
    });
  }
}
