import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeState,
  decodeStateChunks,
  decodeStateInto,
  encodeRounded,
  encodeState,
  encodeStateChunks,
  encodeStateInto,
} from '@sema/serializer';
import type { Amplitudes, AmplitudeSource } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { bits, randomState } from './random-states.ts';

function sourceOf({ real, imaginary }: Amplitudes): AmplitudeSource {
  return {
    dimension: real.length,
    read: (start, count) => ({
      real: real.subarray(start, start + count),
      imaginary: imaginary.subarray(start, start + count),
    }),
  };
}

function collector() {
  const state = { real: new Float64Array(), imaginary: new Float64Array() };
  const sink = {
    begin(dimension: number) {
      state.real = new Float64Array(dimension);
      state.imaginary = new Float64Array(dimension);
    },
    real: (start: number, values: Float64Array) => state.real.set(values, start),
    imaginary: (start: number, values: Float64Array) => state.imaginary.set(values, start),
  };
  return { state, sink };
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, k) =>
    bytes.subarray(k * size, (k + 1) * size),
  );
}

const anyState = fc
  .tuple(fc.nat(7), fc.nat(1e6), fc.nat(130))
  .map(([qubits, seed, occupied]) =>
    randomState(qubits, seed, Math.max(1, Math.min(occupied, 2 ** qubits))),
  );

test('the pieces put together are the bytes of the whole, whatever their size', () => {
  fc.assert(
    fc.property(anyState, fc.integer({ min: 1, max: 200 }), (state, size) => {
      const pieces = [...encodeStateChunks(sourceOf(state), size)];
      expect(Buffer.concat(pieces).equals(encodeState(state))).toBe(true);
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(20 * size + 32);
    }),
  );
});

test('bytes in pieces of any size are read to the same state', () => {
  const precision = fc.constantFrom('f64' as const, 'f32' as const, { decimals: 6 });
  fc.assert(
    fc.property(anyState, fc.integer({ min: 1, max: 100 }), precision, (state, size, kept) => {
      const { bytes } = encodeRounded(state, kept);
      const { state: read, sink } = collector();
      decodeStateChunks(cut(bytes, size), sink);
      expect(bits(read)).toEqual(bits(decodeState(bytes)));
    }),
  );
});

test('damage is found as in one piece', () => {
  const bytes = encodeState(randomState(4, 8));
  const read = (changed: Uint8Array) =>
    codeOf(() => decodeStateChunks(cut(changed, 7), collector().sink));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(read(bytes.slice(0, length)), `${length} bytes`).toBe('TRUNCATED');
  }
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = bytes.slice();
    flipped[at] ^= 0x10;
    expect(read(flipped), `byte ${at}`).toBeDefined();
  }
  expect(read(Uint8Array.of(...bytes, 0))).toBe('TRAILING_BYTES');
});

test('maxQubits holds before the sink is asked for memory', () => {
  const bytes = encodeState(randomState(6, 8, 1));
  let asked = 0;
  const sink = { ...collector().sink, begin: () => (asked += 1) };
  expect(codeOf(() => decodeStateChunks([bytes], sink, { maxQubits: 5 }))).toBe('LENGTH_LIMIT');
  expect(asked).toBe(0);
});

test.each([0, -1, 1.5, Number.NaN])('pieces of %d amplitudes are refused', (size) => {
  const source = sourceOf(randomState(2, 1));
  expect(codeOf(() => [...encodeStateChunks(source, size)])).toBe('INVALID_OPTION');
});

test('a source that gives too little, or has no power of two, is refused', () => {
  const short = { dimension: 4, read: () => randomState(1, 1) };
  expect(codeOf(() => [...encodeStateChunks(short, 4)])).toBe('INVALID_AMPLITUDES');
  const odd = { dimension: 3, read: () => randomState(1, 1) };
  expect(codeOf(() => [...encodeStateChunks(odd, 4)])).toBe('INVALID_AMPLITUDES');
});

test('amplitudes and bytes in shared memory are read as others are', () => {
  const state = randomState(5, 4);
  const shared = (part: Float64Array) => {
    const copy = new Float64Array(new SharedArrayBuffer(part.byteLength));
    copy.set(part);
    return copy;
  };
  const bytes = encodeState({ real: shared(state.real), imaginary: shared(state.imaginary) });
  expect(bytes).toEqual(encodeState(state));
  const sharedBytes = new Uint8Array(new SharedArrayBuffer(bytes.length));
  sharedBytes.set(bytes);
  const decoded = decodeState(sharedBytes);
  expect(bits(decoded)).toEqual(bits(state));
  expect(decoded.real.buffer).toBeInstanceOf(ArrayBuffer);
  const { state: read, sink } = collector();
  decodeStateChunks(cut(sharedBytes, 50), sink);
  expect(bits(read)).toEqual(bits(state));
});

test('a state is written into and read from memory that is there, whatever that held', () => {
  fc.assert(
    fc.property(anyState, fc.nat(5), (state, spare) => {
      const bytes = encodeState(state);
      const target = new Uint8Array(bytes.length + spare).fill(0xaa);
      expect(encodeStateInto(target, state)).toEqual(bytes);
      const room = { real: state.real.slice().fill(7), imaginary: state.real.slice().fill(7) };
      decodeStateInto(room, bytes);
      expect(bits(room)).toEqual(bits(state));
    }),
  );
  const state = randomState(3, 1);
  const short = new Uint8Array(encodeState(state).length - 1);
  expect(codeOf(() => encodeStateInto(short, state))).toBe('LENGTH_LIMIT');
  expect(codeOf(() => decodeStateInto(randomState(4, 1), encodeState(state)))).toBe(
    'INVALID_AMPLITUDES',
  );
});
