import { writeSoftMaximum } from './soft-maximum.ts';

/**
 * Positions x and the weights wᵢ ∝ e^{βxᵢ} that follow from them: the one engine of market maker
 * and learner. The soft maximum S(x) = (1/β) ln (1/n) Σ e^{βxᵢ} is what both live by:
 *
 * | market maker (`LmsrMarket`)     | learner (`Hedge`)                |
 * | ------------------------------- | -------------------------------- |
 * | x: shares sold of each outcome  | x: minus each expert’s total loss |
 * | 1/β: the liquidity b            | β: the learning rate η           |
 * | w: prices                       | w: weights                       |
 * | rise of S: cost of a trade      | fall of S: mix loss of a round   |
 * | worst loss: b ln n              | regret: at most ln n/η + ηT/8    |
 *
 * Only the distances to the largest position are kept, so nothing overflows or underflows however
 * long it runs. A move is O(n) and allocates nothing.
 */
export class ExponentialWeights {
  /** Sum 1. Changed in place by every move. */
  readonly weights: Float64Array;
  readonly #leads: Float64Array;
  readonly #uniform: Float64Array;
  /** β, and the soft maximum of the leads: in [−ln n/β, 0]. */
  readonly #terms: Float64Array;
  readonly #rise = new Float64Array(1);

  /**
   * @param count - n ≥ 1. Not checked here.
   * @param inverseTemperature - β > 0. Not checked here.
   */
  constructor(count: number, inverseTemperature: number) {
    this.weights = new Float64Array(count).fill(1 / count);
    this.#leads = new Float64Array(count);
    this.#uniform = new Float64Array(count).fill(1);
    this.#terms = Float64Array.of(inverseTemperature, 0);
  }

  /** How far the last move made the soft maximum rise. */
  get rise(): number {
    return this.#rise[0];
  }

  /** How far position i is below the largest one: ≤ 0. */
  lead(i: number): number {
    return this.#leads[i];
  }

  /** Adds factor · changes to the positions. */
  move(changes: ArrayLike<number>, factor: 1 | -1): void {
    const leads = this.#leads;
    let best = -Infinity;
    for (let i = 0; i < leads.length; i += 1) {
      leads[i] += factor * changes[i];
      best = Math.max(best, leads[i]);
    }
    for (let i = 0; i < leads.length; i += 1) leads[i] -= best;
    const before = this.#terms[1];
    writeSoftMaximum(leads, this.#terms, this.#uniform, this.weights);
    this.#rise[0] = best - before + this.#terms[1];
  }

  /** Sets β; the weights follow. */
  temper(inverseTemperature: number): void {
    this.#terms[0] = inverseTemperature;
    writeSoftMaximum(this.#leads, this.#terms, this.#uniform, this.weights);
  }
}
