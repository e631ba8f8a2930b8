import { createHash } from 'node:crypto';

/** The partition of a market, which depends on no other market: `partition.<number below count>`. */
export function partitionOf(market: string, count: number): string {
  return `partition.${String(hashOf(market) % count)}`;
}

/**
 * Which node is to own each partition: every node has as many as any other, or one more, and each
 * partition goes to the one that it likes best of those that are not full yet.
 *
 * Everybody who knows the same nodes comes to the same answer, in whatever order they are listed. A
 * node that comes or goes moves few partitions beside its own share (rendezvous hashing, Thaler and
 * Ravishankar 1998, with bounded loads). O(partitions · nodes).
 */
export function assignPartitions(
  partitions: readonly string[],
  nodes: readonly string[],
): Map<string, string> {
  const assigned = new Map<string, string>();
  const share = Math.floor(partitions.length / nodes.length);
  let spare = partitions.length % nodes.length;
  const load = new Map(nodes.map((node) => [node, 0]));
  for (const partition of [...partitions].sort()) {
    const most = spare > 0 ? share : share - 1;
    const best = rankNodes(partition, nodes).find((node) => (load.get(node) ?? 0) <= most);
    if (best === undefined) break;
    const owned = load.get(best) ?? 0;
    if (owned === share) spare--;
    load.set(best, owned + 1);
    assigned.set(partition, best);
  }
  return assigned;
}

/** Nodes in the order in which a partition likes them. */
function rankNodes(partition: string, nodes: readonly string[]): string[] {
  return nodes
    .map((node) => ({ node, score: hashOf(`${node}\n${partition}`) }))
    .sort((a, b) => (a.score === b.score ? (a.node < b.node ? -1 : 1) : b.score - a.score))
    .map(({ node }) => node);
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
