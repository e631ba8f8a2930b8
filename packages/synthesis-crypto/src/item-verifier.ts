import { isPath, isPlace, isWellFormed, verifyBatchSignature } from './batch-signature.ts';
import type { BatchSignature, BatchVerifier, ItemProof } from './batch-signature.ts';
import { isObject } from './is-object.ts';
import { HASH_BYTES, leafHash, nodesOf, parentHash } from './merkle-tree.ts';
import type { Digest } from './merkle-tree.ts';
import type { PublicKey } from './public-key.ts';
import { requireBytes } from './require-bytes.ts';

/**
 * Verifies items of one batch, each by its own proof and in any order. The signature is verified
 * once, and what a proof has shown of the tree serves the next, so a whole batch costs about two
 * hashes an item. It says of every proof what `verifyItem` says.
 *
 * Keeps 66 bytes for each item of the batch: 69 MB for the largest.
 */
export class ItemVerifier {
  readonly #batchId: Uint8Array;
  readonly #count: number;
  /**
   * All nodes, leaves first and root last, and which of them are known to be the signed ones. With
   * a node its partner is known, and so is everything above both.
   */
  readonly #nodes: Buffer;
  readonly #isKnown: Uint8Array;

  private constructor({ batchId, count, root }: BatchSignature) {
    const nodes = nodesOf(count);
    this.#batchId = Uint8Array.from(batchId);
    this.#count = count;
    this.#nodes = Buffer.alloc(HASH_BYTES * nodes);
    this.#isKnown = new Uint8Array(nodes);
    this.#nodes.set(root, HASH_BYTES * (nodes - 1));
    this.#isKnown[nodes - 1] = 1;
  }

  /**
   * Undefined unless the batch is this key's and well formed.
   *
   * @param isSigned - how the root's signature is verified; a cache can stand in between.
   */
  static of(
    batch: BatchSignature,
    publicKey: PublicKey,
    isSigned: BatchVerifier = (each, key) => verifyBatchSignature(each, key),
  ): ItemVerifier | undefined {
    const isGood = isWellFormed(batch) && isSigned(batch, publicKey);
    return isGood ? new ItemVerifier(batch) : undefined;
  }

  /**
   * Whether the item is the one at the proof's place. What batch the proof names is not looked at:
   * its path leads to this batch's root or nowhere.
   *
   * @throws {SynthesisCryptoError} `WRONG_TYPE` unless the item is a Uint8Array.
   */
  verify(item: Uint8Array, proof: Pick<ItemProof, 'index' | 'path'>): boolean {
    requireBytes(item, 'item');
    if (!isObject(proof) || !isPlace(proof.index, this.#count) || !isPath(proof.path)) return false;
    const { index, path } = proof;
    const climbed: Digest[] = [];
    let digest = leafHash(this.#batchId, index, this.#count, item);
    let [at, start, used, isReached] = [index, 0, 0, false];
    for (let width = this.#count; ; width = (width + 1) >> 1) {
      if (!isReached && this.#isKnown[start + at] === 1) {
        if (this.#textOf(start + at) !== digest) return false;
        isReached = true;
      }
      if (width === 1) break;
      if (!isReached) climbed.push(digest);
      const partner = at ^ 1;
      if (partner < width) {
        if (used === path.length) return false;
        const sibling = path[used];
        used += 1;
        if (!isReached) digest = parentHash(digest, sibling, at % 2 === 0);
        else if (!this.#holds(start + partner, sibling)) return false;
      }
      at >>= 1;
      start += width;
    }
    if (used !== path.length) return false;
    this.#keep(index, climbed, path);
    return true;
  }

  /** Notes the nodes climbed over and their partners, which have led to a known node. */
  #keep(index: number, climbed: readonly Digest[], path: readonly Uint8Array[]): void {
    let [at, start, used, width] = [index, 0, 0, this.#count];
    for (const digest of climbed) {
      this.#nodes.write(digest, HASH_BYTES * (start + at), 'latin1');
      this.#isKnown[start + at] = 1;
      const partner = at ^ 1;
      if (partner < width) {
        this.#nodes.set(path[used], HASH_BYTES * (start + partner));
        this.#isKnown[start + partner] = 1;
        used += 1;
      }
      at >>= 1;
      start += width;
      width = (width + 1) >> 1;
    }
  }

  #textOf(node: number): Digest {
    return this.#nodes.toString('latin1', HASH_BYTES * node, HASH_BYTES * (node + 1));
  }

  #holds(node: number, hash: Uint8Array): boolean {
    const start = HASH_BYTES * node;
    for (let byte = 0; byte < HASH_BYTES; byte += 1) {
      if (this.#nodes[start + byte] !== hash[byte]) return false;
    }
    return true;
  }
}
