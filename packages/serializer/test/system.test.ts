import { expect, test } from 'vitest';
import {
  decodeSnapshot,
  decodeSystem,
  encodeSnapshot,
  encodeSystem,
  SYSTEM_SCHEMA,
} from '@sema/serializer';
import type { SystemSnapshot } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { randomState } from './random-states.ts';

const SYSTEM: SystemSnapshot = {
  pool: { capacity: 25, owners: { lmsr: { min: 3, max: 12 } } },
  registers: [
    { qubits: [4, 0], state: randomState(2, 1) },
    { qubits: [1, 2, 3], state: randomState(3, 2) },
  ],
  learning: { weights: Float64Array.of(0.25, 0.75), rounds: 17 },
  entanglement: { qubits: [{ qubit: 0, ebits: 0.5 }], pairs: [] },
  regime: 'trending',
  counters: { decisions: 1440, denied: 3 },
  random: { measurement: 305419896 },
  metadata: { pair: 'BTC/USDT' },
  others: {},
};

test('a system comes back whole, in bytes that depend on it alone', () => {
  const bytes = encodeSystem(SYSTEM);
  expect(decodeSystem(bytes)).toEqual(SYSTEM);
  expect(encodeSystem(decodeSystem(bytes))).toEqual(bytes);
  expect(decodeSnapshot(bytes).system).toMatchObject({ schema: SYSTEM_SCHEMA });
});

test('what was not saved is undefined, and what is empty is empty', () => {
  expect(decodeSystem(encodeSystem({}))).toEqual({ others: {} });
  const empty = { registers: [], learning: {}, counters: {} };
  expect(decodeSystem(encodeSystem(empty))).toEqual({ ...empty, others: {} });
});

test('sections that a reader does not know are kept and written again', () => {
  const later = {
    ...decodeSnapshot(encodeSystem(SYSTEM)),
    weather: { wind: 3 },
    tape: Uint8Array.of(1, 2, 3),
  };
  const system = decodeSystem(encodeSnapshot(later));
  expect(system.others).toEqual({ weather: { wind: 3 }, tape: Uint8Array.of(1, 2, 3) });
  const again = decodeSnapshot(encodeSystem({ ...system, regime: 'crisis' }));
  expect(again).toEqual({ ...later, regime: 'crisis' });
});

/**
 * Schema 1, from before there was a section `system`: one dense state of all qubits, here 0.6|00⟩
 * + 0.8i|11⟩, facts in `meta`, and weights. Made from the layout in the README with Python's
 * struct.pack and hashlib.sha256, see fixtures/system-schema-1.py.
 */
const FIRST_SCHEMA =
  '53454d410102000084000000030000000405300000007374617465020100000200000000000000333333333333' +
  'e33f00000000000000000300000000000000000000009a9999999999e93f01041e0000006d6574617b22706169' +
  '72223a224254432f55534454222c22726f756e6473223a337d02071000000077656967687473000000000000d0' +
  '3f000000000000e83f2aed1ca534754e69a144794a3009b7c6e1fe7bbcdc3c891e0e5bb245f89f017d';

test('a snapshot of schema 1 is brought forward', () => {
  const system = decodeSystem(Buffer.from(FIRST_SCHEMA, 'hex'));
  expect(system).toEqual({
    registers: [
      {
        qubits: [0, 1],
        state: { real: Float64Array.of(0.6, 0, 0, 0), imaginary: Float64Array.of(0, 0, 0, 0.8) },
      },
    ],
    metadata: { pair: 'BTC/USDT', rounds: 3 },
    others: { weights: Float64Array.of(0.25, 0.75) },
  });
  // Written again it is of the present schema, and the same.
  const again = encodeSystem(system);
  expect(decodeSnapshot(again).system).toMatchObject({ schema: SYSTEM_SCHEMA });
  expect(decodeSystem(again)).toEqual(system);
});

test('a newer schema is refused by name, not guessed at', () => {
  const newer = encodeSnapshot({ system: { schema: SYSTEM_SCHEMA + 1 } });
  expect(codeOf(() => decodeSystem(newer))).toBe('UNKNOWN_SCHEMA');
});

test.each<[string, SystemSnapshot, string]>([
  ['a qubit in two registers', twice([0], [0]), 'INVALID_AMPLITUDES'],
  [
    'a qubit twice in one',
    { registers: [{ qubits: [0, 0], state: randomState(2, 1) }] },
    'INVALID_AMPLITUDES',
  ],
  [
    'a state too large',
    { registers: [{ qubits: [0], state: randomState(2, 1) }] },
    'INVALID_AMPLITUDES',
  ],
  ['a name of ours among the others', { others: { pool: 1 } }, 'INVALID_NAME'],
  ['a register among the others', { others: { 'register/7': 1 } }, 'INVALID_NAME'],
  ['a counter that is NaN', { counters: { a: Number.NaN } }, 'NON_FINITE'],
])('%s cannot be encoded', (_, system, code) => {
  expect(codeOf(() => encodeSystem(system))).toBe(code);
});

function twice(a: number[], b: number[]): SystemSnapshot {
  return { registers: [a, b].map((qubits) => ({ qubits, state: randomState(1, 1) })) };
}

test.each([
  ['a header that is no object', { system: 3 }],
  ['a schema that is none', { system: { schema: 'two' } }],
  ['schema 1 that says so', { system: { schema: 1 } }],
  ['a register that is not listed', { system: { schema: 2 }, 'register/0': randomState(1, 1) }],
  ['a listed register that is missing', { system: { schema: 2, registers: [[0]] } }],
  ['a register that is JSON', { system: { schema: 2, registers: [[0]] }, 'register/0': 3 }],
  ['learning data that is missing', { system: { schema: 2, learning: 1 } }],
  ['counters that are text', { system: { schema: 2 }, counters: { a: 'b' } }],
  ['a pool that is bytes', { system: { schema: 2 }, pool: Uint8Array.of(1) }],
  ['a register in schema 1', { 'register/0': randomState(1, 1) }],
])('%s is MALFORMED_BODY', (_, sections) => {
  expect(codeOf(() => decodeSystem(encodeSnapshot(sections)))).toBe('MALFORMED_BODY');
});
