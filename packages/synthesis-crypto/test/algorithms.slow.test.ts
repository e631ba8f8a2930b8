import { slh_dsa_sha2_128f } from '@noble/post-quantum/slh-dsa.js';
import { describe, expect, test } from 'vitest';
import { PrivateKey, PublicKey } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

const message = Buffer.from('the bid is 17.25');
const SLOW = [
  'PS256-2048',
  'PS256-3072',
  'SLH-DSA-SHA2-128f',
  'SLH-DSA-SHA2-128s',
  'Falcon-512',
  'Falcon-1024',
] as const;

describe.each(SLOW)('%s', (name) => {
  const key = PrivateKey.generate(name);
  const { publicKey } = key;
  const signature = key.sign(message);

  test('verifies what it signed and nothing else', () => {
    expect(publicKey.verify(message, signature)).toBe(true);
    expect(publicKey.verify(Buffer.from('the bid is 17.26'), signature)).toBe(false);
    for (const bit of [0, 1, 4 * signature.length, 8 * signature.length - 1]) {
      const changed = Uint8Array.from(signature);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(publicKey.verify(message, changed), `bit ${bit}`).toBe(false);
    }
    for (const length of [0, 64, signature.length - 1, signature.length + 1]) {
      expect(publicKey.verify(message, new Uint8Array(length))).toBe(false);
    }
  });

  test('is read back from its raw form and from a handle', () => {
    const raw = key.toRaw();
    expect(PrivateKey.fromRaw(name, raw).publicKey.keyId).toBe(publicKey.keyId);
    const adopted = PrivateKey.fromKeyObject(name, key.toKeyObject());
    expect(adopted.publicKey.keyId).toBe(publicKey.keyId);
    expectCode('SECRET_KEY_INVALID', () => PrivateKey.fromRaw(name, raw.subarray(1)));
    const publicRaw = publicKey.toRaw();
    expect(PublicKey.fromRaw(name, publicRaw).verify(message, signature)).toBe(true);
    expectCode('PUBLIC_KEY_INVALID', () => PublicKey.fromRaw(name, publicRaw.subarray(1)));
    expectOnlyRefusals(() =>
      PublicKey.fromRaw(
        name,
        publicRaw.map((byte) => byte ^ 0xff),
      ).verify(message, signature),
    );
  });

  test.skipIf(name.startsWith('Falcon'))('is read back from JWK and PEM', () => {
    expect(PrivateKey.fromJwk(name, key.toJwk()).publicKey.keyId).toBe(publicKey.keyId);
    expect(PrivateKey.fromPem(name, key.toPem()).publicKey.keyId).toBe(publicKey.keyId);
    expect(PublicKey.fromJwk(name, publicKey.toJwk()).keyId).toBe(publicKey.keyId);
    expect(PublicKey.fromPem(name, publicKey.toPem()).keyId).toBe(publicKey.keyId);
  });

  test.runIf(name.startsWith('Falcon'))('has no standard form', () => {
    expectCode('FORMAT_UNSUPPORTED', () => key.toJwk());
    expectCode('FORMAT_UNSUPPORTED', () => key.publicKey.toPem());
  });
});

test('an RSA key of another size is refused under either name', () => {
  using key = PrivateKey.generate('PS256-2048');
  expectCode('PEM_INVALID', () => PrivateKey.fromPem('PS256-3072', key.toPem()));
  expectCode('JWK_INVALID', () => PublicKey.fromJwk('PS256-3072', key.publicKey.toJwk()));
});

test('SLH-DSA signs as the library does from a seed, without the hedge', () => {
  const { secretKey, publicKey } = slh_dsa_sha2_128f.keygen(new Uint8Array(48).fill(7));
  using key = PrivateKey.fromRaw('SLH-DSA-SHA2-128f', secretKey, { backend: 'noble' });
  expect(key.publicKey.toRaw()).toEqual(publicKey);
  const signature = key.sign(message, { deterministic: true });
  expect(signature).toEqual(slh_dsa_sha2_128f.sign(message, secretKey, { extraEntropy: false }));
});
