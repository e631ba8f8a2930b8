import type { DetectorErrorModel, ShotTable } from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';
import { MatchingGraph } from './matching-graph.ts';
import { minimumWeightMatching } from './minimum-weight-matching.ts';

/** The likeliest explanation of the detectors that fired. */
export interface Decoding {
  /** Bit l: whether observable l was flipped. */
  readonly observables: number;
  /** Sum of ln((1 − p)/p) over the errors of the explanation. */
  readonly weight: number;
  /** Each matched pair of detectors that fired, or one and −1 where it is the boundary. */
  readonly pairs: readonly (readonly [number, number])[];
}

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

  /**
   * @param model - each error split into parts that flip at most two detectors.
   * @throws {TimingBufferError} `NOT_MATCHABLE`
   */
  constructor(model: DetectorErrorModel) {
    this.#graph = new MatchingGraph(model);
  }

  /**
   * @param fired - different detectors, in any order.
   * @throws {TimingBufferError} `DETECTOR_OUT_OF_RANGE`, also for one named twice;
   *   `NOT_EXPLAINABLE` when no set of errors flips these detectors
   */
  decode(fired: readonly number[]): Decoding {
    const graph = this.#graph;
    this.#check(fired);
    const count = fired.length;
    const rows = fired.map((detector) => graph.from(detector));
    const weights = new Float64Array(count * count);
    const boundary = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const { distance } = rows[i];
      for (let j = 0; j < count; j++) weights[i * count + j] = distance[fired[j]];
      boundary[i] = graph.toBoundary.distance[fired[i]];
    }
    const mates = minimumWeightMatching(weights, boundary);
    if (mates === undefined) {
      throw new TimingBufferError(
        'NOT_EXPLAINABLE',
        `no errors of the model flip the ${count} detectors ${fired.slice(0, 20).join(', ')}`,
      );
    }
    const pairs: [number, number][] = [];
    let weight = 0;
    let observables = 0;
    mates.forEach((mate, i) => {
      if (mate > i) {
        weight += weights[i * count + mate];
        observables ^= rows[i].flips[fired[mate]];
        pairs.push([fired[i], fired[mate]]);
      } else if (mate === -1) {
        weight += boundary[i];
        observables ^= graph.toBoundary.flips[fired[i]];
        pairs.push([fired[i], -1]);
      }
    });
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

  #check(fired: readonly number[]): void {
    const { detectors } = this.#graph;
    const seen = new Set<number>();
    for (const detector of fired) {
      const fits = Number.isInteger(detector) && detector >= 0 && detector < detectors;
      if (!fits || seen.has(detector)) {
        throw new TimingBufferError(
          'DETECTOR_OUT_OF_RANGE',
          `${detector} is not one of different detectors in [0, ${detectors})`,
        );
      }
      seen.add(detector);
    }
  }
}
