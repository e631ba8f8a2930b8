import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, monadHash, MonadHasher } from '../src/index.ts';
import { canonicalValue } from './canonical-value.ts';
import { expectCode } from './expect-code.ts';

describe('monadHash', () => {
  // Python's hashlib.sha256 over b'SMH1' and the two items, encoded there by the layout.
  test.each([
    ['d', [], 'a08d52ab6d3affdaeeb0a48295adb76df3c4b781529eb2abb2f2fd72d62f7ec4'],
    [
      'greeting',
      { hello: 'world', count: 1n },
      '4424bfdaebee4414f6604b9345abf7df215a4057f8d3808049ccc27cdf5be72e',
    ],
  ])('of %s is what an independent implementation gives', (domain, value, expected) => {
    expect(monadHash(domain, value)).toBe(expected);
  });

  test('the same value in two domains, or two values in one, have different hashes', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.string({ minLength: 1 }), canonicalValue),
        fc.tuple(fc.string({ minLength: 1 }), canonicalValue),
        ([domainA, a], [domainB, b]) => {
          const same =
            domainA === domainB && Buffer.compare(canonicalBytes(a), canonicalBytes(b)) === 0;
          expect(monadHash(domainA, a) === monadHash(domainB, b)).toBe(same);
          expect(monadHash(domainA, a)).not.toBe(monadHash(`${domainA}.`, a));
        },
      ),
    );
  });

  test('text does not slide between the domain and the value', () => {
    expect(monadHash('ab', 'c')).not.toBe(monadHash('a', 'bc'));
  });

  test('a domain is a well-formed string of 1 to 256 characters', () => {
    expect(monadHash('x'.repeat(256), null)).toMatch(/^[0-9a-f]{64}$/);
    expectCode('DOMAIN_INVALID', () => monadHash('', null));
    expectCode('DOMAIN_INVALID', () => monadHash('x'.repeat(257), null));
    // Stands for a caller without a type checker.
    expectCode('DOMAIN_INVALID', () => monadHash(null as unknown as string, null));
    expectCode('LONE_SURROGATE', () => monadHash('\uD800', null));
    expectCode('NOT_FINITE', () => monadHash('d', NaN));
  });

  test('a hasher that has hashed before, or refused to, gives the same hash', () => {
    const hasher = new MonadHasher();
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), canonicalValue, (domain, value) => {
        expect(hasher.hash(domain, value)).toBe(monadHash(domain, value));
        expectCode('NOT_FINITE', () => hasher.hash(domain, [value, NaN]));
        expect(hasher.hash(domain, value)).toBe(monadHash(domain, value));
      }),
    );
  });
});
