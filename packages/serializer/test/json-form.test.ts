import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeSnapshot,
  snapshotFromJson,
  snapshotToJson,
  stateFromJson,
  stateToJson,
} from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { bits, randomState } from './random-states.ts';

test('the JSON form of a Bell state is readable', () => {
  const r = Math.SQRT1_2;
  const bell = { real: Float64Array.of(r, 0, 0, r), imaginary: Float64Array.of(0, -0, 0, 0) };
  const text = stateToJson(bell);
  expect(JSON.parse(text)).toMatchObject({
    format: 'sema',
    version: 1,
    kind: 'state',
    qubits: 2,
    entries: [
      [0, r, 0],
      [1, 0, -0],
      [3, r, 0],
    ],
  });
  expect(bits(stateFromJson(text))).toEqual(bits(bell));
});

test('any state keeps every bit through JSON', () => {
  fc.assert(
    fc.property(fc.nat(6), fc.nat(1e6), fc.integer({ min: 1, max: 64 }), (qubits, seed, count) => {
      const state = randomState(qubits, seed, Math.min(count, 2 ** qubits));
      expect(bits(stateFromJson(stateToJson(state)))).toEqual(bits(state));
    }),
  );
});

const anySection: fc.Arbitrary<SectionValue> = fc.oneof(
  fc.constantFrom<SectionValue>(null, -0, 'text', { b: [1, { a: -0 }], a: null }, []),
  fc.float64Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.tuple(fc.nat(3), fc.nat(1e6)).map(([qubits, seed]) => randomState(qubits, seed)),
);

test('any snapshot keeps every section through JSON, NaN included', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), anySection), (dictionary) => {
      const sections = { ...dictionary };
      const read = snapshotFromJson(snapshotToJson(sections));
      expect(isDeepStrictEqual(read, sections)).toBe(true);
      expect(encodeSnapshot(read)).toEqual(encodeSnapshot(sections));
    }),
  );
});

const text = stateToJson(randomState(2, 5));
const change = (part: Record<string, unknown>) =>
  JSON.stringify({ ...(JSON.parse(text) as object), ...part });

test.each([
  ['no JSON', text.slice(1), 'MALFORMED_BODY'],
  ['an array', '[]', 'MALFORMED_BODY'],
  ['another format', change({ format: 'other' }), 'MALFORMED_BODY'],
  ['version 2', change({ version: 2 }), 'UNKNOWN_VERSION'],
  ['a snapshot', change({ kind: 'snapshot' }), 'WRONG_KIND'],
  ['26 qubits', change({ qubits: 26 }), 'LENGTH_LIMIT'],
  ['1e9 qubits', change({ qubits: 1e9 }), 'LENGTH_LIMIT'],
  ['half a qubit', change({ qubits: 0.5 }), 'MALFORMED_BODY'],
  ['another number of qubits', change({ qubits: 3 }), 'MALFORMED_BODY'],
  ['a word for a number', change({ real: [1, 0, 0, 'x'] }), 'MALFORMED_BODY'],
  ['a NaN', change({ real: [1, 0, 0, '7ff8000000000000'] }), 'MALFORMED_BODY'],
  ['a changed number', change({ real: [1, 0, 0, 0.5] }), 'CHECKSUM_MISMATCH'],
  ['another checksum', change({ sha256: '00' }), 'CHECKSUM_MISMATCH'],
  [
    'a descending entry',
    change({
      entries: [
        [1, 1, 0],
        [0, 1, 0],
      ],
    }),
    'MALFORMED_BODY',
  ],
  ['an entry too far', change({ entries: [[4, 1, 0]] }), 'MALFORMED_BODY'],
])('%s is refused', (_, changed, code) => {
  expect(codeOf(() => stateFromJson(changed))).toBe(code);
});

test.each([
  ['no sections', {}, 'MALFORMED_BODY'],
  ['a section twice', { sections: [json('a'), json('a')] }, 'MALFORMED_BODY'],
  ['__proto__', { sections: [json('__proto__')] }, 'MALFORMED_BODY'],
  ['an unknown type', { sections: [{ name: 'a', type: 'x' }] }, 'MALFORMED_BODY'],
  ['a byte of 256', { sections: [{ name: 'a', type: 'bytes', values: [256] }] }, 'MALFORMED_BODY'],
  ['another value', { sections: [json('a')] }, 'CHECKSUM_MISMATCH'],
])('a snapshot with %s is refused', (_, part, code) => {
  const form = { format: 'sema', version: 1, kind: 'snapshot', sha256: '00', ...part };
  expect(codeOf(() => snapshotFromJson(JSON.stringify(form)))).toBe(code);
});

function json(name: string) {
  return { name, type: 'json', value: 1 };
}
