import { AlternatingTree, BOUNDARY, FREE, OUTER, OUTSIDE } from './alternating-tree.ts';

/** What stops a tree from growing further. */
type Stop = 'nothing' | 'boundary' | 'reach' | 'meet' | 'expand';

/**
 * Pairs each of n vertices with another or with the boundary so that the sum of the weights is
 * least. Exact: Edmonds' blossom algorithm, one alternating tree grown at a time. A boundary is no
 * vertex of its own but a place where any number of paths may end. O(n³) at worst; where mates are
 * near, a tree stays small and the time is that of reading the weights, O(n²). Its memory, 8 bytes
 * for each pair of vertices, is kept for the next time.
 *
 * @see Edmonds (1965); Galil (1986); Higgott & Gidney (2025) for matching with a boundary
 */
export class MinimumWeightMatching {
  readonly capacity: number;
  /**
   * What to set before `solve(n)`: at i·n + j the weight of pairing i with j, at least 0, symmetric
   * to the last bit; Infinity where there is no edge. The diagonal is not read.
   */
  readonly weights: Float64Array;
  /** As `weights`, by vertex that of ending at the boundary. */
  readonly boundary: Float64Array;
  readonly #tree: AlternatingTree;
  #count = 0;
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

  /** @param capacity - the most vertices, a whole number. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.weights = new Float64Array(capacity * capacity);
    this.boundary = new Float64Array(capacity);
    this.#tree = new AlternatingTree(capacity);
    this.#reach = new Float64Array(capacity);
    this.#reachFrom = new Int32Array(capacity);
    this.#meet = new Float64Array(capacity);
    this.#meetWith = new Int32Array(capacity);
  }

  /**
   * By vertex the mate, or −1 for the boundary; undefined when not all can be matched. The array is
   * used again by the next call, and its first n numbers count.
   */
  solve(count: number): Int32Array | undefined {
    const tree = this.#tree;
    this.#count = count;
    tree.begin(count);
    this.#matchNearest();
    for (let v = 0; v < count; v++) {
      if (tree.mate[tree.top[v]] === FREE && !this.#match(v)) return undefined;
    }
    for (let v = 0; v < count; v++) tree.settle(v);
    return tree.mate;
  }

  /**
   * Gives each vertex the largest radius that half its lightest edge and the boundary allow, and
   * matches those that are each other's nearest, or nearest to the boundary.
   */
  #matchNearest(): void {
    const { mate, radius } = this.#tree;
    const { weights, boundary } = this;
    const count = this.#count;
    const nearest = this.#meetWith;
    for (let v = 0; v < count; v++) {
      let least = Infinity;
      for (let other = 0, at = v * count; other < count; other++, at++) {
        if (weights[at] < least && other !== v) {
          least = weights[at];
          nearest[v] = other;
        }
      }
      // With neither edge nor boundary there is nothing to wait for.
      radius[v] = Math.min(least / 2, boundary[v]);
      if (radius[v] === Infinity) radius[v] = 0;
      else if (radius[v] === boundary[v]) mate[v] = BOUNDARY;
      else {
        const other = nearest[v];
        const tight = other < v && mate[other] === FREE && radius[v] + radius[other] === least;
        if (tight) {
          mate[v] = other;
          mate[other] = v;
        }
      }
    }
  }

  /** Matches a free vertex. False when no growing of its tree can. */
  #match(root: number): boolean {
    const tree = this.#tree;
    this.#grown = 0;
    this.#reach.fill(Infinity, 0, this.#count);
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
    const tree = this.#tree;
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
    const { side, top, radius, nodes } = this.#tree;
    const { boundary } = this;
    const count = this.#count;
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
        const slack = boundary[v] - radius[v];
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
      const room = this.#tree.room(node);
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
    const { side, radius } = this.#tree;
    const { weights } = this;
    const count = this.#count;
    for (const u of vertices) {
      const shift = this.#grown - radius[u];
      for (let v = 0; v < count; v++) {
        if (side[v] === OUTER) continue;
        const reach = weights[u * count + v] + shift;
        if (reach < this.#reach[v]) {
          this.#reach[v] = reach;
          this.#reachFrom[v] = u;
        }
      }
      this.#findMeeting(u);
    }
  }

  #findMeeting(u: number): void {
    const { side, top, radius } = this.#tree;
    const { weights } = this;
    const count = this.#count;
    let least = Infinity;
    for (let v = 0; v < count; v++) {
      if (side[v] !== OUTER || top[v] === top[u]) continue;
      const slack = weights[u * count + v] - radius[u] - radius[v];
      if (slack < least) {
        least = slack;
        this.#meetWith[u] = v;
      }
    }
    this.#meet[u] = least + 2 * this.#grown;
  }
}
