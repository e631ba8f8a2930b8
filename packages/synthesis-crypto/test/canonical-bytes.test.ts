import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, MAX_CANONICAL_BYTES, MAX_CANONICAL_DEPTH } from '../src/index.ts';
import type { CanonicalValue } from '../src/index.ts';
import { canonicalValue, normalized } from './canonical-value.ts';
import { decodeCanonical } from './decode-canonical.ts';
import { expectCode } from './expect-code.ts';

const hex = (value: CanonicalValue): string => Buffer.from(canonicalBytes(value)).toString('hex');
/** The casts of this kind stand for callers without a type checker. */
const untyped = (value: unknown): CanonicalValue => value as CanonicalValue;

describe('the layout', () => {
  // Expected bytes: Python's struct, int.to_bytes and str.encode, put together by the layout.
  test('one value of every kind', () => {
    const value = {
      b: [true, null, -256n],
      a: 'é',
      '€': 0.5,
      '': Uint8Array.of(1, 255),
      '😀': false,
      '\uFF5E': 1,
    };
    expect(hex(value)).toBe(
      '534342310900000006' +
        '00000000' +
        '070000000201ff' +
        '0000000161' +
        '0600000002c3a9' +
        '0000000162' +
        '0800000003' +
        '0200' +
        '05000000020100' +
        '00000003e282ac' +
        '033fe0000000000000' +
        // U+1F600 sorts before U+FF5E: its first UTF-16 code unit is D83D.
        '00000004f09f9880' +
        '01' +
        '00000003efbd9e' +
        '033ff0000000000000',
    );
  });

  test('1, 1n, "1" and [1] differ', () => {
    expect(hex([1, 1n, '1', [1]])).toBe(
      '534342310800000004' +
        '033ff0000000000000' +
        '040000000101' +
        '060000000131' +
        '0800000001033ff0000000000000',
    );
  });
});

describe('different values have different bytes', () => {
  test('any value can be read back from its bytes', () => {
    fc.assert(
      fc.property(canonicalValue, (value) => {
        const decoded = decodeCanonical(canonicalBytes(value));
        // The matchers of the test runner take an own key `constructor` for a type.
        expect(isDeepStrictEqual(decoded, normalized(value))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('no two of the values that other encodings confuse', () => {
    const values = [
      ...[null, false, true, 0, 1, 0n, 1n, -1n, '', '0', '1', '1n', 'null', 'true'],
      ...[[], {}, [[]], [{}], [null], ['1'], [1], [1n], [[1]], ['1', '1'], ['11'], [1, [1]]],
      ...[{ '0': 1 }, { a: 1 }, { a: '1' }, { a: { a: 1 } }, { a: null }, { aa: 1 }, { a: [1] }],
      ...[new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(0x31), [0x31], [0]],
      // Composed and decomposed é, a byte order mark, a replacement character.
      ...['\u00E9', 'e\u0301', '\uFEFF', '\uFFFD', '\u0000'],
      ...[2 ** 53, 2n ** 53n, 255n, 256n, -255n, 65280n, Number.MIN_VALUE, Number.MAX_VALUE],
      ...[['a', ['b']], [['a'], 'b'], ['ab'], ['a', 'b'], { a: 'b' }, { b: 'a' }],
    ];
    expect(new Set(values.map(hex)).size).toBe(values.length);
  });

  test('no encoding is the beginning of another, so a sequence of them is unambiguous', () => {
    fc.assert(
      fc.property(canonicalValue, canonicalValue, (a, b) => {
        const [first, second] = [hex(a), hex(b)];
        fc.pre(first !== second);
        expect(second.startsWith(first)).toBe(false);
      }),
    );
  });
});

describe('equal values have equal bytes', () => {
  test('whatever the order of the keys', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), canonicalValue), {
      selector: ([key]) => key,
      maxLength: 8,
    });
    const orders = entries.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(orders, ([a, b]) => {
        expect(hex(Object.fromEntries(a))).toBe(hex(Object.fromEntries(b)));
      }),
    );
  });

  test('a key without a value is no key, and −0 is 0', () => {
    expect(hex({ a: 1, b: undefined })).toBe(hex({ a: 1 }));
    expect(hex([-0, { a: -0 }])).toBe(hex([0, { a: 0 }]));
  });

  test('a Buffer, a view and a subclass that misstates its length are their bytes', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const lying = Uint8Array.of(1, 2, 3);
    Object.defineProperty(lying, 'length', { value: 1 });
    expect(hex(Buffer.from(bytes))).toBe(hex(bytes));
    expect(hex(Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4))).toBe(hex(bytes));
    expect(hex(lying)).toBe(hex(bytes));
  });

  test('an object without a prototype is like any other', () => {
    const bare = Object.assign(Object.create(null) as Record<string, number>, { a: 1 });
    expect(hex(bare)).toBe(hex({ a: 1 }));
  });

  test('a key `__proto__` is a key', () => {
    expect(hex(untyped(JSON.parse('{"__proto__":{"a":1}}')))).not.toBe(hex({}));
  });
});

class Point {
  readonly x = 1;
}

describe('what has no canonical form', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a regular expression', /a/],
    ['an instance of a class', new Point()],
    ['an error', new Error('e')],
    ['a boxed number', Object(1)],
    ['a boxed string', Object('a')],
    ['an array of a class of its own', new (class extends Array {})()],
    ['other typed arrays', new Float64Array(1)],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a proxy', new Proxy({}, {})],
    ['a proxy of a list', new Proxy([], {})],
    ['a proxy of bytes', new Proxy(new Uint8Array(1), {})],
    ['a revoked proxy', revokedProxy()],
    // eslint-disable-next-line no-sparse-arrays
    ['a hole in a list', [, 1]],
    ['the longest list of holes', new Array(2 ** 32 - 1)],
  ])('%s', (_name, value) => {
    expectCode('UNSUPPORTED_VALUE', () => canonicalBytes(untyped(value)));
    expectCode('UNSUPPORTED_VALUE', () => canonicalBytes(untyped([value])));
    if (value !== undefined) {
      expectCode('UNSUPPORTED_VALUE', () => canonicalBytes(untyped({ key: value })));
    }
  });

  test.each<[string, object]>([
    ['a symbol as a key', { [Symbol('s')]: 1 }],
    ['a hidden key', Object.defineProperty({}, 'a', { value: 1 })],
    ['a getter', Object.defineProperty({}, 'a', { enumerable: true, get: fail })],
    ['a setter', Object.defineProperty({}, 'a', { enumerable: true, set: fail })],
    ['a getter in a list', Object.defineProperty([1], 0, { enumerable: true, get: fail })],
    ['a list with a name', Object.assign([1], { name: 'x' })],
    ['what a match returns', /a/.exec('a') ?? fail()],
    ['a toStringTag', { [Symbol.toStringTag]: 'Map' }],
  ])('%s', (_name, value) => {
    expectCode('UNSUPPORTED_PROPERTY', () => canonicalBytes(untyped(value)));
  });

  test('nothing of the value runs: neither toJSON nor valueOf nor an inherited setter', () => {
    const value = { toJSON: 1, valueOf: 'x', toString: null };
    expect(decodeCanonical(canonicalBytes(untyped(value)))).toStrictEqual(value);
    expectCode('UNSUPPORTED_VALUE', () => canonicalBytes(untyped({ toJSON: fail })));
  });

  test.each([NaN, Infinity, -Infinity])('%d', (value) => {
    expectCode('NOT_FINITE', () => canonicalBytes(value));
    expectCode('NOT_FINITE', () => canonicalBytes({ a: [value] }));
  });

  test.each(['\uD800', 'a\uDC00b', '\uDC00\uD800', '😀\uD83D'])(
    'half a surrogate pair',
    (value) => {
      expectCode('LONE_SURROGATE', () => canonicalBytes(value));
      expectCode('LONE_SURROGATE', () => canonicalBytes({ [value]: 1 }));
    },
  );

  test('the error says where, and shows no more of the value than its keys', () => {
    const error = expectCode('UNSUPPORTED_VALUE', () =>
      canonicalBytes(untyped({ secret: 'hunter2', list: [1, { when: new Date(0) }] })),
    );
    expect(error.message).toBe('at $.list[1].when: not a plain object, plain array or Uint8Array');
  });
});

describe('limits', () => {
  function nested(levels: number): CanonicalValue {
    let value: CanonicalValue = 1;
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
    return value;
  }

  test('64 levels are taken, 65 and cycles refused', () => {
    expect(decodeCanonical(canonicalBytes(nested(MAX_CANONICAL_DEPTH)))).toBeDefined();
    expectCode('TOO_DEEP', () => canonicalBytes(nested(MAX_CANONICAL_DEPTH + 1)));
    expectCode('TOO_DEEP', () => canonicalBytes(nested(10_000)));
    const cycle: CanonicalValue[] = [];
    cycle.push(cycle);
    expectCode('TOO_DEEP', () => canonicalBytes(cycle));
  });

  test('16 MiB in all are taken, one byte more refused', () => {
    // Four bytes of prefix, one tag, four of length.
    const most = MAX_CANONICAL_BYTES - 9;
    expect(canonicalBytes(new Uint8Array(most)).length).toBe(MAX_CANONICAL_BYTES);
    expectCode('TOO_LARGE', () => canonicalBytes(new Uint8Array(most + 1)));
    expect(canonicalBytes('a'.repeat(most)).length).toBe(MAX_CANONICAL_BYTES);
    expectCode('TOO_LARGE', () => canonicalBytes('a'.repeat(most + 1)));
    expectCode('TOO_LARGE', () => canonicalBytes('é'.repeat(most / 2 + 1)));
  });

  test('a value that shares its parts cannot grow past the limit', () => {
    let value: CanonicalValue = 'x'.repeat(1000);
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expectCode('TOO_LARGE', () => canonicalBytes(value));
  });

  test('bigints of 4096 bytes are taken, larger ones refused', () => {
    const bound = 1n << 32768n;
    for (const value of [bound - 1n, 1n - bound]) {
      expect(decodeCanonical(canonicalBytes(value))).toBe(value);
    }
    for (const value of [bound, -bound, 1n << 1_000_000n]) {
      expectCode('TOO_LARGE', () => canonicalBytes(value));
    }
  });

  test('values of every size around the growth of the buffer are read back', () => {
    for (let length = 200; length < 1100; length += 1) {
      const value = ['x'.repeat(length), 0.1, 7n, { key: -1 }];
      expect(decodeCanonical(canonicalBytes(value))).toStrictEqual(value);
    }
  });
});

function fail(): never {
  throw new Error('code of the value ran');
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
