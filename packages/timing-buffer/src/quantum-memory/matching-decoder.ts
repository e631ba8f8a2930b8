import type { DetectorErrorModel, ShotTable } from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';
import { MatchingGraph, type Surroundings } from './matching-graph.ts';
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
 * The first time a detector fires costs O(edges · log detectors); after that a shot costs the
 * number of pairs near each other where errors are rare, and at worst that times how many fired.
 *
 * @see Dennis, Kitaev, Landahl & Preskill (2002), arXiv:quant-ph/0110143
 */
export class MatchingDecoder {
  readonly #graph: MatchingGraph;
  readonly #matching = new MinimumWeightMatching();

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
   *   `NOT_EXPLAINABLE` when no set of errors flips these detectors; `TOO_MANY_EDGES` for more than
   *   some thousands of them close together
   */
  decode(fired: readonly number[]): Decoding {
    if (fired.length === 0) return NOTHING;
    const rising = this.#checked(fired);
    const rows = this.#join(rising);
    const mates = this.#matching.solve();
    if (mates === undefined) {
      const list = rising.slice(0, 20).join(', ');
      throw new TimingBufferError(
        'NOT_EXPLAINABLE',
        `no errors of the model flip the ${fired.length} detectors ${list}`,
      );
    }
    const { toBoundary } = this.#graph;
    const pairs: [number, number][] = [];
    let weight = 0;
    let observables = 0;
    for (let i = 0; i < rising.length; i++) {
      const mate = mates[i];
      const detector = rising[i];
      if (mate > i) {
        const place = rising[mate] - detector - 1;
        weight += rows[i].distance[place];
        observables ^= rows[i].flips[place];
        pairs.push([detector, rising[mate]]);
      } else if (mate === -1) {
        weight += toBoundary.distance[detector];
        observables ^= toBoundary.flips[detector];
        pairs.push([detector, -1]);
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

  /** Joins fired detectors that are near each other, and returns how far each is from others. */
  #join(rising: readonly number[]): Surroundings[] {
    const graph = this.#graph;
    const matching = this.#matching;
    const count = rising.length;
    const boundary = matching.begin(count);
    const rows: Surroundings[] = [];
    for (let i = 0; i < count; i++) {
      boundary[i] = graph.toBoundary.distance[rising[i]];
      rows.push(graph.from(rising[i]));
    }
    for (let i = 0; i < count; i++) {
      const { distance } = rows[i];
      const first = rising[i] + 1;
      const end = first + distance.length;
      for (let j = i + 1; j < count && rising[j] < end; j++) {
        matching.join(i, j, distance[rising[j] - first]);
      }
    }
    return rows;
  }

  /** In rising order, as most callers have them. */
  #checked(fired: readonly number[]): readonly number[] {
    const { detectors } = this.#graph;
    let last = -1;
    let rising = true;
    for (const detector of fired) {
      if (!(Number.isInteger(detector) && detector >= 0 && detector < detectors)) {
        throw notADetector(detector, detectors);
      }
      if (detector <= last) rising = false;
      last = detector;
    }
    if (rising) return fired;
    const sorted = [...fired].sort((a, b) => a - b);
    sorted.forEach((detector, i) => {
      if (detector === sorted[i + 1]) throw notADetector(detector, detectors);
    });
    return sorted;
  }
}

function notADetector(detector: number, detectors: number): TimingBufferError {
  return new TimingBufferError(
    'DETECTOR_OUT_OF_RANGE',
    `${detector} is not one of different detectors in [0, ${detectors})`,
  );
}
