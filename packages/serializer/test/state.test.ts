import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeState, encodeState } from '@sema/serializer';
import type { Amplitudes } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { bodyOf, forge, pack } from './forge.ts';

const r = Math.SQRT1_2;

function amplitudes(real: readonly number[], imaginary: readonly number[]): Amplitudes {
  return { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
}

/** The bits of every number, so that −0 and +0 differ. */
function bits({ real, imaginary }: Amplitudes): readonly BigUint64Array[] {
  return [new BigUint64Array(real.slice().buffer), new BigUint64Array(imaginary.slice().buffer)];
}

// Made from the layout in the README with Python's struct.pack and hashlib.sha256.
const PUBLISHED = [
  [
    'a dense qubit, 0.6|0⟩ + 0.8i|1⟩ with one −0',
    amplitudes([0.6, 0], [-0, 0.8]),
    '53454d4101010000280000000100000002000000333333333333e33f0000000000000000' +
      '00000000000000809a9999999999e93f' +
      'e9ffd18c59988c056db231ec6863939a74d19dc909a1c8264a480dace17da2aa',
  ],
  [
    'a sparse GHZ state of three qubits',
    amplitudes([r, 0, 0, 0, 0, 0, 0, r], [0, 0, 0, 0, 0, 0, 0, 0]),
    '53454d41010100003000000003010000020000000' +
      '0000000cd3b7f669ea0e63f0000000000000000' +
      '07000000cd3b7f669ea0e63f0000000000000000' +
      '22d4b0d6dc177b65dc20346bc9af8dc6b85497740cb4b92dc1cc8a42d664406e',
  ],
] as const;

test.each(PUBLISHED)('%s has the bytes that the layout says', (_, state, hex) => {
  expect(Buffer.from(encodeState(state)).toString('hex')).toBe(hex);
  expect(bits(decodeState(Buffer.from(hex, 'hex')))).toEqual(bits(state));
});

test('|0…0⟩ of twenty qubits takes 72 bytes, and the dense form is never exceeded', () => {
  const dimension = 2 ** 20;
  const zero = { real: new Float64Array(dimension), imaginary: new Float64Array(dimension) };
  zero.real[0] = 1;
  const bytes = encodeState(zero);
  expect(bytes.length).toBe(12 + 8 + 20 + 32);
  // Comparing 2^20 elements one by one through an assertion library takes seconds.
  const decoded = decodeState(bytes);
  expect(Buffer.from(decoded.real.buffer).equals(Buffer.from(zero.real.buffer))).toBe(true);
  expect(decoded.imaginary.every((value) => Object.is(value, 0))).toBe(true);
  zero.real.fill(2 ** -10);
  expect(encodeState(zero).length).toBe(12 + 8 + 16 * dimension + 32);
});

test('a state of eight amplitudes is sparse with six of them set, and dense with seven', () => {
  // 20 bytes a sparse entry against 16 · 8 = 128 dense: six entries are smaller, seven are not.
  const lengths = [6, 7].map((count) => {
    const real = Array.from({ length: 8 }, (_, index) => (index < count ? 1 : 0));
    return encodeState(amplitudes(real, new Array<number>(8).fill(0))).length - 52;
  });
  expect(lengths).toEqual([6 * 20, 128]);
});

const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0, 0, -0) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1030, Number.MAX_VALUE),
  },
);

const anyState = fc.nat(6).chain((qubits) => {
  const size = { minLength: 2 ** qubits, maxLength: 2 ** qubits };
  return fc
    .tuple(fc.array(part, size), fc.array(part, size))
    .map(([real, imaginary]) => amplitudes(real, imaginary));
});

test('any state comes back with every bit, from bytes that depend on the state alone', () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const bytes = encodeState(state);
      const decoded = decodeState(bytes);
      expect(bits(decoded)).toEqual(bits(state));
      expect(encodeState(decoded)).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test('a state is read where it lies, at any alignment, and shares no memory with its bytes', () => {
  fc.assert(
    fc.property(anyState, fc.nat(9), (state, shift) => {
      const bytes = encodeState(state);
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      const decoded = decodeState(shifted.subarray(shift));
      shifted.fill(0xff);
      expect(bits(decoded)).toEqual(bits(state));
    }),
  );
});

test('parts that are views into larger memory are read where they lie', () => {
  const memory = Float64Array.of(9, 0.6, 0.8, 9);
  const state = { real: memory.subarray(1, 3), imaginary: new Float64Array(2) };
  expect(decodeState(encodeState(state)).real).toEqual(Float64Array.of(0.6, 0.8));
});

test.each([
  ['no amplitude', [], []],
  ['three amplitudes', [1, 0, 0], [0, 0, 0]],
  ['more real parts than imaginary', [1, 0], [0]],
  ['fewer real parts than imaginary', [1], [0, 0]],
])('%s cannot be encoded', (_, real, imaginary) => {
  expect(codeOf(() => encodeState(amplitudes(real, imaginary)))).toBe('INVALID_AMPLITUDES');
});

test.each([Number.NaN, Infinity, -Infinity])('an amplitude of %d cannot be encoded', (value) => {
  expect(codeOf(() => encodeState(amplitudes([1, value], [0, 0])))).toBe('NON_FINITE');
  expect(codeOf(() => encodeState(amplitudes([1, 0], [0, value])))).toBe('NON_FINITE');
});

test('what is no amplitudes, or no bytes, is a TypeError', () => {
  // Both as a JavaScript caller may.
  const wrong = JSON.parse('{"real":[1],"imaginary":[0]}') as Amplitudes;
  expect(() => encodeState(wrong)).toThrow(TypeError);
  const text = JSON.parse('"SEMA"') as Uint8Array;
  expect(() => decodeState(text)).toThrow(TypeError);
});

function dense(qubits: number, count: number, ...values: readonly number[]): Uint8Array {
  const numbers = values.map((value) => ['f64', value] as const);
  return pack(['u8', qubits], ['u8', 0], ['u16', 0], ['u32', count], ...numbers);
}

function sparse(
  qubits: number,
  count: number,
  ...entries: readonly (readonly [index: number, re: number, im: number])[]
): Uint8Array {
  const fields = entries.flatMap(([index, re, im]) => [
    ['u32', index] as const,
    ['f64', re] as const,
    ['f64', im] as const,
  ]);
  return pack(['u8', qubits], ['u8', 1], ['u16', 0], ['u32', count], ...fields);
}

test('the forged bodies below fail for the one thing each gets wrong', () => {
  expect(decodeState(forge('state', dense(1, 2, 0.6, 0, 0, 0.8)))).toEqual(
    amplitudes([0.6, 0], [0, 0.8]),
  );
  expect(decodeState(forge('state', sparse(2, 2, [1, r, 0], [2, 0, r])))).toEqual(
    amplitudes([0, r, 0, 0], [0, 0, r, 0]),
  );
});

test.each<[string, Uint8Array, string]>([
  ['an empty body', new Uint8Array(), 'MALFORMED_BODY'],
  ['a body shorter than its prefix', Uint8Array.of(1, 0, 0, 0, 2, 0, 0), 'MALFORMED_BODY'],
  ['26 qubits', sparse(26, 1, [0, 1, 0]), 'LENGTH_LIMIT'],
  ['255 qubits', sparse(255, 1, [0, 1, 0]), 'LENGTH_LIMIT'],
  ['25 dense qubits in a few bytes', dense(25, 2 ** 25, 1, 0), 'MALFORMED_BODY'],
  ['25 sparse qubits, 2³² − 1 entries', sparse(25, 2 ** 32 - 1, [0, 1, 0]), 'MALFORMED_BODY'],
  ['25 sparse qubits with half an entry', sparse(25, 1).slice(0, 8), 'MALFORMED_BODY'],
  ['a dense count that is too small', dense(1, 1, 1, 0), 'MALFORMED_BODY'],
  ['a dense count that is too large', dense(1, 4, 0.6, 0, 0, 0.8), 'MALFORMED_BODY'],
  ['a dense number too many', dense(1, 2, 0.6, 0, 0, 0.8, 0), 'MALFORMED_BODY'],
  ['a dense state that is smaller sparse', dense(2, 4, 1, 0, 0, 0, 0, 0, 0, 0), 'MALFORMED_BODY'],
  ['a sparse state that is smaller dense', sparse(0, 1, [0, 1, 0]), 'MALFORMED_BODY'],
  ['an unknown storage', Uint8Array.of(0, 2, 0, 0, 0, 0, 0, 0), 'MALFORMED_BODY'],
  ['reserved bytes that are not zero', Uint8Array.of(0, 1, 0, 1, 0, 0, 0, 0), 'MALFORMED_BODY'],
  ['a basis index outside the state', sparse(1, 1, [2, 1, 0]), 'MALFORMED_BODY'],
  ['a basis index twice', sparse(2, 2, [1, r, 0], [1, r, 0]), 'MALFORMED_BODY'],
  ['basis indices that descend', sparse(2, 2, [2, r, 0], [1, r, 0]), 'MALFORMED_BODY'],
  ['a sparse zero', sparse(2, 2, [1, 1, 0], [2, 0, 0]), 'MALFORMED_BODY'],
  ['a dense NaN', dense(1, 2, 0.6, Number.NaN, 0, 0.8), 'NON_FINITE'],
  ['a sparse infinity', sparse(2, 1, [1, 0, -Infinity]), 'NON_FINITE'],
])('%s behind a right checksum is refused', (_, body, code) => {
  expect(codeOf(() => decodeState(forge('state', body)))).toBe(code);
});

test('no forged length makes the decoder allocate', () => {
  const forged = [
    dense(25, 2 ** 25, 1, 0),
    sparse(25, 2 ** 32 - 1, [0, 1, 0]),
    sparse(26, 1, [0, 1, 0]),
  ].map((body) => forge('state', body));
  const before = process.memoryUsage().arrayBuffers;
  for (const bytes of forged) expect(codeOf(() => decodeState(bytes))).toBeDefined();
  // A single real part of 25 qubits would be 256 MiB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
});

test('maxQubits refuses a state that its few sparse bytes do not bound', () => {
  const bytes = forge('state', sparse(13, 1, [0, 1, 0]));
  expect(codeOf(() => decodeState(bytes, { maxQubits: 12 }))).toBe('LENGTH_LIMIT');
  expect(decodeState(bytes, { maxQubits: 13 }).real.length).toBe(2 ** 13);
});

test.each([-1, 26, 1.5, Number.NaN, Infinity])('maxQubits %d is refused', (maxQubits) => {
  const bytes = encodeState(amplitudes([1], [0]));
  expect(codeOf(() => decodeState(bytes, { maxQubits }))).toBe('INVALID_OPTION');
});

test('the body of a state starts with its qubits, so the layout holds at every size', () => {
  for (let qubits = 0; qubits <= 12; qubits += 1) {
    const real = new Float64Array(2 ** qubits).fill(1);
    expect(bodyOf(encodeState({ real, imaginary: real }))[0]).toBe(qubits);
  }
});
