import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

describe('base64url', () => {
  // RFC 4648, §10, without padding; RFC 7515, appendix C.
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
    ['\u0003\u00EC\u00FF\u00E0\u00C1', 'A-z_4ME'],
  ])('published vector %j', (latin1, text) => {
    const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
    expect(toBase64url(bytes)).toBe(text);
    expect(fromBase64url(text)).toEqual(bytes);
  });

  test('every byte string has one text and is read back from it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(3), (bytes, skip) => {
        const view = bytes.subarray(Math.min(skip, bytes.length));
        expect(fromBase64url(toBase64url(view))).toEqual(Uint8Array.from(view));
      }),
    );
  });

  test('a text is refused or is the one text of its bytes', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'AQgw_-+/= \n.é'), maxLength: 6 });
    fc.assert(
      fc.property(nearly, (text) => {
        let bytes: Uint8Array;
        try {
          bytes = fromBase64url(text);
        } catch {
          return;
        }
        expect(toBase64url(bytes)).toBe(text);
      }),
    );
  });

  test.each([
    ['padding', 'Zg=='],
    ['the other alphabet', 'A+z/4ME'],
    ['white space', 'Zm9v\n'],
    ['a stray digit', 'Zm9vY'],
    ['unused bits that are not zero', 'Zh'],
    ['other characters', 'Zm9v!'],
  ])('%s is refused', (_name, text) => {
    expectCode('BASE64URL_INVALID', () => fromBase64url(text));
  });

  test('other types are refused', () => {
    // The casts stand for callers without a type checker.
    expectCode('WRONG_TYPE', () => fromBase64url(1 as unknown as string));
    expectCode('WRONG_TYPE', () => toBase64url('Zg' as unknown as Uint8Array));
  });
});
