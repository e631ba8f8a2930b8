import { log, log1p } from '@sema/simulator/elementary';
import { demErrors, type DetectorErrorModel } from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';
import { type Distances, nearestPlaces, type PlaceGraph } from './nearest-places.ts';

/** Observables are bits of one number. */
const MAX_OBSERVABLES = 32;
/** Distances are kept up to this size, 12 bytes for each pair of detectors. */
const KEPT_BYTES = 2 ** 27;

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
  readonly #rows: (Distances | undefined)[];
  #room: number;

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
    this.toBoundary = this.#none();
    for (const { a, b, weight, flips } of edges) {
      if (b !== -1) continue;
      this.toBoundary.distance[a] = weight;
      this.toBoundary.flips[a] = flips;
    }
    nearestPlaces(this.#graph, this.toBoundary);
    this.#rows = new Array<Distances | undefined>(detectors);
    this.#room = Math.floor(KEPT_BYTES / (12 * Math.max(1, detectors)));
  }

  /**
   * From a detector to all others, without passing the boundary. Kept for the next time while all
   * that is kept takes less than 128 MiB. Owned by the graph.
   */
  from(detector: number): Distances {
    const kept = this.#rows[detector];
    if (kept !== undefined) return kept;
    const row = this.#none();
    row.distance[detector] = 0;
    nearestPlaces(this.#graph, row);
    if (this.#room > 0) {
      this.#room--;
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
