import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalBytes,
  createQuantumDependentSignature,
  createQuantumInformedKeyPair,
  DEFAULT_POLICY,
  definePolicy,
  generateQuantumVerificationCode,
  PrivateKey,
  verifyQuantumSignature,
  verifyQuantumVerificationCode,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

const policy = DEFAULT_POLICY;
const message = Buffer.from('sell 3 at 40');

describe('createQuantumInformedKeyPair', () => {
  test('the energy chooses the algorithm', () => {
    const made = [1n, 100n, 1000n, 10_000n].map(
      (tokenValue) =>
        createQuantumInformedKeyPair({ tokenValue, frequency: 1n, policy }).privateKey.algorithm,
    );
    expect(made).toEqual(['Ed25519', 'Ed25519', 'ML-DSA-65', 'Ed25519+ML-DSA-87']);
  });

  test('no two calls give the same key, whatever they are asked', () => {
    const request = { tokenValue: 5n, frequency: 7n, policy };
    const ids = Array.from(
      { length: 50 },
      () => createQuantumInformedKeyPair(request).privateKey.publicKey.keyId,
    );
    expect(new Set(ids).size).toBe(50);
  });

  test('a choice is taken inside the class and refused outside', () => {
    const request = { tokenValue: 5n, frequency: 7n, policy };
    const { privateKey } = createQuantumInformedKeyPair({ ...request, choose: () => 'ES256' });
    expect(privateKey.algorithm).toBe('ES256');
    expectCode('ALGORITHM_UNKNOWN', () =>
      createQuantumInformedKeyPair({ ...request, choose: () => 'PS256-2048' }),
    );
    const source = { take: () => PrivateKey.generate('ES256K') };
    expectCode('KEY_MISMATCH', () => createQuantumInformedKeyPair({ ...request, source }));
  });
});

describe('a quantum-dependent signature', () => {
  const privateKey = PrivateKey.generate('ML-DSA-65');
  const { publicKey } = privateKey;
  const request = { tokenValue: 500n, frequency: 4n, policy, privateKey };
  const signature = createQuantumDependentSignature(message, request);

  test('verifies for its message, key and policy', () => {
    expect(signature.class).toBe('high');
    expect(verifyQuantumSignature(message, signature, publicKey, [policy])).toBe(true);
    expect(verifyQuantumSignature(Buffer.from('x'), signature, publicKey, [policy])).toBe(false);
    const other = PrivateKey.generate('ML-DSA-65').publicKey;
    expect(verifyQuantumSignature(message, signature, other, [policy])).toBe(false);
  });

  test('an unknown or newer policy is refused', () => {
    const { id: _id, ...rules } = policy;
    const newer = definePolicy({ ...rules, version: 2 });
    expect(verifyQuantumSignature(message, signature, publicKey, [newer])).toBe(false);
    expect(verifyQuantumSignature(message, signature, publicKey, [])).toBe(false);
    expect(verifyQuantumSignature(message, signature, publicKey, [newer, policy])).toBe(true);
  });

  test('whatever is changed of it, it is false and never throws', () => {
    const change = fc.oneof(
      fc.record({ tokenValue: fc.bigInt(0n, 10_000n) }),
      fc.record({ frequency: fc.bigInt(-5n, 100n) }),
      fc.record({ class: fc.constantFrom('low', 'medium', 'maximum', 'none') }),
      fc.record({ algorithm: fc.constantFrom('Ed25519', 'ML-DSA-87', 'x') }),
      fc.record({ keyId: fc.string() }),
      fc.record({ policyId: fc.string() }),
      fc.record({ signature: fc.uint8Array({ maxLength: 4000 }) }),
      fc.record({ signature: fc.anything() }),
      fc.record({ tokenValue: fc.anything() }),
    );
    fc.assert(
      fc.property(change, (changed) => {
        // Stands for what comes over a wire.
        const forged = { ...signature, ...changed } as typeof signature;
        const isSame = Object.entries(changed).every(
          ([name, value]) => signature[name as keyof typeof signature] === value,
        );
        expect(verifyQuantumSignature(message, forged, publicKey, [policy])).toBe(isSame);
      }),
    );
  });

  test('a strong class is not signed with a weak key, nor accepted from one', () => {
    using weak = PrivateKey.generate('Ed25519');
    expectCode('KEY_MISMATCH', () =>
      createQuantumDependentSignature(message, { ...request, privateKey: weak }),
    );
    const low = createQuantumDependentSignature(message, {
      ...request,
      tokenValue: 1n,
      privateKey: weak,
    });
    const raised = { ...low, tokenValue: 100_000n };
    expect(verifyQuantumSignature(message, raised, weak.publicKey, [policy])).toBe(false);
  });
});

describe('a verification code', () => {
  const key = Buffer.alloc(32, 7);
  const subject = { token: 'abc', signature: Uint8Array.of(1, 2, 3) };

  test('is HMAC-SHA-256 of the subject as it is written', () => {
    const bytes = canonicalBytes(subject).subarray(4);
    const mac = createHmac('sha256', key).update('SVC1').update(bytes).digest();
    expect(generateQuantumVerificationCode(key, subject)).toBe(mac.toString('base64url'));
    const short = generateQuantumVerificationCode(key, subject, 16);
    expect(short).toBe(mac.subarray(0, 16).toString('base64url'));
    expect(verifyQuantumVerificationCode(key, subject, short)).toBe(true);
  });

  test('is true for its key and subject and false for all else', () => {
    const code = generateQuantumVerificationCode(key, subject);
    expect(verifyQuantumVerificationCode(key, subject, code)).toBe(true);
    expect(verifyQuantumVerificationCode(Buffer.alloc(32, 8), subject, code)).toBe(false);
    expect(verifyQuantumVerificationCode(key, { ...subject, token: 'abd' }, code)).toBe(false);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.anything()), (any) => {
        expect(verifyQuantumVerificationCode(key, subject, any as string)).toBe(any === code);
      }),
    );
    // Under 128 bits there is no code, not even a right one.
    expect(verifyQuantumVerificationCode(key, subject, code.slice(0, 20))).toBe(false);
  });

  test('takes no short key and no short code', () => {
    expectCode('CODE_KEY_INVALID', () =>
      generateQuantumVerificationCode(new Uint8Array(15), subject),
    );
    for (const bytes of [0, 15, 33, 16.5, NaN]) {
      expectCode('LIMIT_INVALID', () => generateQuantumVerificationCode(key, subject, bytes));
    }
    expectOnlyRefusals(() => generateQuantumVerificationCode('secret' as never, subject));
  });
});
