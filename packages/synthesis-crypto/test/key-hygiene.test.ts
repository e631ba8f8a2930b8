import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { falcon512padded } from '@noble/post-quantum/falcon.js';
import { slh_dsa_sha2_128f } from '@noble/post-quantum/slh-dsa.js';
import { describe, expect, test } from 'vitest';
import { nobleBackend } from '../src/algorithms/noble-backend.ts';
import type { NobleAlgorithm } from '../src/algorithms/noble-backend.ts';
import { ALGORITHM_NAMES } from '../src/algorithms/algorithm.ts';
import { algorithmOf } from '../src/algorithms/registry.ts';
import { PrivateKey } from '../src/index.ts';
import type { AlgorithmName } from '../src/index.ts';
import { SecretBytes } from '../src/secret-bytes.ts';
import { expectCode } from './expect-code.ts';

const message = new Uint8Array(8);
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

describe('secret bytes', () => {
  test('are those given, and zero once let go, twice if need be', () => {
    const given = Uint8Array.of(1, 2, 3);
    const secret = new SecretBytes(given);
    expect(secret.bytes).toBe(given);
    secret[Symbol.dispose]();
    secret[Symbol.dispose]();
    expect(given).toEqual(new Uint8Array(3));
  });

  test('are zero when their scope ends by an error', () => {
    const given = Uint8Array.of(1, 2, 3);
    expect(() => {
      using secret = new SecretBytes(given);
      throw new Error(String(secret.bytes.length));
    }).toThrow('3');
    expect(isZero(given)).toBe(true);
  });
});

/** The library's own implementation, and every array with a secret that it is handed or makes. */
function watched(algorithm: NobleAlgorithm): { algorithm: NobleAlgorithm; seen: Set<Uint8Array> } {
  const { implementation } = algorithm;
  const seen = new Set<Uint8Array>();
  return {
    seen,
    algorithm: {
      ...algorithm,
      implementation: {
        keygen(seed) {
          const pair = implementation.keygen(seed);
          seen.add(pair.secretKey);
          if (seed !== undefined) seen.add(seed);
          return pair;
        },
        getPublicKey(secretKey) {
          seen.add(secretKey);
          return implementation.getPublicKey(secretKey);
        },
        sign(text, secretKey, options) {
          seen.add(secretKey);
          return implementation.sign(text, secretKey, options);
        },
        verify: (...given) => implementation.verify(...given),
      },
    },
  };
}

const nobles: readonly NobleAlgorithm[] = [
  {
    name: 'ML-DSA-65',
    implementation: ml_dsa65,
    secretIsSeed: true,
    secretBytes: 32,
    publicKeyBytes: 1952,
    canRepeat: true,
  },
  {
    name: 'SLH-DSA-SHA2-128f',
    implementation: slh_dsa_sha2_128f,
    secretIsSeed: false,
    secretBytes: 64,
    publicKeyBytes: 32,
    canRepeat: true,
  },
  {
    name: 'Falcon-512',
    implementation: falcon512padded,
    secretIsSeed: false,
    secretBytes: 1281,
    publicKeyBytes: 897,
    canRepeat: false,
  },
];

describe.each(nobles)('$name on noble zeroes every secret array on dispose', (plain) => {
  test.each(['generated', 'imported', 'adopted'])('of a key that is %s', (way) => {
    const { algorithm, seen } = watched(plain);
    const backend = nobleBackend(algorithm);
    const first = backend.generate();
    const exported = first.exportSecret();
    const signer =
      way === 'generated'
        ? first
        : way === 'imported'
          ? backend.signer(exported)
          : backend.adopt(first.toKeyObject());
    signer.sign(message, {});
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen].some(isZero)).toBe(false);

    first.dispose();
    signer.dispose();
    expect([...seen].every(isZero)).toBe(true);
    expect(isZero(exported)).toBe(false);
    expectCode('DISPOSED', () => signer.sign(message, {}));
  });

  test('of a secret that is refused', () => {
    const { algorithm, seen } = watched({ ...plain, fits: () => false });
    const backend = nobleBackend(algorithm);
    const first = backend.generate();
    const exported = first.exportSecret();
    first.dispose();
    expectCode('SECRET_KEY_INVALID', () => backend.signer(exported));
    expect([...seen].every(isZero)).toBe(true);
    expect(isZero(exported)).toBe(false);
  });
});

/** Small buffers share this memory, where what one leaves stays until it is written over. */
function sharedMemory(): Buffer {
  return Buffer.from(Buffer.allocUnsafe(1).buffer);
}

/** Whether what `action` did left the secret in memory that later buffers will share. */
function leaves(secret: Uint8Array, action: () => void): boolean {
  const before = sharedMemory().fill(0);
  action();
  const wanted = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength);
  return [before, sharedMemory()].some((memory) => memory.includes(wanted));
}

const WITH_FORMS = ALGORITHM_NAMES.filter((name) => algorithmOf(name).forms !== undefined);
/** RSA's secret is DER; its middle is of the private exponent. */
const pieceOf = (name: AlgorithmName, raw: Uint8Array): Uint8Array =>
  name.startsWith('PS256') ? raw.slice(400, 432) : raw.slice(0, 32);

describe('memory that buffers share', () => {
  test('the search finds what a plain copy leaves there', () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    expect(leaves(secret, () => Buffer.from(secret))).toBe(true);
  });

  // What makes SLH-DSA's small signer takes a second a key, and its forms are the fast one's.
  test.each(WITH_FORMS.filter((name) => name !== 'SLH-DSA-SHA2-128s'))(
    'holds no secret of %s after it was imported, used, exported and disposed',
    (name) => {
      using key = PrivateKey.generate(name);
      const raw = key.toRaw();
      const [jwk, pem] = [key.toJwk(), key.toPem()];
      const secret = pieceOf(name, raw);
      const left = leaves(secret, () => {
        for (const make of [
          () => PrivateKey.fromRaw(name, raw),
          () => PrivateKey.fromJwk(name, jwk),
          () => PrivateKey.fromPem(name, pem),
          () => PrivateKey.fromKeyObject(name, key.toKeyObject()),
        ]) {
          using made = make();
          made.sign(message);
          made.toJwk();
          made.toPem();
          made.toRaw().fill(0);
        }
      });
      expect(left).toBe(false);
    },
  );
});
