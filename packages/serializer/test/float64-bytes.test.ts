import { expect, test } from 'vitest';
import { readFloat64s, reverseEach8, writeFloat64s } from '../src/float64-bytes.ts';

const NUMBERS = [0, -0, 1, -1.5, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, Math.PI];

test('the bytes are those that DataView calls little-endian', () => {
  const bytes = new Uint8Array(8 * NUMBERS.length);
  writeFloat64s(bytes, Float64Array.from(NUMBERS));
  const view = new DataView(bytes.buffer);
  expect(NUMBERS.map((_, index) => view.getFloat64(8 * index, true))).toEqual(NUMBERS);
});

test('reversed, they are those that DataView calls big-endian', () => {
  const bytes = new Uint8Array(8 * NUMBERS.length);
  writeFloat64s(bytes, Float64Array.from(NUMBERS));
  reverseEach8(bytes);
  const view = new DataView(bytes.buffer);
  expect(NUMBERS.map((_, index) => view.getFloat64(8 * index, false))).toEqual(NUMBERS);
});

test('the payload of a NaN survives, at any alignment', () => {
  const signalling = 0xfff4_dead_beef_0001n;
  const numbers = new Float64Array(BigUint64Array.of(signalling).buffer);
  const bytes = new Uint8Array(11);
  writeFloat64s(bytes.subarray(3), numbers);
  const copy = readFloat64s(bytes.subarray(3));
  expect(new BigUint64Array(copy.buffer)[0]).toBe(signalling);
});
