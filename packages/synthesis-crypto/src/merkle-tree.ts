import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
const LEAF = 0;
const NODE = 1;
const LEFT = 1;
const RIGHT = LEFT + HASH_BYTES;
const PAIR_BYTES = RIGHT + HASH_BYTES;
const BATCH_ID_BYTES = 16;
const LEAF_HEADER_BYTES = 4 + BATCH_ID_BYTES + 8;

/**
 * SHA-256 as 32 characters, one for each byte (latin1). Node hands out a text in half the time of a
 * Buffer, and hashes of two nodes are so short that this is most of their cost.
 */
export type Digest = string;

/**
 * The hash of one item in its place, SHA-256 of: 0, "SMB" as three bytes, batch id (16), index
 * (u32), count (u32), the item. The other prefix of a node keeps a node from passing for an item;
 * batch, index and count keep an item's proof from passing for another's.
 */
export function leafHash(
  batchId: Uint8Array,
  index: number,
  count: number,
  item: Uint8Array,
): Digest {
  const bytes = new Uint8Array(LEAF_HEADER_BYTES + item.length);
  bytes.set([LEAF, 0x53, 0x4d, 0x42]);
  bytes.set(batchId, 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(4 + BATCH_ID_BYTES, index);
  view.setUint32(8 + BATCH_ID_BYTES, count);
  bytes.set(item, LEAF_HEADER_BYTES);
  return digestOf(bytes);
}

export interface MerkleTree {
  readonly count: number;
  /** The nodes of every level, leaves first and root last, 32 bytes each. */
  readonly nodes: Uint8Array;
}

/**
 * Every level from the leaves to the root. A node's hash is SHA-256 of: 1, left, right; a node
 * without a partner moves up as it is. Keeps about 64 bytes for each leaf.
 *
 * @param count - of leaves, at least one.
 */
export function merkleTree(count: number, leaf: (index: number) => Digest): MerkleTree {
  const nodes = new Uint8Array(HASH_BYTES * nodesOf(count));
  const texts = Buffer.from(nodes.buffer);
  for (let index = 0; index < count; index += 1) {
    texts.write(leaf(index), HASH_BYTES * index, 'latin1');
  }
  const pair = emptyPair();
  let start = 0;
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    const end = start + width;
    let parent = end;
    for (let at = start; at + 1 < end; at += 2) {
      pair.set(nodes.subarray(HASH_BYTES * at, HASH_BYTES * (at + 2)), LEFT);
      texts.write(digestOf(pair), HASH_BYTES * parent, 'latin1');
      parent += 1;
    }
    if (width % 2 === 1) {
      nodes.copyWithin(HASH_BYTES * parent, HASH_BYTES * (end - 1), HASH_BYTES * end);
    }
    start = end;
  }
  return { count, nodes };
}

/** How many nodes a tree of so many leaves has, on all levels. */
export function nodesOf(count: number): number {
  let total = 1;
  for (let width = count; width > 1; width = (width + 1) >> 1) total += width;
  return total;
}

/** A copy of the root. */
export function rootOfTree({ nodes }: MerkleTree): Uint8Array {
  return nodes.slice(nodes.length - HASH_BYTES);
}

/** Copies of the partners on the way from one leaf to the root. */
export function pathOf({ count, nodes }: MerkleTree, index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let [at, start] = [index, 0];
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    const partner = at ^ 1;
    if (partner < width) {
      const first = HASH_BYTES * (start + partner);
      path.push(nodes.slice(first, first + HASH_BYTES));
    }
    at >>= 1;
    start += width;
  }
  return path;
}

/** The root that a leaf and its path lead to, or undefined unless the path has its one length. */
export function rootOfPath(
  leaf: Digest,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): Digest | undefined {
  const pair = emptyPair();
  let [node, at, used] = [leaf, index, 0];
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    if ((at ^ 1) < width) {
      if (used === path.length) return undefined;
      node = parentHash(node, path[used], at % 2 === 0, pair);
      used += 1;
    }
    at >>= 1;
  }
  return used === path.length ? node : undefined;
}

/**
 * The hash above a node and its partner.
 *
 * @param pair - where the input is put together; a kept one saves allocating.
 */
export function parentHash(
  node: Digest,
  partner: Uint8Array,
  isLeft: boolean,
  pair = emptyPair(),
): Digest {
  pair.write(node, isLeft ? LEFT : RIGHT, 'latin1');
  pair.set(partner, isLeft ? RIGHT : LEFT);
  return digestOf(pair);
}

/** Whether these bytes are that digest; both are public. */
export function isDigest(bytes: Uint8Array, digest: Digest): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') === digest;
}

function emptyPair(): Buffer {
  const pair = Buffer.alloc(PAIR_BYTES);
  pair[0] = NODE;
  return pair;
}

function digestOf(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'binary');
}
