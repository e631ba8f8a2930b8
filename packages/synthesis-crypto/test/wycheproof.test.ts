import { describe, expect, test } from 'vitest';
import { capabilities, ecdsaFromDer, ecdsaToDer, PublicKey, VerifyingKey } from '../src/index.ts';
import { bytesOfHex, hexOf } from './key-material.ts';
import { signVectors, verifyVectors } from './ml-dsa-vectors.ts';
import { absence, hasVectors, readVectors } from './wycheproof-files.ts';

const ED25519 = 'ed25519_test.json';
const SECP256K1 = 'ecdsa_secp256k1_sha256_test.json';
const ML_DSA_VERIFY = 'mldsa_65_verify_test.json';
const ML_DSA_SIGN = 'mldsa_65_sign_seed_test.json';

describe.skipIf(!hasVectors(ED25519))(`Wycheproof's Ed25519 vectors${absence(ED25519)}`, () => {
  test.each(['VerifyingKey', 'PublicKey'])('every verdict of %s is the published one', (name) => {
    const vectors = readVectors(ED25519);
    const wrong: string[] = [];
    let count = 0;
    for (const { publicKey, tests } of vectors.testGroups) {
      const raw = bytesOfHex(typeof publicKey === 'object' ? (publicKey?.pk ?? '') : '');
      const key =
        name === 'VerifyingKey' ? VerifyingKey.fromBytes(raw) : PublicKey.fromRaw('Ed25519', raw);
      for (const { tcId, comment, msg = '', sig, result } of tests) {
        const verdict = key.verify(bytesOfHex(msg), bytesOfHex(sig)) ? 'valid' : 'invalid';
        if (verdict !== result) wrong.push(`${tcId}: ${comment} is ${result}`);
        count += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(vectors.numberOfTests);
    expect(count).toBeGreaterThan(100);
  });
});

describe.skipIf(!hasVectors(SECP256K1))(
  `Wycheproof's secp256k1 vectors${absence(SECP256K1)}`,
  () => {
    test('every verdict is the published one, the signatures in DER', () => {
      const vectors = readVectors(SECP256K1);
      const wrong: string[] = [];
      let count = 0;
      for (const { publicKey, publicKeyPem = '', tests } of vectors.testGroups) {
        const point = typeof publicKey === 'object' ? (publicKey?.uncompressed ?? '') : '';
        const key = PublicKey.fromRaw('ES256K', bytesOfHex(point));
        expect(PublicKey.fromPem('ES256K', publicKeyPem).keyId).toBe(key.keyId);
        for (const { tcId, comment, msg = '', sig, result } of tests) {
          const signature = ecdsaFromDer(bytesOfHex(sig));
          const isValid = signature !== undefined && key.verify(bytesOfHex(msg), signature);
          if ((isValid ? 'valid' : 'invalid') !== result) wrong.push(`${tcId}: ${comment}`);
          // What is read has one spelling.
          if (signature !== undefined) expect(hexOf(ecdsaToDer(signature))).toBe(sig);
          count += 1;
        }
      }
      expect(wrong).toEqual([]);
      expect(count).toBe(vectors.numberOfTests);
      expect(count).toBeGreaterThan(400);
    });
  },
);

const backends = capabilities().find(({ algorithm }) => algorithm === 'ML-DSA-65')?.backends ?? [];

describe.skipIf(!hasVectors(ML_DSA_VERIFY))(
  `Wycheproof's ML-DSA-65 vectors${absence(ML_DSA_VERIFY)}`,
  () => {
    test.each(backends)('every verdict of the %s backend is the published one', (backend) => {
      const vectors = readVectors(ML_DSA_VERIFY);
      const { count, wrong } = verifyVectors(vectors, backend);
      expect(wrong).toEqual([]);
      expect(count).toBe(vectors.numberOfTests);
      expect(count).toBeGreaterThan(200);
    });

    test.each(backends)('the %s backend signs from the published seeds', (backend) => {
      const vectors = readVectors(ML_DSA_SIGN);
      const { count, wrong } = signVectors(vectors, backend);
      expect(wrong).toEqual([]);
      expect(count).toBe(vectors.numberOfTests);
      expect(count).toBeGreaterThan(100);
    });
  },
);
