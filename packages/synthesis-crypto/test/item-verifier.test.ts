import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ItemVerifier, PrivateKey, ResultCache, signBatch, verifyItem } from '../src/index.ts';
import type { BatchSignature, ItemProof } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const key = PrivateKey.generate('Ed25519');
const { publicKey } = key;
const itemsOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`item ${index}`));

function verifierOf(batch: BatchSignature): ItemVerifier {
  const verifier = ItemVerifier.of(batch, publicKey);
  if (verifier === undefined) throw new Error('the batch is signed');
  return verifier;
}

describe('a verifier of items', () => {
  test('takes every item of batches of any size, in any order and again', () => {
    const sizes = fc.integer({ min: 1, max: 40 });
    const orders = sizes.chain((count) =>
      fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    );
    fc.assert(
      fc.property(orders, (order) => {
        const items = itemsOf(order.length);
        const signed = signBatch(items, key);
        const verifier = verifierOf(signed.batch);
        for (const index of [...order, ...order]) {
          expect(verifier.verify(items[index], signed.proof(index))).toBe(true);
        }
      }),
    );
  });

  test('says of any proof, whatever it has seen, what verifyItem says', () => {
    const count = 13;
    const items = itemsOf(count);
    const signed = signBatch(items, key);
    const foreign = signBatch(items, key);
    const place = fc.nat(count - 1);
    const bit = fc.nat(255);
    const damages: fc.Arbitrary<(proof: ItemProof) => ItemProof> = fc.oneof(
      fc.constant((proof: ItemProof) => proof),
      fc.tuple(fc.nat(3), bit).map(([level, at]) => (proof: ItemProof) => ({
        ...proof,
        path: proof.path.map((hash, index) => (index === level ? flipped(hash, at) : hash)),
      })),
      place.map((index) => (proof: ItemProof) => ({ ...proof, index })),
      place.map((index) => (proof: ItemProof) => ({ ...proof, path: foreign.proof(index).path })),
      place.map((index) => (proof: ItemProof) => ({ ...proof, path: signed.proof(index).path })),
      fc.constant((proof: ItemProof) => ({ ...proof, path: proof.path.slice(1) })),
      fc.constant((proof: ItemProof) => ({ ...proof, path: [...proof.path, proof.path[0]] })),
    );
    const visits = fc.array(fc.tuple(place, place, damages), { maxLength: 30 });
    fc.assert(
      fc.property(visits, (all) => {
        const verifier = verifierOf(signed.batch);
        for (const [from, of, damage] of all) {
          const proof = damage(signed.proof(from));
          const expected = verifyItem(items[of], proof, publicKey);
          expect(verifier.verify(items[of], proof)).toBe(expected);
        }
      }),
    );
  });

  test('is not had for a batch that the key did not sign', () => {
    const { batch } = signBatch(itemsOf(5), key);
    using other = PrivateKey.generate('Ed25519');
    expect(ItemVerifier.of(batch, other.publicKey)).toBeUndefined();
    for (const changed of [
      { ...batch, root: new Uint8Array(32) },
      { ...batch, root: new Uint8Array(31) },
      { ...batch, count: 6 },
      { ...batch, count: 2 ** 30 },
      { ...batch, batchId: new Uint8Array(15) },
      { ...batch, signature: new Uint8Array(64) },
    ]) {
      expect(ItemVerifier.of(changed, publicKey)).toBeUndefined();
    }
    // Whoever says that it is signed: its size is looked at first.
    expect(ItemVerifier.of({ ...batch, count: 2 ** 30 }, publicKey, () => true)).toBeUndefined();
  });

  test('does not follow its batch when the caller changes it', () => {
    const items = itemsOf(4);
    const signed = signBatch(items, key);
    const { batch } = signed;
    const copy = { ...batch, batchId: Uint8Array.from(batch.batchId) };
    const verifier = verifierOf(copy);
    copy.batchId.fill(0);
    expect(verifier.verify(items[2], signed.proof(2))).toBe(true);
  });

  test('is false for other places and refuses what is no item', () => {
    const items = itemsOf(5);
    const signed = signBatch(items, key);
    const verifier = verifierOf(signed.batch);
    const { path } = signed.proof(0);
    for (const index of [-1, 5, 0.5, NaN, 2 ** 32]) {
      expect(verifier.verify(items[0], { index, path })).toBe(false);
    }
    const short = [new Uint8Array(31), ...path.slice(1)];
    expect(verifier.verify(items[0], { index: 0, path: short })).toBe(false);
    expectCode('WRONG_TYPE', () =>
      verifier.verify('item 0' as unknown as Uint8Array, { index: 0, path }),
    );
  });

  test('asks a cache for the signature when it is given one', () => {
    const cache = new ResultCache({ verifications: 4, publicKeys: 4 });
    const { batch } = signBatch(itemsOf(3), key);
    for (let time = 0; time < 3; time += 1) {
      expect(ItemVerifier.of(batch, publicKey, cache.verifyBatchSignature)).toBeDefined();
    }
    expect(cache.metrics.verifications).toMatchObject({ hits: 2, misses: 1 });
  });
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3] ^= 1 << (bit & 7);
  return changed;
}
