const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Copies numbers into little-endian bytes, bit for bit: the sign of zero, subnormals and the
 * payload of a NaN survive, which reading them as numbers would not promise. O(n).
 *
 * @param target - exactly 8 bytes for each number, at any alignment.
 */
export function writeFloat64s(target: Uint8Array, numbers: Float64Array): void {
  target.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  if (!HOST_IS_LITTLE_ENDIAN) reverseEach8(target);
}

/** The inverse of `writeFloat64s`. The result owns its memory. */
export function readFloat64s(source: Uint8Array): Float64Array {
  const numbers = new Float64Array(source.byteLength / 8);
  readFloat64sInto(numbers, source);
  return numbers;
}

/** As `readFloat64s`, into memory that is there: exactly one number for every 8 bytes. */
export function readFloat64sInto(target: Float64Array, source: Uint8Array): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  bytes.set(source);
  if (!HOST_IS_LITTLE_ENDIAN) reverseEach8(bytes);
}

/** Turns little-endian 8-byte words into big-endian ones and back, in place. */
export function reverseEach8(bytes: Uint8Array): void {
  for (let start = 0; start < bytes.byteLength; start += 8) {
    bytes.subarray(start, start + 8).reverse();
  }
}
