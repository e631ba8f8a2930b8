import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  PrivateKey,
  signBatch,
  verifyBatch,
  verifyBatchSignature,
  verifyItem,
} from '../src/index.ts';
import type { ItemProof } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const key = PrivateKey.generate('Ed25519');
const { publicKey } = key;
const itemsOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`item ${index}`));
const sha256 = (...parts: Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

describe('a batch', () => {
  test('of any size has a proof for each item, of log₂ hashes at most', () => {
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 100]) {
      const items = itemsOf(count);
      const signed = signBatch(items, key);
      expect(verifyBatch(items, signed.batch, publicKey)).toBe(true);
      items.forEach((item, index) => {
        const proof = signed.proof(index);
        expect(verifyItem(item, proof, publicKey)).toBe(true);
        expect(proof.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
      });
    }
  });

  test('has the root that its definition says', () => {
    const items = itemsOf(3);
    const { batch } = signBatch(items, key);
    const u32 = (value: number): Buffer => Buffer.from([0, 0, 0, value]);
    const leaves = items.map((item, index) =>
      sha256(Buffer.from('\0SMB'), batch.batchId, u32(index), u32(3), item),
    );
    const one = Uint8Array.of(1);
    const root = sha256(one, sha256(one, leaves[0], leaves[1]), leaves[2]);
    expect(Buffer.from(batch.root).equals(root)).toBe(true);
  });

  test('signed by a post-quantum key and by a pair verifies', () => {
    for (const name of ['ML-DSA-65', 'Ed25519+ML-DSA-87'] as const) {
      using strong = PrivateKey.generate(name);
      const signed = signBatch(itemsOf(5), strong);
      expect(verifyItem(itemsOf(5)[4], signed.proof(4), strong.publicKey)).toBe(true);
      expect(verifyItem(itemsOf(5)[3], signed.proof(4), strong.publicKey)).toBe(false);
    }
  });

  test('is one signature, verified as often as the caller wants', () => {
    const items = itemsOf(16);
    const signed = signBatch(items, key);
    let verified = 0;
    const once = new Map<object, boolean>();
    for (const [index, item] of items.entries()) {
      const isGood = verifyItem(item, signed.proof(index), publicKey, (batch, by) => {
        if (!once.has(batch)) {
          verified += 1;
          once.set(batch, verifyBatchSignature(batch, by));
        }
        return once.get(batch) === true;
      });
      expect(isGood).toBe(true);
    }
    expect(verified).toBe(1);
  });

  test('of no items, of too many, or of something else is refused', () => {
    expectCode('BATCH_INVALID', () => signBatch([], key));
    const tooMany = new Array<Uint8Array>(2 ** 20 + 1).fill(Uint8Array.of(1));
    expectCode('BATCH_INVALID', () => signBatch(tooMany, key));
    expectCode('WRONG_TYPE', () => signBatch(['a' as unknown as Uint8Array], key));
    const signed = signBatch(itemsOf(2), key);
    for (const index of [-1, 2, 0.5, NaN]) expectCode('BATCH_INVALID', () => signed.proof(index));
  });
});

describe('a proof', () => {
  const items = itemsOf(13);
  const signed = signBatch(items, key);

  test('is for one item at one place of one batch', () => {
    const again = signBatch(items, key);
    fc.assert(
      fc.property(fc.nat(12), fc.nat(12), (from, to) => {
        const proof = signed.proof(from);
        expect(verifyItem(items[to], proof, publicKey)).toBe(from === to);
        expect(verifyItem(items[from], { ...proof, index: to }, publicKey)).toBe(from === to);
        // The same items signed again are another batch.
        expect(verifyItem(items[from], { ...proof, batch: again.batch }, publicKey)).toBe(false);
      }),
    );
    const twice = signBatch([items[0], items[0]], key);
    expect(verifyItem(items[0], { ...twice.proof(0), index: 1 }, publicKey)).toBe(false);
  });

  test('changed in any bit is false', () => {
    const proof = signed.proof(5);
    const parts: ((bytes: Uint8Array) => ItemProof)[] = [
      (root) => ({ ...proof, batch: { ...proof.batch, root } }),
      (batchId) => ({ ...proof, batch: { ...proof.batch, batchId } }),
      (signature) => ({ ...proof, batch: { ...proof.batch, signature } }),
      (node) => ({ ...proof, path: [node, ...proof.path.slice(1)] }),
    ];
    const { batch, path } = proof;
    const originals = [batch.root, batch.batchId, batch.signature, path[0]];
    fc.assert(
      fc.property(fc.nat(3), fc.nat(255), (part, bit) => {
        const changed = Uint8Array.from(originals[part]);
        const at = bit % (8 * changed.length);
        changed[at >> 3] ^= 1 << (at & 7);
        expect(verifyItem(items[5], parts[part](changed), publicKey)).toBe(false);
      }),
    );
  });

  test('of another length or count is false', () => {
    const proof = signed.proof(5);
    const { batch, path } = proof;
    for (const changed of [
      { ...proof, path: path.slice(1) },
      { ...proof, path: path.slice(0, -1) },
      { ...proof, path: [...path, path[0]] },
      { ...proof, path: [] },
      { ...proof, path: [new Uint8Array(31), ...path.slice(1)] },
      { ...proof, batch: { ...batch, count: 14 } },
      { ...proof, batch: { ...batch, count: 2 ** 21 } },
      { ...proof, batch: { ...batch, count: NaN } },
      { ...proof, index: -1 },
      { ...proof, index: 13 },
      { ...proof, batch: { ...batch, algorithm: 'ES256' as const } },
      { ...proof, batch: { ...batch, keyId: 'x' } },
    ]) {
      expect(verifyItem(items[5], changed, publicKey)).toBe(false);
    }
  });

  test('does not take an inner node for an item', () => {
    const pair = signBatch(itemsOf(2), key);
    const [left, right] = [pair.proof(1).path[0], pair.proof(0).path[0]];
    // What a tree without prefixes would accept: the two leaves as the only item of the tree.
    const forged = Buffer.concat([left, right]);
    const proof: ItemProof = { batch: { ...pair.batch, count: 1 }, index: 0, path: [] };
    expect(verifyItem(forged, proof, publicKey)).toBe(false);
    expect(verifyItem(Buffer.concat([Uint8Array.of(1), forged]), proof, publicKey)).toBe(false);
    expect(verifyBatch([forged], { ...pair.batch, count: 1 }, publicKey)).toBe(false);
  });

  test('by another key is false', () => {
    using other = PrivateKey.generate('Ed25519');
    expect(verifyItem(items[5], signed.proof(5), other.publicKey)).toBe(false);
    const { batch } = signed;
    expect(verifyBatch(items, batch, other.publicKey)).toBe(false);
    expect(verifyBatch(items.toReversed(), batch, publicKey)).toBe(false);
    expect(verifyBatch(items.slice(1), batch, publicKey)).toBe(false);
  });
});
