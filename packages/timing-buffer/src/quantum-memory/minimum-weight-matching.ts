import { TimingBufferError } from '../errors.ts';
import { AlternatingTree, BOUNDARY, FREE, OUTER, OUTSIDE } from './alternating-tree.ts';

/** What stops a tree from growing further. */
type Stop = 'nothing' | 'boundary' | 'reach' | 'meet' | 'expand';

/** 160 MiB of edges. */
const MAX_EDGES = 4_194_304;

/**
 * Pairs each of n vertices with another or with the boundary so that the sum of the weights is
 * least. Exact: Edmonds' blossom algorithm, one alternating tree grown at a time. A boundary is no
 * vertex of its own but a place where any number of paths may end. O(n·edges) at worst; where mates
 * are near, a tree stays small and the time is that of reading the edges. Its memory is kept for
 * the next time.
 *
 * @see Edmonds (1965); Galil (1986); Higgott & Gidney (2025) for matching with a boundary
 */
export class MinimumWeightMatching {
  #count = 0;
  #tree = new AlternatingTree(0);
  /** By vertex the weight of ending at the boundary. */
  #boundary = new Float64Array(0);
  #edges = 0;
  /** As given: edge k joins ends[2k] and ends[2k + 1]. */
  #ends = new Int32Array(64);
  #given = new Float64Array(32);
  /** By vertex: its edges are those from start[v] to start[v + 1], to `target`. */
  #start = new Int32Array(1);
  #target = new Int32Array(64);
  #weight = new Float64Array(64);
  /** By vertex not outer: the least weight − radius over outer vertices, plus `#grown` then. */
  #reach = new Float64Array(0);
  #reachFrom = new Int32Array(0);
  /** The vertices with a `#reach`. */
  readonly #reached: number[] = [];
  /** By outer vertex: the least slack to another outer node, plus twice `#grown` then. */
  #meet = new Float64Array(0);
  #meetWith = new Int32Array(0);
  /** How far the tree has grown. */
  #grown = 0;
  #stop: Stop = 'nothing';
  /** The vertex or blossom that stops it. */
  #at = 0;

  /**
   * Forgets all edges, and returns where to put the weight of ending at the boundary by vertex, at
   * least 0; Infinity where that cannot be.
   *
   * @param count - of vertices.
   */
  begin(count: number): Float64Array {
    this.#clearReach();
    if (count > this.#tree.capacity) this.#makeRoom(Math.max(count, 2 * this.#tree.capacity));
    this.#count = count;
    this.#edges = 0;
    this.#start.fill(0, 0, count + 1);
    this.#tree.begin(count);
    return this.#boundary;
  }

  /**
   * Lets two different vertices be paired, at a weight of at least 0; once for each two. An edge no
   * lighter than the boundary for both is left out: nothing is lost without it.
   *
   * @throws {TimingBufferError} `TOO_MANY_EDGES` beyond 4 194 304
   */
  join(a: number, b: number, weight: number): void {
    if (!(weight < this.#boundary[a] + this.#boundary[b])) return;
    const edge = this.#edges++;
    if (edge === this.#given.length) this.#makeRoomForEdges();
    this.#ends[2 * edge] = a;
    this.#ends[2 * edge + 1] = b;
    this.#given[edge] = weight;
    this.#start[a + 1]++;
    this.#start[b + 1]++;
  }

  /**
   * By vertex the mate, or −1 for the boundary; undefined when not all can be matched. The array is
   * used again the next time, and its first n numbers count.
   */
  solve(): Int32Array | undefined {
    const tree = this.#tree;
    const count = this.#count;
    this.#sortEdges();
    this.#matchNearest();
    for (let v = 0; v < count; v++) {
      if (tree.mate[tree.top[v]] === FREE && !this.#match(v)) return undefined;
    }
    for (let v = 0; v < count; v++) tree.settle(v);
    return tree.mate;
  }

  #makeRoom(capacity: number): void {
    this.#tree = new AlternatingTree(capacity);
    this.#boundary = new Float64Array(capacity);
    this.#start = new Int32Array(capacity + 1);
    this.#reach = new Float64Array(capacity).fill(Infinity);
    this.#reachFrom = new Int32Array(capacity);
    this.#meet = new Float64Array(capacity);
    this.#meetWith = new Int32Array(capacity);
  }

  #makeRoomForEdges(): void {
    const edges = 2 * this.#given.length;
    if (edges > MAX_EDGES) {
      throw new TimingBufferError(
        'TOO_MANY_EDGES',
        `${this.#count} detectors that fired are too many to match: more than ${MAX_EDGES} pairs`,
      );
    }
    const [ends, given] = [this.#ends, this.#given];
    this.#ends = new Int32Array(2 * edges);
    this.#given = new Float64Array(edges);
    this.#target = new Int32Array(2 * edges);
    this.#weight = new Float64Array(2 * edges);
    this.#ends.set(ends);
    this.#given.set(given);
  }

  /** Puts the edges of each vertex side by side. */
  #sortEdges(): void {
    const start = this.#start;
    const count = this.#count;
    for (let v = 0; v < count; v++) start[v + 1] += start[v];
    // Each start moves to the end of its vertex, and so to the start of the next.
    for (let edge = 0; edge < this.#edges; edge++) {
      const a = this.#ends[2 * edge];
      const b = this.#ends[2 * edge + 1];
      const weight = this.#given[edge];
      this.#target[start[a]] = b;
      this.#weight[start[a]++] = weight;
      this.#target[start[b]] = a;
      this.#weight[start[b]++] = weight;
    }
    for (let v = count; v > 0; v--) start[v] = start[v - 1];
    start[0] = 0;
  }

  /**
   * Gives each vertex the largest radius that half its lightest edge and the boundary allow, and
   * matches those that are each other's nearest, or nearest to the boundary.
   */
  #matchNearest(): void {
    const { mate, radius } = this.#tree;
    for (let v = 0; v < this.#count; v++) {
      let least = Infinity;
      let nearest = v;
      for (let at = this.#start[v]; at < this.#start[v + 1]; at++) {
        if (this.#weight[at] < least) {
          least = this.#weight[at];
          nearest = this.#target[at];
        }
      }
      // With neither edge nor boundary there is nothing to wait for.
      radius[v] = Math.min(least / 2, this.#boundary[v]);
      if (radius[v] === Infinity) {
        radius[v] = 0;
      } else if (radius[v] === this.#boundary[v]) {
        mate[v] = BOUNDARY;
      } else if (nearest < v && mate[nearest] === FREE && radius[nearest] === radius[v]) {
        mate[v] = nearest;
        mate[nearest] = v;
      }
    }
  }

  /** Matches a free vertex. False when no growing of its tree can. */
  #match(root: number): boolean {
    const tree = this.#tree;
    this.#grown = 0;
    this.#clearReach();
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

  #clearReach(): void {
    for (const v of this.#reached) this.#reach[v] = Infinity;
    this.#reached.length = 0;
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
    const tree = this.#tree;
    const { side, radius, nodes } = tree;
    let least = Infinity;
    this.#stop = 'nothing';
    for (const v of this.#reached) {
      if (side[v] !== OUTSIDE) continue;
      const slack = this.#reach[v] - this.#grown - radius[v];
      if (slack < least) {
        least = slack;
        this.#stop = 'reach';
        this.#at = v;
      }
    }
    for (const node of nodes) {
      const room = tree.room(node);
      if (room < least) {
        least = room;
        this.#stop = 'expand';
        this.#at = node;
      }
      if (!tree.isOuter(node)) continue;
      for (const v of tree.verticesOf(node)) least = this.#nextOf(v, least);
    }
    return least;
  }

  /** As `#next`, of one outer vertex, given the least so far. */
  #nextOf(v: number, least: number): number {
    const { top, radius } = this.#tree;
    let nearest = least;
    const slack = this.#boundary[v] - radius[v];
    if (slack < nearest) {
      nearest = slack;
      this.#stop = 'boundary';
      this.#at = v;
    }
    if (this.#meet[v] / 2 - this.#grown >= nearest) return nearest;
    if (top[this.#meetWith[v]] === top[v]) this.#findMeeting(v);
    const meeting = this.#meet[v] / 2 - this.#grown;
    if (meeting < nearest) {
      nearest = meeting;
      this.#stop = 'meet';
      this.#at = v;
    }
    return nearest;
  }

  /** Lets the edges of vertices that have become outer count. */
  #takeIn(vertices: readonly number[]): void {
    const { side, radius } = this.#tree;
    for (const u of vertices) {
      const shift = this.#grown - radius[u];
      for (let at = this.#start[u]; at < this.#start[u + 1]; at++) {
        const v = this.#target[at];
        if (side[v] === OUTER) continue;
        const reach = this.#weight[at] + shift;
        if (reach >= this.#reach[v]) continue;
        if (this.#reach[v] === Infinity) this.#reached.push(v);
        this.#reach[v] = reach;
        this.#reachFrom[v] = u;
      }
      this.#findMeeting(u);
    }
  }

  #findMeeting(u: number): void {
    const { side, top, radius } = this.#tree;
    let least = Infinity;
    for (let at = this.#start[u]; at < this.#start[u + 1]; at++) {
      const v = this.#target[at];
      if (side[v] !== OUTER || top[v] === top[u]) continue;
      const slack = this.#weight[at] - radius[u] - radius[v];
      if (slack < least) {
        least = slack;
        this.#meetWith[u] = v;
      }
    }
    this.#meet[u] = least + 2 * this.#grown;
  }
}
