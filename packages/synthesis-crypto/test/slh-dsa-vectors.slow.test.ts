import { slh_dsa_sha2_128f, slh_dsa_sha2_128s } from '@noble/post-quantum/slh-dsa.js';
import { expect, test } from 'vitest';
import { PrivateKey, PublicKey } from '../src/index.ts';
import { bytesOfHex, hexOf } from './key-material.ts';
import { NIST, sha256 } from './published-keys.ts';

// Raw secrets hold the seeds and the root already, and our interface takes no seed of its own and
// signs the message behind a context: so the library that runs is asked itself.

test('SLH-DSA-SHA2-128s: ten seeds of NIST’s ACVP give the published keys', () => {
  const vectors = NIST.slhDsaKeys['SLH-DSA-SHA2-128s'];
  expect(vectors).toHaveLength(10);
  for (const { seed, secretKey, publicKey } of vectors) {
    const made = slh_dsa_sha2_128s.keygen(bytesOfHex(seed));
    expect(hexOf(made.secretKey)).toBe(secretKey);
    expect(hexOf(made.publicKey)).toBe(publicKey);
    using key = PrivateKey.fromRaw('SLH-DSA-SHA2-128s', made.secretKey);
    expect(hexOf(key.publicKey.toRaw())).toBe(publicKey);
  }
});

test.each([
  ['SLH-DSA-SHA2-128f', slh_dsa_sha2_128f],
  ['SLH-DSA-SHA2-128s', slh_dsa_sha2_128s],
] as const)('%s signs as the reference implementation of SPHINCS+', (name, implementation) => {
  const { seed, message, randomness, signatureSha256 } = NIST.slhDsaSignatures[name];
  const { secretKey, publicKey } = implementation.keygen(bytesOfHex(seed));
  const extraEntropy = bytesOfHex(randomness);
  const { internal } = implementation;
  const signature = internal.sign(bytesOfHex(message), secretKey, { extraEntropy });
  expect(sha256(signature)).toBe(signatureSha256);
  expect(internal.verify(signature, bytesOfHex(message), publicKey)).toBe(true);
  // Our interface puts a context before the message, even if it is empty: not the same message.
  expect(PublicKey.fromRaw(name, publicKey).verify(bytesOfHex(message), signature)).toBe(false);
});
