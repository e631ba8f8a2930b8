import { type Numbers, signs, VECTOR_BYTES } from './precision.ts';
import type { RotationForm } from './rotation.ts';
import type { Code, Local } from './wasm/code.ts';

/** Where rotations are written, and a register that they may overwrite. */
interface Writer {
  readonly code: Code;
  readonly numbers: Numbers;
  readonly spare: Local;
}

/** A rotation of two registers, of which `b` is where the qubit is 1. */
export function rotatePair(
  writer: Writer,
  a: Local,
  b: Local,
  form: RotationForm,
  [first, second]: readonly Local[],
): void {
  const { code, spare: kept } = writer;
  const { add, sub, mul } = writer.numbers;
  code.get(a).set(kept);
  switch (form) {
    case 'tangent':
      sumOfProduct(writer, a, b, first, sub);
      code.set(a);
      sumOfProduct(writer, b, kept, first, add);
      break;
    case 'cotangent':
      code.get(a, first).simd(mul).get(b).simd(sub).set(a);
      sumOfProduct(writer, kept, b, first, add);
      break;
    case 'plus':
      code.get(a, b).simd(sub).set(a).get(b, kept).simd(add);
      break;
    case 'minus':
      code.get(a, b).simd(add).set(a).get(b, kept).simd(sub);
      break;
    case 'full':
      code.get(a, first).simd(mul).get(b, second).simd(mul).simd(sub).set(a);
      code.get(b, first).simd(mul).get(kept, second).simd(mul).simd(add);
      break;
  }
  code.set(b);
}

/** term ± factor · other on the stack. */
function sumOfProduct(
  { code, numbers }: Writer,
  term: Local,
  other: Local,
  factor: Local,
  operation: number,
): void {
  const { add, mul, madd, nmadd } = numbers;
  const fused = operation === add ? madd : nmadd;
  if (fused !== undefined) code.get(other, factor, term).simd(fused);
  else code.get(term, other, factor).simd(mul).simd(operation);
}

/** With w the lanes exchanged and σ = −1 where the bit is 0, +1 where it is 1: c·v + s·σ·w. */
export function rotateLanes(
  writer: Writer,
  v: Local,
  bit: number,
  form: RotationForm,
  [first, second]: readonly Local[],
): void {
  const { code, numbers, spare: turned } = writer;
  const { add, sub, mul } = numbers;
  const sigma = signs(numbers, bit);
  code.get(v, v).shuffle(laneShuffle(numbers, (lane) => lane ^ (1 << bit)));
  code.v128(sigma).simd(mul).set(turned);
  switch (form) {
    case 'tangent':
      sumOfProduct(writer, v, turned, first, add);
      break;
    case 'cotangent':
      code.get(v, first).simd(mul).get(turned).simd(add);
      break;
    case 'plus':
      code.get(v, turned).simd(add);
      break;
    case 'minus':
      code.get(v, turned).simd(sub);
      break;
    case 'full':
      code.get(v, first).simd(mul).get(turned, second).simd(mul).simd(add);
      break;
  }
  code.set(v);
}

/** Bytes of a shuffle whose lane k is lane from(k) of the two vectors. */
export function laneShuffle(
  { bytes, laneBits }: Numbers,
  from: (lane: number) => number,
): number[] {
  return Array.from({ length: VECTOR_BYTES }, (_, i) => {
    const lane = Math.floor(i / bytes) & ((1 << laneBits) - 1);
    return from(lane) * bytes + (i % bytes);
  });
}
