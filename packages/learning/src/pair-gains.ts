import { LearningError } from './errors.ts';
import { requireInteger, restoredArray, snapshotFields } from './validation.ts';
import type { Range } from './validation.ts';

/** What two experts gain together, as far as it is known. */
export interface PairGain {
  readonly i: number;
  readonly j: number;
  /** Mean loss of the better of the two less the loss of their mean forecast. */
  readonly gain: number;
  /** Standard error of `gain`, rounds taken as independent. */
  readonly uncertainty: number;
  /** Effective number of rounds in which both spoke. */
  readonly observations: number;
}

/** The whole state of `PairGains`: five numbers per pair. */
export interface PairGainsSnapshot {
  readonly experts: number;
  readonly memory: number;
  readonly statistics: Float64Array;
}

const EXPERTS_RANGE: Range = { min: 1, max: 16 };
const MEMORY_RANGE: Range = { min: 2, max: 1_000_000 };
const FIELDS = 5;
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/**
 * The symmetric matrix of pairwise gains, estimated online with exponential forgetting. A round
 * adds (p_lead − y)² − ((p_i + p_j)/2 − y)², where the lead is the one of the two with the smaller
 * loss so far: a pair gains only if listening to both is better than listening to the better one.
 */
export class PairGains {
  readonly experts: number;
  readonly memory: number;
  /** Per pair: weight, sum of squared weights, mean gain, scaled variance, mean of ℓ_i − ℓ_j. */
  #statistics: Float64Array;

  /**
   * @param options - fixed for its life.
   * @param options.experts - N in [1, 16].
   * @param options.memory - effective rounds remembered, in [2, 1000000].
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor({ experts, memory }: { experts: number; memory: number }) {
    this.experts = requireInteger(experts, 'experts', EXPERTS_RANGE, 'INVALID_OPTION');
    this.memory = requireInteger(memory, 'memory', MEMORY_RANGE, 'INVALID_OPTION');
    this.#statistics = new Float64Array((FIELDS * experts * (experts - 1)) / 2);
  }

  /**
   * Takes one round in. O(N²).
   *
   * @param probabilities - N numbers in [0, 1], NaN where an expert abstained; not checked.
   * @param outcome - in [0, 1]; not checked.
   */
  record(probabilities: ArrayLike<number>, outcome: number): void {
    const keep = 1 - 1 / this.memory;
    const statistics = this.#statistics;
    let at = 0;
    for (let i = 1; i < this.experts; i += 1) {
      const errorI = probabilities[i] - outcome;
      for (let j = 0; j < i; j += 1, at += FIELDS) {
        const errorJ = probabilities[j] - outcome;
        if (Number.isNaN(errorI) || Number.isNaN(errorJ)) continue;
        const lossI = errorI * errorI;
        const lossJ = errorJ * errorJ;
        const joint = (errorI + errorJ) / 2;
        const lead = statistics[at + 4] < 0 ? lossI : lossJ;
        const gain = lead - joint * joint;
        const weight = statistics[at] * keep + 1;
        const before = gain - statistics[at + 2];
        statistics[at] = weight;
        statistics[at + 1] = statistics[at + 1] * keep * keep + 1;
        statistics[at + 2] += before / weight;
        statistics[at + 3] = statistics[at + 3] * keep + before * (gain - statistics[at + 2]);
        statistics[at + 4] += (lossI - lossJ - statistics[at + 4]) / weight;
      }
    }
  }

  /** What one pair gains; undefined while they have not spoken together twice. O(1). */
  pair(i: number, j: number): PairGain | undefined {
    const range = { min: 0, max: this.experts - 1 };
    requireInteger(i, 'i', range, 'INDEX_OUT_OF_RANGE');
    requireInteger(j, 'j', range, 'INDEX_OUT_OF_RANGE');
    if (i === j) {
      throw new LearningError('INDEX_OUT_OF_RANGE', `expert ${i} and itself are no pair`);
    }
    const low = Math.min(i, j);
    const high = Math.max(i, j);
    const at = FIELDS * ((high * (high - 1)) / 2 + low);
    const observations = this.#observations(at);
    if (!(observations > 1.5)) return undefined;
    const gain = this.#statistics[at + 2];
    return { i, j, gain, uncertainty: this.#uncertainty(at, observations), observations };
  }

  /**
   * The pairs with at least so many observations, two or more, whose gain exceeds so many times its
   * uncertainty; i > j, in rising order. O(N²), and allocates for what it returns only.
   */
  provenPairs(observations: number, uncertainties: number): PairGain[] {
    const proven: PairGain[] = [];
    for (let i = 1, at = 0; i < this.experts; i += 1) {
      for (let j = 0; j < i; j += 1, at += FIELDS) {
        const observed = this.#observations(at);
        if (!(observed >= observations)) continue;
        const gain = this.#statistics[at + 2];
        const uncertainty = this.#uncertainty(at, observed);
        if (!(gain > uncertainties * uncertainty)) continue;
        proven.push({ i, j, gain, uncertainty, observations: observed });
      }
    }
    return proven;
  }

  snapshot(): PairGainsSnapshot {
    const { experts, memory } = this;
    return { experts, memory, statistics: this.#statistics.slice() };
  }

  /**
   * Gains that continue bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: PairGainsSnapshot): PairGains {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const gains = new PairGains({
      experts: requireInteger(fields.experts, 'experts', EXPERTS_RANGE, code),
      memory: requireInteger(fields.memory, 'memory', MEMORY_RANGE, code),
    });
    const { length } = gains.#statistics;
    const statistics = restoredArray(fields.statistics, 'statistics', length, FINITE);
    for (let at = 0; at < length; at += FIELDS) {
      if (!(statistics[at] >= 0 && statistics[at + 1] >= 0 && statistics[at + 3] >= -1e-9)) {
        throw new LearningError(code, `the statistics at ${at} hold a negative weight or variance`);
      }
    }
    gains.#statistics = statistics;
    return gains;
  }

  /** Effective number of rounds of the pair whose statistics begin there. */
  #observations(at: number): number {
    const weight = this.#statistics[at];
    const squares = this.#statistics[at + 1];
    return squares > 0 ? (weight * weight) / squares : 0;
  }

  #uncertainty(at: number, observations: number): number {
    const variance = this.#statistics[at + 3] / this.#statistics[at] / (1 - 1 / observations);
    return Math.sqrt(variance / observations);
  }
}
