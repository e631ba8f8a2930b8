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
