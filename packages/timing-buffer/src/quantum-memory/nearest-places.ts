/** An undirected graph: the neighbours of place i are those from start[i] to start[i + 1]. */
export interface PlaceGraph {
  readonly start: Int32Array;
  readonly neighbour: Int32Array;
  /** At least 0. */
  readonly weight: Float64Array;
  /** Bit l: whether observable l is flipped by crossing. */
  readonly flips: Uint32Array;
}

/** How far every place is, and what the way there flips. */
export interface Distances {
  /** Infinity where no way leads. */
  readonly distance: Float64Array;
  readonly flips: Uint32Array;
}

/**
 * The shortest ways from places that are some distance away already (Dijkstra).
 * O(edges · log places), of those that are reached.
 *
 * @param from - by place the distance and flips to begin with, changed to the result.
 * @param seeds - the places that have a distance to begin with.
 * @param limit - nothing further away than this is looked for.
 * @returns the places with a distance, once or more often each.
 */
export function nearestPlaces(
  graph: PlaceGraph,
  from: Distances,
  { seeds, limit }: { readonly seeds: readonly number[]; readonly limit: number },
): number[] {
  const { start, neighbour, weight, flips: crossing } = graph;
  const { distance, flips } = from;
  const reached: number[] = [];
  const queue = new PlaceQueue();
  for (const place of seeds) queue.push(place, distance[place]);
  for (let place = queue.pop(); place !== -1; place = queue.pop()) {
    const known = distance[place];
    // A place is queued again when a shorter way is found; the longer ones come later.
    if (queue.popped > known) continue;
    reached.push(place);
    for (let edge = start[place]; edge < start[place + 1]; edge++) {
      const next = neighbour[edge];
      const longer = known + weight[edge];
      if (longer >= distance[next] || longer > limit) continue;
      distance[next] = longer;
      flips[next] = flips[place] ^ crossing[edge];
      queue.push(next, longer);
    }
  }
  return reached;
}

/** A binary heap, the nearest place first. */
class PlaceQueue {
  readonly #places: number[] = [];
  readonly #keys: number[] = [];
  /** The key of the place popped last. */
  popped = 0;

  push(place: number, key: number): void {
    const places = this.#places;
    const keys = this.#keys;
    let at = places.length;
    places.push(place);
    keys.push(key);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (keys[above] <= key) break;
      places[at] = places[above];
      keys[at] = keys[above];
      at = above;
    }
    places[at] = place;
    keys[at] = key;
  }

  /** −1 when there is none. */
  pop(): number {
    const places = this.#places;
    const keys = this.#keys;
    const lastPlace = places.pop();
    const lastKey = keys.pop();
    if (lastPlace === undefined || lastKey === undefined) return -1;
    if (places.length === 0) {
      this.popped = lastKey;
      return lastPlace;
    }
    const [first] = places;
    [this.popped] = keys;
    let at = 0;
    for (let below = 1; below < places.length; below = 2 * at + 1) {
      if (below + 1 < places.length && keys[below + 1] < keys[below]) below++;
      if (keys[below] >= lastKey) break;
      places[at] = places[below];
      keys[at] = keys[below];
      at = below;
    }
    places[at] = lastPlace;
    keys[at] = lastKey;
    return first;
  }
}
