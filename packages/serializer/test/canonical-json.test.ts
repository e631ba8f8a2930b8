import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot, MAX_JSON_BYTES, MAX_JSON_DEPTH } from '@sema/serializer';
import type { JsonValue } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { bodyOf, forge, pack, section } from './forge.ts';

/** The JSON text that stands in the bytes: after the count, the prefix and a name of one byte. */
function textOf(value: JsonValue): string {
  return new TextDecoder().decode(bodyOf(encodeSnapshot({ v: value })).subarray(4 + 6 + 1));
}

function roundTrip(value: JsonValue): unknown {
  return decodeSnapshot(encodeSnapshot({ v: value })).v;
}

function decodeText(text: string | Uint8Array): unknown {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const body = pack(['u32', 1], ['raw', section(1, 'v', bytes)]);
  return decodeSnapshot(forge('snapshot', body)).v;
}

test('the keys of the example in RFC 8785 §3.2.3 stand in its order', () => {
  const example = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect(textOf(example)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control",' +
      '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",' +
      '"\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
});

// RFC 8785, appendix B. It writes −0 as 0; here the sign is kept.
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '-0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the double %s is written %s and comes back', (hex, text) => {
  const value = Buffer.from(hex, 'hex').readDoubleBE();
  expect(textOf(value)).toBe(text);
  expect(roundTrip(value)).toBe(value);
});

const anyJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, -0, ''),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u2028', 'ψ', '\ud800', '😀') }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 8 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

test('any JSON value comes back, −0 and lone surrogates included', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      // toStrictEqual takes an own "constructor" for the class of its object.
      expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the text is JSON, and does not depend on the order in which keys were set', () => {
  const reversed = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(isDeepStrictEqual(JSON.parse(textOf(value)), value)).toBe(true);
      expect(textOf(reversed(value))).toBe(textOf(value));
    }),
  );
});

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'UNSUPPORTED_VALUE'],
  ['undefined in an object', { a: undefined }, 'UNSUPPORTED_VALUE'],
  ['a hole in an array', [1, , 3], 'UNSUPPORTED_VALUE'], // eslint-disable-line no-sparse-arrays
  ['a function', () => 1, 'UNSUPPORTED_VALUE'],
  ['an object with toJSON', { toJSON: () => 1 }, 'UNSUPPORTED_VALUE'],
  ['a symbol', Symbol('s'), 'UNSUPPORTED_VALUE'],
  ['a bigint', 1n, 'UNSUPPORTED_VALUE'],
  ['a Date', new Date(0), 'UNSUPPORTED_VALUE'],
  ['a Map', new Map([['a', 1]]), 'UNSUPPORTED_VALUE'],
  ['a Float32Array', new Float32Array(2), 'UNSUPPORTED_VALUE'],
  ['a Float64Array inside JSON', { weights: new Float64Array(2) }, 'UNSUPPORTED_VALUE'],
  ['a key __proto__', JSON.parse('{"a":{"__proto__":{"polluted":true}}}'), 'UNSUPPORTED_VALUE'],
  ['NaN', [Number.NaN], 'NON_FINITE'],
  ['Infinity', { a: Infinity }, 'NON_FINITE'],
  ['−Infinity', -Infinity, 'NON_FINITE'],
])('%s cannot be encoded', (_, value, code) => {
  const sections = { v: value } as Record<string, JsonValue>; // as a JavaScript caller may
  expect(codeOf(() => encodeSnapshot(sections))).toBe(code);
});

test('the message names the place and the rule', () => {
  expect(() => encodeSnapshot({ v: { books: [{ mid: 1 }, { mid: Number.NaN }] } })).toThrow(
    'at value["books"][1]["mid"]: NaN is not finite',
  );
});

function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

test('nesting ends at the stated depth, in both directions', () => {
  expect(roundTrip(nested(MAX_JSON_DEPTH))).toEqual(nested(MAX_JSON_DEPTH));
  expect(codeOf(() => roundTrip(nested(MAX_JSON_DEPTH + 1)))).toBe('DEPTH_LIMIT');
  const brackets = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(decodeText(brackets(MAX_JSON_DEPTH))).toHaveLength(1);
  expect(codeOf(() => decodeText(brackets(MAX_JSON_DEPTH + 1)))).toBe('MALFORMED_BODY');
  expect(codeOf(() => decodeText(brackets(200_000)))).toBe('MALFORMED_BODY');
});

test('a value that contains itself is refused', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];
  expect(codeOf(() => encodeSnapshot({ v: cycle as JsonValue }))).toBe('DEPTH_LIMIT'); // on purpose
});

test('an object that unfolds to 2⁶⁰ copies of itself is refused once the text is too long', () => {
  let value: JsonValue = ['x'];
  for (let level = 0; level < 60; level += 1) value = [value, value];
  expect(codeOf(() => encodeSnapshot({ v: value }))).toBe('LENGTH_LIMIT');
});

test('JSON may be as long as the limit and no longer', () => {
  const quoted = (length: number) => 'x'.repeat(length - 2);
  expect(roundTrip(quoted(MAX_JSON_BYTES))).toHaveLength(MAX_JSON_BYTES - 2);
  expect(codeOf(() => encodeSnapshot({ v: quoted(MAX_JSON_BYTES + 1) }))).toBe('LENGTH_LIMIT');
  // Two bytes a letter: short enough as text, too long as UTF-8.
  expect(codeOf(() => encodeSnapshot({ v: 'ψ'.repeat(MAX_JSON_BYTES / 2) }))).toBe('LENGTH_LIMIT');
  expect(codeOf(() => decodeText(`"${quoted(MAX_JSON_BYTES + 1)}"`))).toBe('LENGTH_LIMIT');
});

test.each([
  ['nothing', ''],
  ['white space', '[1, 2]'],
  ['a line break at the end', '1\n'],
  ['a byte order mark', '\ufeff1'],
  ['keys out of order', '{"b":1,"a":2}'],
  ['a key twice', '{"a":1,"a":1}'],
  ['an exponent nobody needs', '1e2'],
  ['a decimal nobody needs', '1.0'],
  ['a number too large for a double', '1e999'],
  ['more digits than a double has', '0.1000000000000000000001'],
  ['an escape nobody needs', '"\\u0041"'],
  ['NaN', 'NaN'],
  ['an open array', '[1'],
  ['two values', '1 2'],
  ['a key __proto__', '{"__proto__":{"polluted":true}}'],
  ['a key __proto__ further in', '[{"a":{"__proto__":[]}}]'],
])('%s in a JSON section behind a right checksum is refused', (_, text) => {
  expect(codeOf(() => decodeText(text))).toBe('MALFORMED_BODY');
  expect('polluted' in {}).toBe(false);
});

test.each([
  ['a lone continuation byte', Uint8Array.of(0x22, 0x80, 0x22)],
  ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
  ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
])('%s is no UTF-8 and is refused', (_, bytes) => {
  expect(codeOf(() => decodeText(bytes))).toBe('MALFORMED_BODY');
});

test('the cause of a refused text is kept', () => {
  let cause: unknown;
  try {
    decodeText('[1');
  } catch (error) {
    cause = error instanceof Error ? error.cause : undefined;
  }
  expect(cause).toBeInstanceOf(SyntaxError);
});
