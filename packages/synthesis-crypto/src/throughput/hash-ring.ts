import { createHash } from 'node:crypto';
import { SynthesisCryptoError } from '../errors.ts';

const POINTS_PER_NODE = 128;
const MAX_NODES = 1024;

interface Point {
  readonly at: number;
  readonly node: string;
}

/**
 * Gives work to nodes by its key so that a node that comes or goes moves only its own share: what a
 * new node takes comes from all, and nothing moves between the others.
 *
 * @see D. Karger et al., Consistent hashing and random trees, STOC 1997
 */
export class HashRing {
  readonly #nodes = new Set<string>();
  #points: readonly Point[] = [];

  get nodes(): readonly string[] {
    return [...this.#nodes];
  }

  /** @throws {SynthesisCryptoError} `NODE_INVALID` for a known or nameless node or over 1024. */
  add(node: string): void {
    if (typeof node !== 'string' || node === '' || this.#nodes.has(node)) {
      throw new SynthesisCryptoError('NODE_INVALID', 'the node has no name or is there already');
    }
    if (this.#nodes.size >= MAX_NODES) {
      throw new SynthesisCryptoError('NODE_INVALID', `there are ${MAX_NODES} nodes already`);
    }
    this.#nodes.add(node);
    const own = Array.from({ length: POINTS_PER_NODE }, (_, index) => ({
      at: positionOf(`node ${index} ${node}`),
      node,
    }));
    // Names settle the order of points that fall together, so the order of joining never counts.
    this.#points = [...this.#points, ...own].sort(
      (a, b) => a.at - b.at || (a.node < b.node ? -1 : 1),
    );
  }

  /** @throws {SynthesisCryptoError} `NODE_INVALID` for an unknown node. */
  remove(node: string): void {
    if (!this.#nodes.delete(node)) {
      throw new SynthesisCryptoError('NODE_INVALID', 'the node is not there');
    }
    this.#points = this.#points.filter((point) => point.node !== node);
  }

  /** The node for a key, undefined when there is none. O(log(128 · nodes)). */
  nodeOf(key: string): string | undefined {
    const position = positionOf(`key ${key}`);
    let [low, high] = [0, this.#points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#points[middle].at < position) low = middle + 1;
      else high = middle;
    }
    return (this.#points.at(low) ?? this.#points.at(0))?.node;
  }
}

/** 48 bits of SHA-256. */
function positionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
