import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALGORITHM_NAMES,
  DEFAULT_POLICY,
  ecdsaFromDer,
  ecdsaToDer,
  ItemVerifier,
  PrivateKey,
  PublicKey,
  signBatch,
  verifyBatch,
  verifyBatchSignature,
  verifyItem,
  verifyQuantumSignature,
} from '../src/index.ts';
import type { BatchSignature, ItemProof } from '../src/index.ts';
import { damagedBytes, pemOf, tryPem } from './damaged-keys.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

const message = Buffer.from('the bid is 17.25');
/** The rest have slow keys or signatures: malformed.slow.test.ts. */
const QUICK = ALGORITHM_NAMES.filter((name) => !/Falcon|SLH|PS256|\+/.test(name));

describe.each(QUICK)('%s', (name) => {
  const key = PrivateKey.generate(name);

  test('a damaged key in PEM is refused or signs as a key of its own', () => {
    const damages = damagedBytes(key);
    fc.assert(
      fc.property(damages, (damaged) => tryPem(name, damaged, message)),
      { numRuns: 150 },
    );
  });

  test('any bytes in PEM are no key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expectOnlyRefusals(() => PrivateKey.fromPem(name, pemOf('PRIVATE KEY', bytes)));
        expectOnlyRefusals(() => PublicKey.fromPem(name, pemOf('PUBLIC KEY', bytes)));
      }),
    );
  });
});

describe('an EC key that Node reads and then ends the process over', () => {
  // The inner octet string claims 102 bytes instead of 32, and so holds the rest of the key.
  const der = Buffer.from(
    '308184020100301006072a8648ce3d020106052b8104000a046d306b02010104668d1517fae83cdd' +
      '52302e9cbc15032d6378846a0d7d47264d40790507d379bd51a144034200042ad61f84ce88a6dd51' +
      '67c0d9b398eabf63e52dba674a68f92e7c066317be4fbb64bd18fcd9788c6e026516335ead955c9e' +
      'd578cbe7332f37c953d4b76feab605',
    'hex',
  );

  test('is refused in PEM', () => {
    expect(() => PrivateKey.fromPem('ES256K', pemOf('PRIVATE KEY', der))).toThrow(
      expect.objectContaining({ code: 'PEM_INVALID' }),
    );
  });

  test('is refused as a handle', () => {
    const handle = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    expect(() => PrivateKey.fromKeyObject('ES256K', handle)).toThrow(
      expect.objectContaining({ code: 'SECRET_KEY_INVALID' }),
    );
  });
});

test.each(['ES256', 'ES256K'] as const)('%s takes PKCS#8 as others write it', (name) => {
  const curve = name === 'ES256' ? 'prime256v1' : 'secp256k1';
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ours = PrivateKey.fromPem(name, pem);
  const { d } = privateKey.export({ format: 'jwk' });
  expect(ours.toJwk()).toMatchObject({ d });
  // Beside another public key, which OpenSSL takes as it is.
  const other = generateKeyPairSync('ec', { namedCurve: curve }).publicKey;
  const spki = other.export({ type: 'spki', format: 'der' });
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const mixed = Buffer.concat([der.subarray(0, der.length - 65), spki.subarray(-65)]);
  expect(() => PrivateKey.fromPem(name, pemOf('PRIVATE KEY', mixed))).toThrow(
    expect.objectContaining({ code: 'PEM_INVALID' }),
  );
});

test('any bytes as DER of an ECDSA signature are none, or have one spelling', () => {
  const lead = fc.constantFrom([], [0x30], [0x30, 6, 2, 1], [0x30, 0x44, 2, 0x20]);
  fc.assert(
    fc.property(lead, fc.uint8Array({ maxLength: 80 }), (start, rest) => {
      const der = Uint8Array.of(...start, ...rest);
      const signature = ecdsaFromDer(der);
      if (signature !== undefined) expect(ecdsaToDer(signature)).toEqual(der);
    }),
    { numRuns: 500 },
  );
});

describe('a batch from elsewhere', () => {
  const items = ['a', 'b', 'c', 'd', 'e'].map((text) => Buffer.from(text));
  using key = PrivateKey.generate('Ed25519');
  const { publicKey } = key;
  const signed = signBatch(items, key);
  const { batch } = signed;
  const proof = signed.proof(1);
  const strange = fc.anything({ withBigInt: true, withSparseArray: true, withTypedArray: true });
  /** A member's name, and what to put there that is not there already. */
  const members = <T extends object>(whole: T) =>
    fc
      .tuple(fc.constantFrom(...Object.entries(whole)), strange)
      .filter(([[, own], value]) => own !== value)
      .map(([[name], value]) => [name, value] as const);

  test('is false whatever stands in its place, and whatever stands in its members', () => {
    const verifier = ItemVerifier.of(batch, publicKey);
    const isNone = (other: BatchSignature, by: ItemProof): void => {
      expect(verifyBatchSignature(other, publicKey)).toBe(false);
      expect(verifyBatch(items, other, publicKey)).toBe(false);
      expect(verifyItem(items[1], by, publicKey)).toBe(false);
      expect(ItemVerifier.of(other, publicKey)).toBeUndefined();
    };
    fc.assert(
      fc.property(strange, members(batch), members(proof), (any, [field, value], [part, with_]) => {
        isNone(any as BatchSignature, any as ItemProof);
        const other = { ...batch, [field]: value };
        isNone(other, { ...proof, batch: other });
        const changed = { ...proof, [part]: with_ };
        expect(verifyItem(items[1], changed, publicKey)).toBe(false);
        if (part !== 'batch') expect(verifier?.verify(items[1], changed)).toBe(false);
        expect(verifier?.verify(items[1], any as ItemProof)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a path of many levels, or with a hole, is refused before it is walked', () => {
    const hash = new Uint8Array(32);
    const long = new Array<Uint8Array>(2 ** 16).fill(hash);
    const [first, ...rest] = proof.path;
    // eslint-disable-next-line no-sparse-arrays -- what JSON cannot hold but a clone can
    const holed = [first, , ...rest.slice(1)] as Uint8Array[];
    for (const path of [long, holed]) {
      expect(verifyItem(items[1], { ...proof, path }, publicKey)).toBe(false);
    }
  });

  test('no value in place of a quantum-dependent signature verifies', () => {
    fc.assert(
      fc.property(strange, (any) => {
        expect(verifyQuantumSignature(message, any as never, publicKey, [DEFAULT_POLICY])).toBe(
          false,
        );
      }),
    );
  });
});
