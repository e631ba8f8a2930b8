import { AlternatingTree, BOUNDARY, FREE, OUTER, OUTSIDE } from './alternating-tree.ts';

/** What stops a tree from growing further. */
type Stop = 'nothing' | 'boundary' | 'reach' | 'meet' | 'expand';

/**
 * Pairs each of n vertices with another or with the boundary so that the sum of the weights is
 * least. Exact: Edmonds' blossom algorithm, one alternating tree grown at a time. A boundary is no
 * vertex of its own but a place where any number of paths may end. O(n³) at worst; where mates are
 * near, a tree stays small and the time is that of reading the weights, O(n²).
 *
 * @param weights - n × n, symmetric, at least 0; Infinity where there is no edge. The diagonal is
 *   not read.
 * @param boundary - n weights of ending at the boundary, at least 0; Infinity where that cannot be.
 * @returns by vertex the mate, or −1 for the boundary; undefined when not all can be matched.
 * @see Edmonds (1965); Galil (1986); Higgott & Gidney (2025) for matching with a boundary
 */
export function minimumWeightMatching(
  weights: Float64Array,
  boundary: Float64Array,
): Int32Array | undefined {
  const search = new Search(weights, boundary);
  for (let v = 0; v < boundary.length; v++) {
    if (search.tree.mate[search.tree.top[v]] === FREE && !search.match(v)) return undefined;
  }
  return search.tree.mates();
}

class Search {
  readonly tree: AlternatingTree;
  readonly #weights: Float64Array;
  readonly #boundary: Float64Array;
  /** By vertex not outer: the least weight − radius over outer vertices, plus `#grown` then. */
  readonly #reach: Float64Array;
  readonly #reachFrom: Int32Array;
  /** By outer vertex: the least slack to another outer node, plus twice `#grown` then. */
  readonly #meet: Float64Array;
  readonly #meetWith: Int32Array;
  /** How far the tree has grown. */
  #grown = 0;
  #stop: Stop = 'nothing';
  /** The vertex or blossom that stops it. */
  #at = 0;

  constructor(weights: Float64Array, boundary: Float64Array) {
    const count = boundary.length;
    this.tree = new AlternatingTree(count);
    this.#weights = weights;
    this.#boundary = boundary;
    this.#reach = new Float64Array(count);
    this.#reachFrom = new Int32Array(count);
    this.#meet = new Float64Array(count);
    this.#meetWith = new Int32Array(count);
  }

  /** Matches a free vertex. False when no growing of its tree can. */
  match(root: number): boolean {
    const { tree } = this;
    this.#grown = 0;
    this.#reach.fill(Infinity);
    tree.plant(root);
    this.#takeIn(tree.verticesOf(root));
    for (let matched = false; !matched;) {
      const slack = this.#next();
      if (this.#stop === 'nothing') return false;
      // Rounding may have carried a slack below 0.
      const step = Math.max(0, slack);
      tree.grow(step);
      this.#grown += step;
      matched = this.#go();
    }
    tree.fell();
    return true;
  }

  /** Does what the tree has stopped at. True when its root is matched. */
  #go(): boolean {
    const { tree } = this;
    const at = this.#at;
    if (this.#stop === 'expand') {
      this.#takeIn(tree.expand(at));
      return false;
    }
    if (this.#stop === 'meet') {
      this.#takeIn(tree.shrink(at, this.#meetWith[at]));
      return false;
    }
    if (this.#stop === 'boundary') {
      tree.augment(at, BOUNDARY);
      return true;
    }
    const from = this.#reachFrom[at];
    const mate = tree.mate[tree.top[at]];
    if (mate >= 0) {
      this.#takeIn(tree.extend(from, at));
      return false;
    }
    // A free vertex takes the root's line, and one at the boundary lets the boundary go.
    tree.augment(from, at);
    tree.rematch(at, from);
    return true;
  }

  /** How far the tree can grow, and what it stops at. */
  #next(): number {
    const { side, top, radius, nodes, count } = this.tree;
    const grown = this.#grown;
    let least = Infinity;
    this.#stop = 'nothing';
    for (let v = 0; v < count; v++) {
      if (side[v] === OUTSIDE) {
        const slack = this.#reach[v] - grown - radius[v];
        if (slack < least) {
          least = slack;
          this.#stop = 'reach';
          this.#at = v;
        }
      } else if (side[v] === OUTER) {
        const slack = this.#boundary[v] - radius[v];
        if (slack < least) {
          least = slack;
          this.#stop = 'boundary';
          this.#at = v;
        }
        if (this.#meet[v] / 2 - grown >= least) continue;
        if (top[this.#meetWith[v]] === top[v]) this.#findMeeting(v);
        const meeting = this.#meet[v] / 2 - grown;
        if (meeting < least) {
          least = meeting;
          this.#stop = 'meet';
          this.#at = v;
        }
      }
    }
    for (const node of nodes) {
      const room = this.tree.room(node);
      if (room < least) {
        least = room;
        this.#stop = 'expand';
        this.#at = node;
      }
    }
    return least;
  }

  /** Lets the edges of vertices that have become outer count. */
  #takeIn(vertices: readonly number[]): void {
    const { side, radius, count } = this.tree;
    for (const u of vertices) {
      const shift = this.#grown - radius[u];
      for (let v = 0; v < count; v++) {
        if (side[v] === OUTER) continue;
        const reach = this.#weights[u * count + v] + shift;
        if (reach < this.#reach[v]) {
          this.#reach[v] = reach;
          this.#reachFrom[v] = u;
        }
      }
      this.#findMeeting(u);
    }
  }

  #findMeeting(u: number): void {
    const { side, top, radius, count } = this.tree;
    let least = Infinity;
    for (let v = 0; v < count; v++) {
      if (side[v] !== OUTER || top[v] === top[u]) continue;
      const slack = this.#weights[u * count + v] - radius[u] - radius[v];
      if (slack < least) {
        least = slack;
        this.#meetWith[u] = v;
      }
    }
    this.#meet[u] = least + 2 * this.#grown;
  }
}
