import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
const LEAF = 0;
const NODE = 1;
const BATCH_ID_BYTES = 16;
const LEAF_HEADER_BYTES = 4 + BATCH_ID_BYTES + 8;

/**
 * The hash of one item in its place, SHA-256 of: 0, "SMB" as three bytes, batch id (16), index
 * (u32), count (u32), the item. The other prefix of {@link nodeHash} keeps a node from passing for
 * an item; batch, index and count keep an item's proof from passing for another's.
 */
export function leafHash(
  batchId: Uint8Array,
  index: number,
  count: number,
  item: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(LEAF_HEADER_BYTES + item.length);
  bytes.set([LEAF, 0x53, 0x4d, 0x42]);
  bytes.set(batchId, 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(4 + BATCH_ID_BYTES, index);
  view.setUint32(8 + BATCH_ID_BYTES, count);
  bytes.set(item, LEAF_HEADER_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** @param bytes - where the input is put together; a kept one saves allocating. */
function nodeHash(
  left: Uint8Array,
  right: Uint8Array,
  bytes = new Uint8Array(1 + 2 * HASH_BYTES),
): Uint8Array {
  bytes[0] = NODE;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/**
 * Every level from the leaves to the root. A node without a partner moves up as it is.
 *
 * @param leaves - at least one.
 */
export function treeLevels(leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [leaves];
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  let level = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index + 1 < level.length; index += 2) {
      above.push(nodeHash(level[index], level[index + 1], bytes));
    }
    if (level.length % 2 === 1) above.push(level[level.length - 1]);
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The partners on the way from one leaf to the root. */
export function pathOf(
  levels: readonly (readonly Uint8Array[])[],
  index: number,
): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const partner = level[at ^ 1];
    if ((at ^ 1) < level.length) path.push(partner);
    at >>= 1;
  }
  return path;
}

/** The root that a leaf and its path lead to, or undefined unless the path has its one length. */
export function rootOf(
  leaf: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  let [node, at, width, used] = [leaf, index, count, 0];
  while (width > 1) {
    if ((at ^ 1) < width) {
      if (used === path.length) return undefined;
      const partner = path[used];
      node = at % 2 === 0 ? nodeHash(node, partner, bytes) : nodeHash(partner, node, bytes);
      used += 1;
    }
    at >>= 1;
    width = (width + 1) >> 1;
  }
  return used === path.length ? node : undefined;
}
