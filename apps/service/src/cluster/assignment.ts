import { createHash } from 'node:crypto';

/**
 * Which node is to own each market: every node has as many as any other, or one more, and each
 * market goes to the one that it likes best of those that are not full yet.
 *
 * Everybody who knows the same nodes comes to the same answer, in whatever order they are listed. A
 * node that comes or goes moves few markets beside its own share (rendezvous hashing, Thaler and
 * Ravishankar 1998, with bounded loads). O(markets · nodes).
 */
export function assignMarkets(
  markets: readonly string[],
  nodes: readonly string[],
): Map<string, string> {
  const assigned = new Map<string, string>();
  const share = Math.floor(markets.length / nodes.length);
  let spare = markets.length % nodes.length;
  const load = new Map(nodes.map((node) => [node, 0]));
  for (const market of [...markets].sort()) {
    const most = spare > 0 ? share : share - 1;
    const best = rankNodes(market, nodes).find((node) => (load.get(node) ?? 0) <= most);
    if (best === undefined) break;
    const owned = load.get(best) ?? 0;
    if (owned === share) spare--;
    load.set(best, owned + 1);
    assigned.set(market, best);
  }
  return assigned;
}

/** Nodes in the order in which a market likes them. */
function rankNodes(market: string, nodes: readonly string[]): string[] {
  return nodes
    .map((node) => ({ node, score: score(market, node) }))
    .sort((a, b) => (a.score === b.score ? (a.node < b.node ? -1 : 1) : b.score - a.score))
    .map(({ node }) => node);
}

function score(market: string, node: string): number {
  return createHash('sha256').update(`${node}\n${market}`).digest().readUIntBE(0, 6);
}
