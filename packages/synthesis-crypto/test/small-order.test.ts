import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SigningKey, toBase64url, VerifyingKey } from '../src/index.ts';
import { hasSmallOrder } from '../src/small-order.ts';
import { expectCode } from './expect-code.ts';
import { bytesOfHex } from './key-material.ts';

// RFC 8032, §5.1: −x² + y² = 1 + d·x²·y² over the integers modulo p, with d = −121665/121666.
const p = 2n ** 255n - 19n;
const mod = (value: bigint): bigint => ((value % p) + p) % p;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (value: bigint): bigint => power(value, p - 2n);
const d = mod(-121665n * inverse(121666n));

/** y of twice the point with this y: (x² + y²)/(1 − d·x²·y²), where x² = (y² − 1)/(d·y² + 1). */
function doubledY(y: bigint): bigint {
  const y2 = mod(y * y);
  const x2 = mod((y2 - 1n) * inverse(d * y2 + 1n));
  return mod((x2 + y2) * inverse(1n - d * x2 * y2));
}

function encoded(y: bigint, sign: 0n | 1n): Uint8Array {
  const hex = (y + (sign << 255n)).toString(16).padStart(64, '0');
  return bytesOfHex(hex).toReversed();
}

// The two published y of order 8, little-endian, as in libsodium's list.
const orderEight = [
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
].map((hex) => BigInt(`0x${Buffer.from(bytesOfHex(hex).toReversed()).toString('hex')}`));

const smallOrder = [...orderEight, 0n, p, 1n, p + 1n, p - 1n];

describe('points of small order', () => {
  test('the list is right: doubled three times each is the neutral point, y = 1', () => {
    for (const y of smallOrder) expect(doubledY(doubledY(doubledY(mod(y))))).toBe(1n);
  });

  test.each(smallOrder.flatMap((y) => [encoded(y, 0n), encoded(y, 1n)]))('are refused', (raw) => {
    expect(hasSmallOrder(raw)).toBe(true);
    expectCode('PUBLIC_KEY_INVALID', () => VerifyingKey.fromBytes(raw));
    expectCode('PUBLIC_KEY_INVALID', () => VerifyingKey.fromText(toBase64url(raw)));
  });

  test('have cause to be refused: under y = 1 one signature is good for any message', () => {
    const neutral = encoded(1n, 0n);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(neutral) };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = Uint8Array.of(...neutral, ...new Uint8Array(32));
    for (const message of ['buy', 'sell']) {
      expect(verify(null, Buffer.from(message), key, signature)).toBe(true);
    }
  });

  test('are no others: neighbours and generated keys are taken', () => {
    for (const y of [2n, 3n, p - 2n, p + 2n, ...orderEight.map((root) => root + 1n)]) {
      expect(VerifyingKey.fromBytes(encoded(y, 0n)).toBytes()).toEqual(encoded(y, 0n));
    }
    for (let count = 0; count < 50; count += 1) SigningKey.generate()[Symbol.dispose]();
  });
});
