import type { DetectorErrorModel, ShotTable } from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';
import { MatchingGraph } from './matching-graph.ts';
import type { Distances } from './nearest-places.ts';
import { MinimumWeightMatching } from './minimum-weight-matching.ts';

/** The likeliest explanation of the detectors that fired. */
export interface Decoding {
  /** Bit l: whether observable l was flipped. */
  readonly observables: number;
  /** Sum of ln((1 − p)/p) over the errors of the explanation. */
  readonly weight: number;
  /** Each matched pair of detectors that fired, or one and −1 where it is the boundary. */
  readonly pairs: readonly (readonly [number, number])[];
}

const NOTHING: Decoding = Object.freeze({ observables: 0, weight: 0, pairs: Object.freeze([]) });

/**
 * Finds a most likely set of errors that flips given detectors, exactly: a matching of least weight
 * on the graph of detectors. Of several equally likely sets it takes one, always the same.
 *
 * The first time a detector fires costs O(edges · log detectors); after that a shot with k of them
 * costs O(k²) where errors are rare and O(k³) at worst.
 *
 * @see Dennis, Kitaev, Landahl & Preskill (2002), arXiv:quant-ph/0110143
 */
export class MatchingDecoder {
  readonly #graph: MatchingGraph;
  #matching = new MinimumWeightMatching(16);
  /** By detector the latest turn in which it was named. */
  readonly #named: Float64Array;
  #turn = 0;

  /**
   * @param model - each error split into parts that flip at most two detectors.
   * @throws {TimingBufferError} `NOT_MATCHABLE`
   */
  constructor(model: DetectorErrorModel) {
    this.#graph = new MatchingGraph(model);
    this.#named = new Float64Array(this.#graph.detectors);
  }

  /**
   * @param fired - different detectors, in any order.
   * @throws {TimingBufferError} `DETECTOR_OUT_OF_RANGE`, also for one named twice;
   *   `NOT_EXPLAINABLE` when no set of errors flips these detectors
   */
  decode(fired: readonly number[]): Decoding {
    this.#check(fired);
    const count = fired.length;
    if (count === 0) return NOTHING;
    if (count > this.#matching.capacity) this.#matching = new MinimumWeightMatching(2 * count);
    const matching = this.#matching;
    const rows = this.#setWeights(fired, matching);
    const mates = matching.solve(count);
    if (mates === undefined) {
      throw new TimingBufferError(
        'NOT_EXPLAINABLE',
        `no errors of the model flip the ${count} detectors ${fired.slice(0, 20).join(', ')}`,
      );
    }
    const { toBoundary } = this.#graph;
    const pairs: [number, number][] = [];
    let weight = 0;
    let observables = 0;
    for (let i = 0; i < count; i++) {
      const mate = mates[i];
      if (mate > i) {
        weight += matching.weights[i * count + mate];
        observables ^= rows[i].flips[fired[mate]];
        pairs.push([fired[i], fired[mate]]);
      } else if (mate === -1) {
        weight += matching.boundary[i];
        observables ^= toBoundary.flips[fired[i]];
        pairs.push([fired[i], -1]);
      }
    }
    return { observables: observables >>> 0, weight, pairs };
  }

  /**
   * The number of shots in which the decoder takes observable 0 for what it is not.
   *
   * @param shots - the detectors and observables of the same shots.
   * @throws {TimingBufferError} as {@link decode}
   */
  failures(shots: { readonly detectors: ShotTable; readonly observables: ShotTable }): number {
    let wrong = 0;
    for (let shot = 0; shot < shots.detectors.shots; shot++) {
      const { observables } = this.decode(shots.detectors.ones(shot));
      if ((observables & 1) !== shots.observables.get(shot, 0)) wrong++;
    }
    return wrong;
  }

  /** The distances between fired detectors, and the rows they were read from. */
  #setWeights(fired: readonly number[], { weights, boundary }: MinimumWeightMatching): Distances[] {
    const graph = this.#graph;
    const count = fired.length;
    const rows: Distances[] = [];
    for (let i = 0; i < count; i++) {
      const row = graph.from(fired[i]);
      const { distance } = row;
      rows.push(row);
      boundary[i] = graph.toBoundary.distance[fired[i]];
      // Added up from the other end the last bit may differ: one way counts for both.
      for (let j = i + 1; j < count; j++) {
        weights[i * count + j] = distance[fired[j]];
        weights[j * count + i] = distance[fired[j]];
      }
    }
    return rows;
  }

  #check(fired: readonly number[]): void {
    const { detectors } = this.#graph;
    this.#turn++;
    for (const detector of fired) {
      const fits = Number.isInteger(detector) && detector >= 0 && detector < detectors;
      if (!fits || this.#named[detector] === this.#turn) {
        throw new TimingBufferError(
          'DETECTOR_OUT_OF_RANGE',
          `${detector} is not one of different detectors in [0, ${detectors})`,
        );
      }
      this.#named[detector] = this.#turn;
    }
  }
}
