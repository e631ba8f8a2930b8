import type { AlgorithmName } from './algorithms/algorithm.ts';
import { prefixedItems } from './canonical-bytes.ts';
import { SynthesisCryptoError } from './errors.ts';
import { isObject } from './is-object.ts';
import {
  HASH_BYTES,
  isDigest,
  leafHash,
  merkleTree,
  pathOf,
  rootOfPath,
  rootOfTree,
} from './merkle-tree.ts';
import type { MerkleTree } from './merkle-tree.ts';
import type { PrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';
import { requireBytes } from './require-bytes.ts';

const MAX_LEVELS = 20;
/** The most items that one signature covers. */
export const MAX_BATCH_ITEMS = 2 ** MAX_LEVELS;
const BATCH_ID_BYTES = 16;

/** The one signature of a batch. Plain data. */
export interface BatchSignature {
  /** 128 random bits: no two batches share a leaf. */
  readonly batchId: Uint8Array;
  readonly count: number;
  readonly root: Uint8Array;
  readonly algorithm: AlgorithmName;
  readonly keyId: string;
  /** Over the prefix `SMR1` and the canonical items of batch id, count and root. */
  readonly signature: Uint8Array;
}

/** That one item is at one place of one batch. Plain data, about 32·log2(count) bytes. */
export interface ItemProof {
  readonly batch: BatchSignature;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

export interface SignedBatch {
  readonly batch: BatchSignature;
  /** @throws {SynthesisCryptoError} `BATCH_INVALID` unless 0 ≤ index < count. */
  proof(index: number): ItemProof;
}

/**
 * Signs any number of items with one signature: that of the root of a Merkle tree over them. So a
 * post-quantum signature costs each item its share and two hashes.
 *
 * @param items - 1 to 2^20.
 * @throws {SynthesisCryptoError} `BATCH_INVALID`, `WRONG_TYPE`, `DISPOSED`
 * @see Aguilar-Melchor et al., Batch Signatures, Revisited, ePrint 2023/492; RFC 6962, §2.1
 */
export function signBatch(items: readonly Uint8Array[], privateKey: PrivateKey): SignedBatch {
  requireCount(items.length);
  const batchId = crypto.getRandomValues(new Uint8Array(BATCH_ID_BYTES));
  const tree = treeOf(batchId, items);
  const root = rootOfTree(tree);
  const { algorithm, publicKey } = privateKey;
  const count = items.length;
  const batch: BatchSignature = {
    batchId,
    count,
    root,
    algorithm,
    keyId: publicKey.keyId,
    signature: privateKey.sign(rootBytes(batchId, count, root)),
  };
  return {
    batch,
    proof(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        throw new SynthesisCryptoError('BATCH_INVALID', `index ${index} is not in [0, ${count})`);
      }
      return { batch, index, path: pathOf(tree, index) };
    },
  };
}

/** Says whether a batch's signature is good; `ResultCache.verifyBatchSignature` remembers it. */
export type BatchVerifier = (batch: BatchSignature, publicKey: PublicKey) => boolean;

/**
 * Whether the signature over the root is this key's. False for anything malformed.
 *
 * @param verify - how the key is asked; a cache can stand in between.
 */
export function verifyBatchSignature(
  batch: BatchSignature,
  publicKey: PublicKey,
  verify = (key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean =>
    key.verify(message, signature),
): boolean {
  if (!isWellFormed(batch)) return false;
  const { batchId, count, root, algorithm, keyId } = batch;
  if (algorithm !== publicKey.algorithm || keyId !== publicKey.keyId) return false;
  return verify(publicKey, rootBytes(batchId, count, root), batch.signature);
}

/**
 * Whether the item is the one at the proof's place of a batch that this key signed.
 *
 * @param isSigned - how the root's signature is verified, once for all items of a batch.
 * @throws {SynthesisCryptoError} `WRONG_TYPE` unless the item is a Uint8Array.
 */
export function verifyItem(
  item: Uint8Array,
  proof: ItemProof,
  publicKey: PublicKey,
  isSigned: BatchVerifier = (batch, key) => verifyBatchSignature(batch, key),
): boolean {
  requireBytes(item, 'item');
  if (!isObject(proof) || !isWellFormed(proof.batch)) return false;
  const { batch, index, path } = proof;
  const { batchId, count, root } = batch;
  if (!isPlace(index, count) || !isPath(path)) return false;
  const reached = rootOfPath(leafHash(batchId, index, count, item), index, count, path);
  if (reached === undefined || !isDigest(root, reached)) return false;
  return isSigned(batch, publicKey);
}

/**
 * Whether these are all the items of the batch, in order. Cheaper than one proof after another.
 *
 * @throws {SynthesisCryptoError} `WRONG_TYPE` unless every item is a Uint8Array.
 */
export function verifyBatch(
  items: readonly Uint8Array[],
  batch: BatchSignature,
  publicKey: PublicKey,
): boolean {
  if (!isWellFormed(batch) || items.length !== batch.count) return false;
  const root = rootOfTree(treeOf(batch.batchId, items));
  return Buffer.from(root.buffer).equals(batch.root) && verifyBatchSignature(batch, publicKey);
}

function treeOf(batchId: Uint8Array, items: readonly Uint8Array[]): MerkleTree {
  return merkleTree(items.length, (index) => {
    requireBytes(items[index], 'item');
    return leafHash(batchId, index, items.length, items[index]);
  });
}

function rootBytes(batchId: Uint8Array, count: number, root: Uint8Array): Uint8Array {
  return prefixedItems('SMR1', [batchId, count, root]);
}

function requireCount(count: number): void {
  if (!isCount(count)) {
    throw new SynthesisCryptoError('BATCH_INVALID', `a batch has 1 to 2^20 items, not ${count}`);
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_BATCH_ITEMS;
}

/** Whether a batch has the form of one, whoever signed it. It may come from anywhere. */
export function isWellFormed(batch: BatchSignature): boolean {
  if (!isObject(batch)) return false;
  const { batchId, count, root, signature } = batch;
  return isBatchId(batchId) && isCount(count) && isHash(root) && signature instanceof Uint8Array;
}

export function isPlace(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}

export function isPath(path: readonly unknown[]): boolean {
  if (!Array.isArray(path) || path.length > MAX_LEVELS) return false;
  // Unlike `every`, this sees holes.
  for (const hash of path as readonly unknown[]) if (!isHash(hash)) return false;
  return true;
}

function isBatchId(bytes: Uint8Array): boolean {
  return bytes instanceof Uint8Array && bytes.length === BATCH_ID_BYTES;
}

function isHash(bytes: unknown): boolean {
  return bytes instanceof Uint8Array && bytes.length === HASH_BYTES;
}
