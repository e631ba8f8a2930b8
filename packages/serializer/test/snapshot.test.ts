import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot, MAX_NAME_BYTES, MAX_SECTIONS } from '@sema/serializer';
import type { Amplitudes, SectionValue } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { forge, pack, section } from './forge.ts';

const EXAMPLE = {
  meta: { rounds: 3, pair: 'BTC/USDT', zero: -0 },
  weights: Float64Array.of(0.25, 0.75),
  key: Uint8Array.of(0, 255),
  ψ: { real: Float64Array.of(0, 1), imaginary: Float64Array.of(0, 0) },
};

// Made from the layout in the README with Python's struct.pack and hashlib.sha256.
const EXAMPLE_HEX =
  '53454d41010200008200000004000000' +
  '0104280000006d657461' +
  '7b2270616972223a224254432f55534454222c22726f756e6473223a332c227a65726f223a2d307d' +
  '02071000000077656967687473000000000000d03f000000000000e83f' +
  '0303020000006b657900ff' +
  '04021c000000cf88010100000100000001000000000000000000f03f0000000000000000' +
  'dccfc2ece7b726eeca79334b8613f2d1966636bad7446d8fdff4b4f567d57af0';

test('a snapshot of every kind of section has the bytes that the layout says', () => {
  expect(Buffer.from(encodeSnapshot(EXAMPLE)).toString('hex')).toBe(EXAMPLE_HEX);
  const decoded = decodeSnapshot(Buffer.from(EXAMPLE_HEX, 'hex'));
  expect(decoded).toStrictEqual({ ...EXAMPLE });
  expect(Object.keys(decoded)).toEqual(Object.keys(EXAMPLE));
});

const anySection: fc.Arbitrary<SectionValue> = fc.oneof(
  fc.constantFrom<SectionValue>(null, -0, 'text', { b: [1, { a: -0 }], a: null }, []),
  fc.float64Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.nat(4).chain((qubits) => {
    const size = { minLength: 2 ** qubits, maxLength: 2 ** qubits };
    const parts = fc.float64Array({ ...size, noNaN: true, noDefaultInfinity: true });
    return fc.record({ real: parts, imaginary: parts }, { noNullPrototype: true });
  }),
);

const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => name !== '__proto__' && Buffer.byteLength(name) <= MAX_NAME_BYTES);

const anySections = fc
  .array(
    fc.tuple(fc.oneof(anyName, fc.constantFrom('7', '07', 'constructor', '\ufeffa')), anySection),
    {
      maxLength: 8,
    },
  )
  .map((entries): Record<string, SectionValue> => Object.fromEntries(entries));

test('any sections come back equal and in order, from bytes that depend on them alone', () => {
  fc.assert(
    fc.property(anySections, (sections) => {
      const bytes = encodeSnapshot(sections);
      const decoded = decodeSnapshot(bytes);
      // toStrictEqual takes an own "constructor" for the class of its object.
      expect(isDeepStrictEqual(decoded, sections)).toBe(true);
      expect(Object.keys(decoded)).toEqual(Object.keys(sections));
      expect(encodeSnapshot(decoded)).toEqual(bytes);
    }),
    { numRuns: 300 },
  );
});

test('a float64 section keeps every bit of every NaN', () => {
  const patterns = BigUint64Array.of(0x7ff8_0000_0000_0000n, 0xfff4_0000_0000_0001n, 1n << 63n);
  const { v } = decodeSnapshot(encodeSnapshot({ v: new Float64Array(patterns.buffer) }));
  if (!(v instanceof Float64Array)) throw new TypeError('a float64 section came back as another');
  expect(new BigUint64Array(v.buffer)).toEqual(patterns);
});

test('a state object is written by its amplitudes alone', () => {
  class Register implements Amplitudes {
    readonly label = 'not part of the state';
    readonly #real = Float64Array.of(1, 0);
    readonly imaginary = new Float64Array(2);
    get real() {
      return this.#real;
    }
  }
  expect(decodeSnapshot(encodeSnapshot({ v: new Register() })).v).toEqual({
    real: Float64Array.of(1, 0),
    imaginary: Float64Array.of(0, 0),
  });
});

test('a plain object with amplitudes and something else is refused, not cut', () => {
  const labelled = { real: Float64Array.of(1), imaginary: Float64Array.of(0), label: 'ψ' };
  expect(codeOf(() => encodeSnapshot({ v: labelled }))).toBe('UNSUPPORTED_VALUE');
});

test('a Buffer is bytes, and what comes back owns its memory', () => {
  const bytes = encodeSnapshot({ v: Buffer.from([1, 2, 3]), w: Float64Array.of(4) });
  const input = Buffer.from(bytes);
  const decoded = decodeSnapshot(input);
  input.fill(0);
  expect(decoded).toStrictEqual({ v: Uint8Array.of(1, 2, 3), w: Float64Array.of(4) });
});

test('an empty snapshot and empty sections are values like others', () => {
  for (const sections of [{}, { a: new Float64Array(), b: new Uint8Array(), c: {}, d: [] }]) {
    expect(decodeSnapshot(encodeSnapshot(sections))).toStrictEqual(sections);
  }
});

test.each([
  ['an empty name', ''],
  ['a name of 256 bytes', 'x'.repeat(256)],
  ['a name of 256 bytes in 128 letters', 'ψ'.repeat(128)],
  ['a lone surrogate', 'a\ud800'],
  ['__proto__', '__proto__'],
])('%s cannot name a section', (_, name) => {
  const sections = Object.fromEntries([[name, 1]]);
  expect(codeOf(() => encodeSnapshot(sections))).toBe('INVALID_NAME');
});

test('names and counts may reach their limits', () => {
  const sections: Record<string, SectionValue> = { ['x'.repeat(MAX_NAME_BYTES)]: 0 };
  for (let index = 1; index < MAX_SECTIONS; index += 1) sections[`s${index}`] = index;
  expect(decodeSnapshot(encodeSnapshot(sections))).toStrictEqual(sections);
  sections.more = 0;
  expect(codeOf(() => encodeSnapshot(sections))).toBe('LENGTH_LIMIT');
});

test.each([
  ['two amplitudes that differ in length', [1, 0], [0], 'INVALID_AMPLITUDES'],
  ['an amplitude that is not finite', [1, Number.NaN], [0, 0], 'NON_FINITE'],
])('%s cannot be a section', (_, real, imaginary, code) => {
  const v = { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
  expect(codeOf(() => encodeSnapshot({ v }))).toBe(code);
});

test('what is no plain object of sections is a TypeError', () => {
  const wrong: unknown[] = [null, [], new Map([['a', 1]]), 'a', undefined];
  for (const sections of wrong) {
    // As a JavaScript caller may.
    expect(() => encodeSnapshot(sections as Record<string, SectionValue>)).toThrow(TypeError);
  }
});

const empty = new Uint8Array();
const sparseState = (qubits: number) =>
  pack(['u8', qubits], ['u8', 1], ['u16', 0], ['u32', 1], ['u32', 0], ['f64', 1], ['f64', 0]);

function snapshotBody(count: number, ...sections: readonly Uint8Array[]): Uint8Array {
  return pack(['u32', count], ...sections.map((bytes) => ['raw', bytes] as const));
}

const FORGED: readonly (readonly [what: string, body: Uint8Array, code: string])[] = [
  ['an empty body', empty, 'MALFORMED_BODY'],
  ['one section that is not there', snapshotBody(1), 'MALFORMED_BODY'],
  ['2³² − 1 sections', snapshotBody(2 ** 32 - 1), 'LENGTH_LIMIT'],
  ['1025 sections', snapshotBody(1025), 'LENGTH_LIMIT'],
  ['a section nobody counted', snapshotBody(0, section(3, 'a', empty)), 'MALFORMED_BODY'],
  ['a payload of 4 GiB', snapshotBody(1, section(2, 'a', empty, 2 ** 32 - 8)), 'MALFORMED_BODY'],
  ['a payload one byte short', snapshotBody(1, section(3, 'a', empty, 1)), 'MALFORMED_BODY'],
  ['a name beyond the end', snapshotBody(1, Uint8Array.of(3, 9, 0, 0, 0, 0)), 'MALFORMED_BODY'],
  ['an empty name', snapshotBody(1, section(3, '', empty)), 'MALFORMED_BODY'],
  ['a name __proto__', snapshotBody(1, section(3, '__proto__', empty)), 'MALFORMED_BODY'],
  [
    'a name that is no UTF-8',
    snapshotBody(1, section(3, Uint8Array.of(0xff), empty)),
    'MALFORMED_BODY',
  ],
  [
    'one name twice',
    snapshotBody(2, section(3, 'a', empty), section(3, 'a', empty)),
    'MALFORMED_BODY',
  ],
  [
    'an order no record has',
    snapshotBody(2, section(3, 'a', empty), section(3, '7', empty)),
    'MALFORMED_BODY',
  ],
  ['section type 0', snapshotBody(1, section(0, 'a', empty)), 'MALFORMED_BODY'],
  ['section type 5', snapshotBody(1, section(5, 'a', empty)), 'MALFORMED_BODY'],
  ['nine bytes of float64', snapshotBody(1, section(2, 'a', new Uint8Array(9))), 'MALFORMED_BODY'],
  ['amplitudes of no bytes', snapshotBody(1, section(4, 'a', empty)), 'MALFORMED_BODY'],
  ['a state of 26 qubits', snapshotBody(1, section(4, 'a', sparseState(26))), 'LENGTH_LIMIT'],
];

test.each(FORGED)('%s behind a right checksum is refused', (_, body, code) => {
  expect(codeOf(() => decodeSnapshot(forge('snapshot', body)))).toBe(code);
});

test('no forged length makes the decoder allocate', () => {
  const forged = FORGED.map(([, body]) => forge('snapshot', body));
  const before = process.memoryUsage().arrayBuffers;
  for (const bytes of forged) expect(codeOf(() => decodeSnapshot(bytes))).toBeDefined();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
});

test('maxQubits bounds the states of a snapshot together', () => {
  const states = (count: number) =>
    forge(
      'snapshot',
      snapshotBody(
        count,
        ...Array.from({ length: count }, (_, index) => section(4, `s${index}`, sparseState(8))),
      ),
    );
  expect(Object.keys(decodeSnapshot(states(4), { maxQubits: 10 }))).toHaveLength(4);
  expect(codeOf(() => decodeSnapshot(states(5), { maxQubits: 10 }))).toBe('LENGTH_LIMIT');
  expect(codeOf(() => decodeSnapshot(states(1), { maxQubits: 26 }))).toBe('INVALID_OPTION');
});

test('the states of a snapshot together have no more than 2²⁵ amplitudes', () => {
  const half = new Float64Array(2 ** 20);
  half[0] = 1;
  const sections: Record<string, SectionValue> = {};
  for (let index = 0; index < 33; index += 1) {
    sections[`s${index}`] = { real: half, imaginary: half };
  }
  expect(codeOf(() => encodeSnapshot(sections))).toBe('LENGTH_LIMIT');
});
