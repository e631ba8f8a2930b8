import { log, log1p } from '@sema/simulator/elementary';
import { demErrors, type DetectorErrorModel } from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';
import { type Distances, nearestPlaces, type PlaceGraph } from './nearest-places.ts';

/** Observables are bits of one number. */
const MAX_OBSERVABLES = 32;
/** Distances are kept up to this many, 12 bytes each: 128 MiB. */
const MAX_KEPT = Math.floor(134_217_728 / 12);

/**
 * How far later detectors are from one: entry 0 is of the next. Those after the last entry are too
 * far to matter; Infinity stands for others that are.
 */
export type Surroundings = Distances;

/**
 * Detectors joined by the errors that flip them, each of weight ln((1 − p)/p). An error of one
 * detector joins it to the boundary. Errors that flip the same detectors and observables are one,
 * of the probability that an odd number of them happens; of those that differ in observables alone
 * the likeliest counts.
 */
export class MatchingGraph {
  readonly detectors: number;
  readonly observables: number;
  /** From each detector to the boundary. Owned by the graph. */
  readonly toBoundary: Distances;
  readonly #graph: PlaceGraph;
  /** No detector is further from the boundary. */
  readonly #farthest: number;
  readonly #rows: (Surroundings | undefined)[];
  #kept = 0;
  /** Of every detector, no distance; used to find one row after another. */
  readonly #scratch: Distances;

  /**
   * @param model - split into parts (`^`) that flip at most two detectors each; each part counts as
   *   an error of its own with the probability of the whole. Probabilities of at most 1/2.
   * @throws {TimingBufferError} `NOT_MATCHABLE`
   */
  constructor(model: DetectorErrorModel) {
    const { detectors, observables } = model;
    if (observables > MAX_OBSERVABLES) {
      throw new TimingBufferError(
        'NOT_MATCHABLE',
        `${observables} observables are more than ${MAX_OBSERVABLES}`,
      );
    }
    this.detectors = detectors;
    this.observables = observables;
    const edges = likeliestEdges(model);
    this.#graph = graphOf(edges, detectors);
    this.#rows = new Array<Surroundings | undefined>(detectors);
    this.#scratch = this.#none();
    this.toBoundary = this.#none();
    const seeds: number[] = [];
    for (const { a, b, weight, flips } of edges) {
      if (b !== -1) continue;
      this.toBoundary.distance[a] = weight;
      this.toBoundary.flips[a] = flips;
      seeds.push(a);
    }
    nearestPlaces(this.#graph, this.toBoundary, { seeds, limit: Infinity });
    this.#farthest = this.toBoundary.distance.reduce((most, each) => Math.max(most, each), 0);
  }

  /**
   * From a detector to later ones, without passing the boundary, as far as it matters: two that are
   * no nearer to each other than to the boundary, added up, need not be matched. Kept for the next
   * time while all that is kept takes less than 128 MiB. Owned by the graph.
   */
  from(detector: number): Surroundings {
    const kept = this.#rows[detector];
    if (kept !== undefined) return kept;
    const { distance, flips } = this.#scratch;
    const { distance: toBoundary } = this.toBoundary;
    distance[detector] = 0;
    const limit = toBoundary[detector] + this.#farthest;
    const reached = nearestPlaces(this.#graph, this.#scratch, { seeds: [detector], limit });
    let last = detector;
    for (const place of reached) {
      const near = distance[place] < toBoundary[detector] + toBoundary[place];
      if (near && place > last) last = place;
    }
    const row = {
      distance: distance.slice(detector + 1, last + 1),
      flips: flips.slice(detector + 1, last + 1),
    };
    for (const place of reached) {
      distance[place] = Infinity;
      flips[place] = 0;
    }
    if (this.#kept + row.distance.length <= MAX_KEPT) {
      this.#kept += row.distance.length;
      this.#rows[detector] = row;
    }
    return row;
  }

  #none(): Distances {
    return {
      distance: new Float64Array(this.detectors).fill(Infinity),
      flips: new Uint32Array(this.detectors),
    };
  }
}

interface Edge {
  readonly a: number;
  /** −1 for the boundary. */
  readonly b: number;
  readonly weight: number;
  readonly flips: number;
}

function likeliestEdges(model: DetectorErrorModel): Edge[] {
  const errors = new Map<string, { a: number; b: number; flips: number; probability: number }>();
  for (const { probability, components } of demErrors(model)) {
    if (probability === 0) continue;
    for (const { detectors, observables } of components) {
      const ends = oddOnes(detectors).sort((a, b) => a - b);
      if (ends.length === 0) continue;
      checkMatchable(ends, probability);
      const [a, b = -1] = ends;
      const flips = oddOnes(observables).reduce((bits, l) => (bits | (1 << l)) >>> 0, 0);
      const key = `${a} ${b} ${flips}`;
      const known = errors.get(key)?.probability ?? 0;
      const odd = known * (1 - probability) + probability * (1 - known);
      errors.set(key, { a, b, flips, probability: odd });
    }
  }
  const likeliest = new Map<string, Edge>();
  for (const { a, b, flips, probability } of errors.values()) {
    const weight = log1p(-probability) - log(probability);
    const key = `${a} ${b}`;
    const known = likeliest.get(key);
    if (known === undefined || weight < known.weight) likeliest.set(key, { a, b, weight, flips });
  }
  return [...likeliest.values()];
}

function checkMatchable(ends: readonly number[], probability: number): void {
  if (ends.length > 2) {
    throw new TimingBufferError(
      'NOT_MATCHABLE',
      `an error flips the ${ends.length} detectors ${ends.join(', ')}; at most 2 make an edge`,
    );
  }
  if (probability > 0.5) {
    throw new TimingBufferError(
      'NOT_MATCHABLE',
      `the probability ${probability} of an error is above 1/2`,
    );
  }
}

/** What is named an odd number of times. */
function oddOnes(numbers: readonly number[]): number[] {
  const odd = new Set<number>();
  for (const n of numbers) if (!odd.delete(n)) odd.add(n);
  return [...odd];
}

function graphOf(edges: readonly Edge[], detectors: number): PlaceGraph {
  const inner = edges.filter(({ b }) => b !== -1);
  const start = new Int32Array(detectors + 1);
  for (const { a, b } of inner) {
    start[a + 1]++;
    start[b + 1]++;
  }
  for (let i = 0; i < detectors; i++) start[i + 1] += start[i];
  const next = start.slice();
  const neighbour = new Int32Array(2 * inner.length);
  const weight = new Float64Array(2 * inner.length);
  const flips = new Uint32Array(2 * inner.length);
  for (const edge of inner) {
    for (const [from, to] of [
      [edge.a, edge.b],
      [edge.b, edge.a],
    ]) {
      const at = next[from]++;
      neighbour[at] = to;
      weight[at] = edge.weight;
      flips[at] = edge.flips;
    }
  }
  return { start, neighbour, weight, flips };
}
