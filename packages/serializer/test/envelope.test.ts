import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSnapshot, decodeState, encodeSnapshot, encodeState } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { reseal, resealWithLength } from './forge.ts';

const r = Math.SQRT1_2;
const bell = { real: Float64Array.of(r, 0, 0, r), imaginary: new Float64Array(4) };
const dense = {
  real: Float64Array.of(0.5, 0.5, -0.5, 0),
  imaginary: Float64Array.of(0, -0, 0, 0.5),
};

// A mutated qubit count must not make thousands of cases allocate 512 MiB each.
const LIMIT = { maxQubits: 12 };

/** Each encoded value with the decoder and encoder of its kind. */
const FIXTURES = [
  {
    bytes: encodeState(bell),
    again: (bytes: Uint8Array) => encodeState(decodeState(bytes, LIMIT)),
  },
  {
    bytes: encodeState(dense),
    again: (bytes: Uint8Array) => encodeState(decodeState(bytes, LIMIT)),
  },
  {
    bytes: encodeSnapshot({
      meta: { pair: 'BTC/USDT', rounds: 3, flags: [true, null, -0] },
      weights: Float64Array.of(0.25, 0.75),
      key: Uint8Array.of(1, 2),
      bell,
    }),
    again: (bytes: Uint8Array) => encodeSnapshot(decodeSnapshot(bytes, LIMIT)),
  },
] as const;

test('every flip of a single bit is refused', () => {
  for (const { bytes, again } of FIXTURES) {
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(
        codeOf(() => again(flipped)),
        `bit ${bit}`,
      ).toBeDefined();
    }
  }
});

test('every truncation is TRUNCATED', () => {
  for (const { bytes, again } of FIXTURES) {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(
        codeOf(() => again(bytes.slice(0, length))),
        `${length} bytes`,
      ).toBe('TRUNCATED');
    }
  }
});

test('every truncation whose length and checksum were made right is refused', () => {
  for (const { bytes, again } of FIXTURES) {
    for (let length = 44; length < bytes.length; length += 1) {
      const cut = resealWithLength(bytes.slice(0, length));
      expect(
        codeOf(() => again(cut)),
        `${length} bytes`,
      ).toBe('MALFORMED_BODY');
    }
  }
});

function put(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

test.each([
  ['a byte after the end', (b: Uint8Array) => Uint8Array.of(...b, 0), 'TRAILING_BYTES'],
  ['two envelopes', (b: Uint8Array) => Uint8Array.of(...b, ...b), 'TRAILING_BYTES'],
  ['another magic', (b: Uint8Array) => Uint8Array.of(0x7f, ...b.slice(1)), 'BAD_MAGIC'],
  ['one byte that is not ours', () => Uint8Array.of(0x7f), 'BAD_MAGIC'],
  ['version 0', (b: Uint8Array) => put(b, 4, 0), 'UNKNOWN_VERSION'],
  ['version 2', (b: Uint8Array) => put(b, 4, 2), 'UNKNOWN_VERSION'],
  ['an unknown kind', (b: Uint8Array) => put(b, 5, 3), 'WRONG_KIND'],
  ['a flag', (b: Uint8Array) => put(b, 6, 4), 'UNKNOWN_FLAGS'],
  ['the highest flag', (b: Uint8Array) => put(b, 7, 0x80), 'UNKNOWN_FLAGS'],
  ['a length of 4 GiB', (b: Uint8Array) => put(b, 11, 0xff), 'LENGTH_LIMIT'],
  ['a length one too large', (b: Uint8Array) => put(b, 8, b[8] + 1), 'TRUNCATED'],
  ['a length one too small', (b: Uint8Array) => put(b, 8, b[8] - 1), 'TRAILING_BYTES'],
])('%s is refused, with a right checksum too', (_, change, code) => {
  for (const { bytes, again } of FIXTURES) {
    const changed = change(bytes);
    expect(codeOf(() => again(changed))).toBe(code);
    expect(codeOf(() => again(reseal(changed)))).toBe(code);
  }
});

test('a state is no snapshot, and a snapshot no state', () => {
  expect(codeOf(() => decodeSnapshot(FIXTURES[0].bytes))).toBe('WRONG_KIND');
  expect(codeOf(() => decodeState(FIXTURES[2].bytes))).toBe('WRONG_KIND');
});

test('a changed body is seen before it is read', () => {
  for (const { bytes, again } of FIXTURES) {
    const changed = bytes.slice();
    changed[12] ^= 0xff;
    expect(codeOf(() => again(changed))).toBe('CHECKSUM_MISMATCH');
  }
});

/** Eight bytes each that mean something as a double or as a length. */
const WORDS = [0, -0, Number.NaN, -Infinity, Number.MIN_VALUE, 1].map((value) => [
  ...new Uint8Array(Float64Array.of(value).buffer),
]);

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), value: fc.nat(7) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), value: fc.nat(12) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), value: fc.nat(40) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.constant(0) }),
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(), value: fc.nat(WORDS.length - 1) }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Uint8Array, { kind, at, value }: Mutation): Uint8Array {
  const list = [...bytes];
  const index = list.length === 0 ? 0 : at % list.length;
  if (kind === 'set') list[index] = value;
  if (kind === 'flip') list[index] ^= 1 << value;
  if (kind === 'insert') list.splice(index, 0, value);
  if (kind === 'remove') list.splice(index, value);
  if (kind === 'repeat') list.splice(index, 0, ...list.slice(index, index + value));
  if (kind === 'cut') list.length = index;
  if (kind === 'word') list.splice(index, 8, ...WORDS[value]);
  return Uint8Array.from(list);
}

const REPAIRS = { none: (bytes: Uint8Array) => bytes, checksum: reseal, both: resealWithLength };

test('20 000 mutations end in a coded error, or in a value that has exactly these bytes', () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.constantFrom(...FIXTURES),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('none' as const, 'checksum' as const, 'both' as const),
      ({ bytes, again }, mutations, repair) => {
        const mutated = REPAIRS[repair](mutations.reduce(mutate, bytes));
        let encoded: Uint8Array | undefined;
        const code = codeOf(() => {
          encoded = again(mutated);
        });
        if (code === undefined) expect(encoded).toEqual(mutated);
        const outcome = code ?? 'accepted';
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      },
    ),
    { numRuns: 20_000, seed: 0x5e3a },
  );
  // The seed is fixed, so these say that the mutations reached every check, by no small number.
  for (const code of [
    'accepted',
    'BAD_MAGIC',
    'UNKNOWN_VERSION',
    'WRONG_KIND',
    'UNKNOWN_FLAGS',
    'LENGTH_LIMIT',
    'TRUNCATED',
    'TRAILING_BYTES',
    'CHECKSUM_MISMATCH',
    'MALFORMED_BODY',
    'NON_FINITE',
  ]) {
    expect(outcomes.get(code), code).toBeGreaterThan(10);
  }
});
