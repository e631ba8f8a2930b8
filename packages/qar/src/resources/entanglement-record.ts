import { LearningError, REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';

/** The whole state of an `EntanglementRecord`. */
export interface EntanglementSnapshot {
  /** In the order of `REGIMES`. */
  readonly engaged: readonly boolean[];
  /** Per regime: weight, sum of squared weights, mean difference, scaled variance. */
  readonly statistics: Float64Array;
}

/** Outcomes over which differences are estimated, and how many are needed. */
const MEMORY = 250;
const OUTCOMES_NEEDED = 32;
/** Standard errors by which the loss must be lower for a pattern to be engaged: 5 %. */
const ENGAGE_ERRORS = 1.645;
const FIELDS = 4;

/**
 * Measures for each regime what its pattern of entanglement changes in the Brier score of the fused
 * probability of a gain. Both fusions are computed at every decision, whichever decides. A pattern
 * is engaged when it lowers the loss by 1.645 standard errors, and dropped as soon as it does not
 * lower it any more.
 */
export class EntanglementRecord {
  readonly #engaged: boolean[] = REGIMES.map(() => false);
  #statistics: Float64Array = new Float64Array(FIELDS * REGIMES.length);

  engaged(regime: Regime): boolean {
    return this.#engaged[REGIMES.indexOf(regime)];
  }

  /**
   * @param plain - probability of a gain by the fusion without entanglement, in [0, 1].
   * @param entangled - by the fusion with it.
   */
  record(regime: Regime, plain: number, entangled: number, wentUp: boolean): void {
    const y = Number(wentUp);
    const difference = (entangled - y) * (entangled - y) - (plain - y) * (plain - y);
    const keep = 1 - 1 / MEMORY;
    const index = REGIMES.indexOf(regime);
    const at = FIELDS * index;
    const s = this.#statistics;
    const weight = s[at] * keep + 1;
    const before = difference - s[at + 2];
    s[at] = weight;
    s[at + 1] = s[at + 1] * keep * keep + 1;
    s[at + 2] += before / weight;
    s[at + 3] = s[at + 3] * keep + before * (difference - s[at + 2]);
    this.#judge(index);
  }

  /** What the pattern changed: mean, its standard error, effective number of outcomes. */
  difference(regime: Regime): { mean: number; error: number; outcomes: number } {
    const at = FIELDS * REGIMES.indexOf(regime);
    const [weight, squares, mean, scatter] = this.#statistics.subarray(at, at + FIELDS);
    const outcomes = squares > 0 ? (weight * weight) / squares : 0;
    if (!(outcomes > 1.5)) return { mean, error: Infinity, outcomes };
    const variance = scatter / weight / (1 - 1 / outcomes);
    return { mean, error: Math.sqrt(variance / outcomes), outcomes };
  }

  snapshot(): EntanglementSnapshot {
    return { engaged: [...this.#engaged], statistics: this.#statistics.slice() };
  }

  /** @throws {LearningError} `INVALID_SNAPSHOT` */
  static restore(snapshot: unknown): EntanglementRecord {
    const { engaged, statistics } = (
      typeof snapshot === 'object' && snapshot !== null ? snapshot : {}
    ) as Partial<Record<keyof EntanglementSnapshot, unknown>>;
    const record = new EntanglementRecord();
    const isSound =
      Array.isArray(engaged) &&
      engaged.length === REGIMES.length &&
      engaged.every((flag) => typeof flag === 'boolean') &&
      statistics instanceof Float64Array &&
      statistics.length === record.#statistics.length &&
      statistics.every((value, k) => Number.isFinite(value) && (k % FIELDS === 2 || value >= 0));
    if (!isSound) {
      throw new LearningError('INVALID_SNAPSHOT', 'the record of entanglement is not one');
    }
    for (const [k, flag] of engaged.entries()) record.#engaged[k] = flag;
    record.#statistics = statistics.slice();
    return record;
  }

  #judge(index: number): void {
    const { mean, error, outcomes } = this.difference(REGIMES[index]);
    if (outcomes < OUTCOMES_NEEDED || !(mean < 0)) this.#engaged[index] = false;
    else if (mean + ENGAGE_ERRORS * error < 0) this.#engaged[index] = true;
  }
}
