/** Where a node stands to the tree that is growing. */
export const OUTSIDE = 0;
export const OUTER = 1;
const INNER = 2;

/** In place of a mate: none yet, or the boundary. */
export const FREE = -2;
export const BOUNDARY = -1;

/** An odd cycle of nodes that acts as one, as a mate is missing to exactly one of them. */
interface Blossom {
  readonly children: readonly number[];
  /** Edge i joins the vertex `leave[i]` in child i to `enter[i]` in child i + 1, around. */
  readonly leave: readonly number[];
  readonly enter: readonly number[];
  readonly vertices: readonly number[];
}

/**
 * A matching of the vertices 0 … count − 1, their radii, and the one alternating tree being grown.
 * A node is a vertex or a blossom, numbered from capacity up; only nodes that are part of no
 * blossom have a side and mates. The state of Edmonds' algorithm, without its choices.
 */
export class AlternatingTree {
  readonly capacity: number;
  /** By vertex: the node it is part of that is part of no other. */
  readonly top: Int32Array;
  /** By vertex: OUTSIDE, OUTER or INNER, as its top node is. */
  readonly side: Uint8Array;
  /** By vertex: the sum of the duals of all nodes it is part of. */
  readonly radius: Float64Array;
  /** By node: the vertex beyond it that it is matched to, or BOUNDARY or FREE. */
  readonly mate: Int32Array;
  /** The nodes of the tree, in no order. */
  readonly nodes: number[] = [];
  /** By node: its vertex that is matched to `mate`. */
  readonly #via: Int32Array;
  /** By inner node: the outer vertex that the tree came from, and the vertex it came to. */
  readonly #entryFrom: Int32Array;
  readonly #entryTo: Int32Array;
  readonly #nodeSide: Uint8Array;
  /** By blossom, at its node: never negative. */
  readonly #dual: Float64Array;
  readonly #blossoms: (Blossom | undefined)[] = [];
  readonly #single: readonly (readonly number[])[];

  constructor(capacity: number) {
    // A blossom has at least three children, and so there are fewer than half as many.
    const nodes = capacity + (capacity >> 1) + 1;
    this.capacity = capacity;
    this.top = new Int32Array(capacity);
    this.side = new Uint8Array(capacity);
    this.radius = new Float64Array(capacity);
    this.mate = new Int32Array(nodes);
    this.#via = new Int32Array(nodes);
    this.#entryFrom = new Int32Array(nodes);
    this.#entryTo = new Int32Array(nodes);
    this.#nodeSide = new Uint8Array(nodes);
    this.#dual = new Float64Array(nodes);
    this.#single = Array.from({ length: capacity }, (_, v) => [v]);
  }

  /** Forgets everything: `count` free vertices of radius 0, at most the capacity. */
  begin(count: number): void {
    this.nodes.length = 0;
    this.#blossoms.length = 0;
    for (let v = 0; v < count; v++) {
      this.top[v] = v;
      this.side[v] = OUTSIDE;
      this.radius[v] = 0;
      this.mate[v] = FREE;
      this.#via[v] = v;
      this.#nodeSide[v] = OUTSIDE;
    }
  }

  verticesOf(node: number): readonly number[] {
    return node < this.capacity ? this.#single[node] : this.#blossom(node).vertices;
  }

  isOuter(node: number): boolean {
    return this.#nodeSide[node] === OUTER;
  }

  /** Starts a tree at a free vertex. */
  plant(root: number): void {
    this.#join(root, OUTER);
  }

  /** Ends the tree; the matching and the radii stay. */
  fell(): void {
    for (const node of this.nodes) this.#setSide(node, OUTSIDE);
    this.nodes.length = 0;
  }

  /** Moves the duals: outer nodes gain, inner ones lose. */
  grow(step: number): void {
    for (const node of this.nodes) {
      const change = this.#nodeSide[node] === OUTER ? step : -step;
      if (node >= this.capacity) this.#dual[node] += change;
      for (const v of this.verticesOf(node)) this.radius[v] += change;
    }
  }

  /** How far an inner blossom can still shrink; no other node ends so. */
  room(node: number): number {
    const limited = node >= this.capacity && this.#nodeSide[node] === INNER;
    return limited ? this.#dual[node] : Infinity;
  }

  /** Takes in the node of `to` over a tight edge, and its mate. Returns the new outer vertices. */
  extend(from: number, to: number): readonly number[] {
    const inner = this.top[to];
    const outer = this.top[this.mate[inner]];
    this.#enter(inner, from, to);
    this.#join(inner, INNER);
    this.#join(outer, OUTER);
    return this.verticesOf(outer);
  }

  /** Matches the outer vertex `from` beyond the tree, and so all the way to the root. */
  augment(from: number, beyond: number): void {
    let via = from;
    let mate = beyond;
    for (;;) {
      const node = this.top[via];
      const before = this.mate[node];
      this.rematch(via, mate);
      if (before === FREE) return;
      const inner = this.top[before];
      mate = this.#entryTo[inner];
      via = this.#entryFrom[inner];
      this.rematch(mate, via);
    }
  }

  /** Matches the node of a vertex, by that vertex, to one beyond it. */
  rematch(via: number, mate: number): void {
    const node = this.top[via];
    this.mate[node] = mate;
    this.#via[node] = via;
  }

  /**
   * Makes the cycle that a tight edge between two outer nodes closes one outer node. Returns the
   * vertices that were inner.
   */
  shrink(u: number, v: number): number[] {
    const [one, other] = this.#pathsToMeeting(this.top[u], this.top[v]);
    const children: number[] = [];
    const leave: number[] = [];
    const enter: number[] = [];
    for (let k = one.length - 1; k >= 0; k--) {
      children.push(one[k]);
      if (k === 0) break;
      const [below, above] = this.#edgeUp(one[k - 1]);
      leave.push(above);
      enter.push(below);
    }
    leave.push(u);
    enter.push(v);
    for (const node of other.slice(0, -1)) {
      children.push(node);
      const [below, above] = this.#edgeUp(node);
      leave.push(below);
      enter.push(above);
    }
    const wereInner = children
      .filter((node) => this.#nodeSide[node] === INNER)
      .flatMap((node) => this.verticesOf(node));
    this.#addBlossom({
      children,
      leave,
      enter,
      vertices: children.flatMap((node) => this.verticesOf(node)),
    });
    return wereInner;
  }

  /** Opens an inner blossom of dual 0. Returns the vertices that have become outer. */
  expand(node: number): number[] {
    const { children, leave, enter } = this.#blossom(node);
    const size = children.length;
    const mate = this.mate[node];
    const via = this.#via[node];
    const [from, to] = [this.#entryFrom[node], this.#entryTo[node]];
    this.#leaveTree(node);
    const base = this.#open(node, via, mate);
    const entry = children.findIndex((child) => this.verticesOf(child).includes(to));
    // Along the way that begins with the edge to its mate, the entry is an even way from the base.
    const offset = (entry - base + size) % size;
    const turn = offset % 2 === 0 ? size - 1 : 1;
    const steps = offset % 2 === 0 ? offset : size - offset;
    const outer: number[] = [];
    this.#enter(children[entry], from, to);
    for (let k = 0, at = entry; k <= steps; k++) {
      const child = children[at];
      this.#join(child, k % 2 === 0 ? INNER : OUTER);
      if (k % 2 === 1) outer.push(...this.verticesOf(child));
      const next = (at + turn) % size;
      if (k % 2 === 1) {
        if (turn === 1) this.#enter(children[next], leave[at], enter[at]);
        else this.#enter(children[next], enter[next], leave[next]);
      }
      at = next;
    }
    return outer;
  }

  /** Opens all blossoms around a vertex, so that `mate` holds its own mate. Not while growing. */
  settle(v: number): void {
    while (this.top[v] !== v) {
      const node = this.top[v];
      this.#open(node, this.#via[node], this.mate[node]);
    }
  }

  #blossom(node: number): Blossom {
    const blossom = this.#blossoms[node - this.capacity];
    if (blossom === undefined) throw new Error(`node ${node} is no blossom`);
    return blossom;
  }

  #addBlossom(blossom: Blossom): void {
    const [base] = blossom.children;
    let slot = this.#blossoms.indexOf(undefined);
    if (slot === -1) slot = this.#blossoms.length;
    this.#blossoms[slot] = blossom;
    const node = this.capacity + slot;
    this.#dual[node] = 0;
    this.mate[node] = this.mate[base];
    this.#via[node] = this.#via[base];
    for (const child of blossom.children) this.#leaveTree(child);
    for (const v of blossom.vertices) this.top[v] = node;
    this.#join(node, OUTER);
  }

  /**
   * Makes the children of a blossom nodes of their own, matched among themselves but for the one
   * that holds `via`, whose place in the cycle is returned.
   */
  #open(node: number, via: number, mate: number): number {
    const { children, leave, enter } = this.#blossom(node);
    const size = children.length;
    const base = children.findIndex((child) => this.verticesOf(child).includes(via));
    for (const child of children) for (const v of this.verticesOf(child)) this.top[v] = child;
    this.#blossoms[node - this.capacity] = undefined;
    this.rematch(via, mate);
    for (let k = 1; k < size; k += 2) {
      const at = (base + k) % size;
      this.rematch(leave[at], enter[at]);
      this.rematch(enter[at], leave[at]);
    }
    return base;
  }

  /** The edge from a node of the tree to the one above it: its own vertex, and the other. */
  #edgeUp(node: number): [number, number] {
    if (this.#nodeSide[node] === OUTER) return [this.#via[node], this.mate[node]];
    return [this.#entryTo[node], this.#entryFrom[node]];
  }

  /** From two outer nodes up to the first that both paths to the root share, it included. */
  #pathsToMeeting(a: number, b: number): [number[], number[]] {
    const first = this.#pathToRoot(a);
    const second = this.#pathToRoot(b);
    while (first.length > 1 && second.length > 1 && first.at(-2) === second.at(-2)) {
      first.pop();
      second.pop();
    }
    return [first, second];
  }

  #pathToRoot(node: number): number[] {
    const path = [node];
    for (let at = node; this.mate[at] !== FREE;) {
      at = this.top[this.#edgeUp(at)[1]];
      path.push(at);
    }
    return path;
  }

  #enter(inner: number, from: number, to: number): void {
    this.#entryFrom[inner] = from;
    this.#entryTo[inner] = to;
  }

  #join(node: number, side: number): void {
    this.nodes.push(node);
    this.#setSide(node, side);
  }

  #leaveTree(node: number): void {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    this.#setSide(node, OUTSIDE);
  }

  #setSide(node: number, side: number): void {
    this.#nodeSide[node] = side;
    for (const v of this.verticesOf(node)) this.side[v] = side;
  }
}
