import { SIMD } from './wasm/opcodes.ts';

export type Precision = 'f64' | 'f32';

/** Everything in which the code for the two precisions differs. */
export interface Numbers {
  readonly precision: Precision;
  readonly bytes: number;
  /** log2 of how many numbers one vector has. */
  readonly laneBits: number;
  readonly splat: number;
  readonly add: number;
  readonly sub: number;
  readonly mul: number;
  /** a·b + c and c − a·b where relaxed arithmetic was asked for. */
  readonly madd: number | undefined;
  readonly nmadd: number | undefined;
}

export const VECTOR_BYTES = 16;

const DOUBLE: Numbers = {
  precision: 'f64',
  bytes: 8,
  laneBits: 1,
  splat: SIMD.load64Splat,
  add: SIMD.f64x2Add,
  sub: SIMD.f64x2Sub,
  mul: SIMD.f64x2Mul,
  madd: undefined,
  nmadd: undefined,
};

const SINGLE: Numbers = {
  precision: 'f32',
  bytes: 4,
  laneBits: 2,
  splat: SIMD.load32Splat,
  add: SIMD.f32x4Add,
  sub: SIMD.f32x4Sub,
  mul: SIMD.f32x4Mul,
  madd: undefined,
  nmadd: undefined,
};

export function numbersOf(precision: Precision, relaxed: boolean): Numbers {
  if (precision === 'f64') {
    const { f64x2RelaxedMadd: madd, f64x2RelaxedNmadd: nmadd } = SIMD;
    return relaxed ? { ...DOUBLE, madd, nmadd } : DOUBLE;
  }
  const { f32x4RelaxedMadd: madd, f32x4RelaxedNmadd: nmadd } = SIMD;
  return relaxed ? { ...SINGLE, madd, nmadd } : SINGLE;
}

/** The bytes of a vector whose lane k is −1 where bit `bit` of k is 0, else +1. */
export function signs({ precision, laneBits }: Numbers, bit: number): Uint8Array {
  const values = Array.from({ length: 1 << laneBits }, (_, lane) => ((lane >> bit) & 1) * 2 - 1);
  const vector = precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values);
  return new Uint8Array(vector.buffer);
}

/** The bytes of a vector that has the value in all lanes. */
export function uniform({ precision, laneBits }: Numbers, value: number): Uint8Array {
  const values = Array.from({ length: 1 << laneBits }, () => value);
  const vector = precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values);
  return new Uint8Array(vector.buffer);
}

/** The bytes of a vector that has all bits set in the lanes whose number has all bits of `mask`. */
export function lanesWith({ bytes, laneBits }: Numbers, mask: number): Uint8Array {
  const pattern = new Uint8Array(VECTOR_BYTES);
  for (let lane = 0; lane < 1 << laneBits; lane++) {
    if ((lane & mask) === mask) pattern.fill(0xff, lane * bytes, (lane + 1) * bytes);
  }
  return pattern;
}

/**
 * The same arithmetic on states side by side: each lane of a vector belongs to another state, so a
 * number is a vector, and coefficients are too.
 */
export function sideBySide(numbers: Numbers): Numbers {
  return { ...numbers, bytes: VECTOR_BYTES, laneBits: 0, splat: SIMD.load };
}
