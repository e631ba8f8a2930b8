import fc from 'fast-check';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SigningKey, toBase64url, VerifyingKey } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { bytesOfHex, hexOf, rfc8032 } from './key-material.ts';

const [, vector] = rfc8032;
const key = VerifyingKey.fromBytes(bytesOfHex(vector.publicKey));
const message = bytesOfHex(vector.message);
const signature = bytesOfHex(vector.signature);

describe('a public key', () => {
  test('has one text, which gives it back', () => {
    const again = VerifyingKey.fromText(key.toText());
    expect(hexOf(again.toBytes())).toBe(vector.publicKey);
    expect(again.keyId).toBe(key.keyId);
    expect(again.verify(message, signature)).toBe(true);
    expect(inspect(key)).toBe(`VerifyingKey { keyId: '${key.keyId}' }`);
  });

  test('is not changed by what happens to the bytes it came from or gave out', () => {
    const bytes = bytesOfHex(vector.publicKey);
    const copied = VerifyingKey.fromBytes(bytes);
    bytes.fill(0);
    copied.toBytes().fill(0);
    expect(hexOf(copied.toBytes())).toBe(vector.publicKey);
    expect(copied.verify(message, signature)).toBe(true);
  });

  test('is any 32 bytes, each with its own text and id', () => {
    const raw = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(raw, raw, (a, b) => {
        const [keyA, keyB] = [VerifyingKey.fromBytes(a), VerifyingKey.fromBytes(b)];
        expect(keyA.toBytes()).toEqual(a);
        expect(keyA.keyId === keyB.keyId).toBe(hexOf(a) === hexOf(b));
        expect(keyA.verify(message, signature)).toBe(hexOf(a) === vector.publicKey);
      }),
    );
  });

  test('of bytes that are no point of the curve verifies nothing', () => {
    // y = 2 has no x on the curve.
    const noPoint = VerifyingKey.fromBytes(Uint8Array.of(2, ...new Uint8Array(31)));
    expect(noPoint.verify(message, signature)).toBe(false);
    expect(noPoint.verify(message, new Uint8Array(64))).toBe(false);
  });

  test.each([0, 31, 33, 64])('of %i bytes is refused', (length) => {
    expectCode('PUBLIC_KEY_INVALID', () => VerifyingKey.fromBytes(new Uint8Array(length)));
    const lying = Object.defineProperty(new Uint8Array(length), 'byteLength', { value: 32 });
    expectCode('PUBLIC_KEY_INVALID', () => VerifyingKey.fromBytes(lying));
    const text = toBase64url(new Uint8Array(length));
    expectCode('PUBLIC_KEY_INVALID', () => VerifyingKey.fromText(text));
  });

  test('in another spelling or type is refused', () => {
    const text = key.toText();
    expectCode('BASE64URL_INVALID', () => VerifyingKey.fromText(`${text}=`));
    // The last of 43 digits holds four bits and two zeros.
    expectCode('BASE64URL_INVALID', () => VerifyingKey.fromText(`${text.slice(0, -1)}x`));
    // The casts stand for callers without a type checker.
    expectCode('WRONG_TYPE', () => VerifyingKey.fromText(null as unknown as string));
    expectCode('WRONG_TYPE', () =>
      VerifyingKey.fromBytes(vector.publicKey as unknown as Uint8Array),
    );
  });
});

describe('verify', () => {
  test('is false for a signature of another length', () => {
    for (const length of [0, 1, 32, 63, 65, 128, 1000]) {
      const other = new Uint8Array(length);
      other.set(signature.subarray(0, length));
      expect(key.verify(message, other), `${length} bytes`).toBe(false);
    }
  });

  test('is false for S + L, the same signature with its scalar past the group order', () => {
    // RFC 8032, §5.1.7: S must be below L = 2^252 + 27742317777372353535851937790883648493.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${hexOf(bytes.toReversed())}`);
    const moved = littleEndian(signature.subarray(32)) + order;
    const malleated = Uint8Array.from(signature);
    malleated.set(bytesOfHex(moved.toString(16).padStart(64, '0')).toReversed(), 32);
    expect(key.verify(message, malleated)).toBe(false);
  });

  test('throws for arguments of another type, also a text of the signature', () => {
    const wrong: unknown[] = [undefined, null, 'aa', 1, [1], {}, new ArrayBuffer(64)];
    for (const argument of wrong) {
      // Stands for a caller without a type checker.
      const bytes = argument as Uint8Array;
      expectCode('WRONG_TYPE', () => key.verify(bytes, signature));
      expectCode('WRONG_TYPE', () => key.verify(message, bytes));
    }
  });

  test('takes a Buffer and a view as their bytes', () => {
    using signer = SigningKey.generate();
    const signed = Buffer.from(signer.sign(Buffer.from('abc')));
    const padded = Uint8Array.of(0, ...signed, 0);
    expect(signer.verifyingKey.verify(Buffer.from('abc'), padded.subarray(1, 65))).toBe(true);
  });
});
