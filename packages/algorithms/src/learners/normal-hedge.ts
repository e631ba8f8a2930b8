import { expInto, log } from '@sema/simulator/elementary';
import { checkExperts, checkLosses } from '../expert-checks.ts';

/** Less than that is rounding, and its square might be 0. */
const NOTICEABLE = 1e-100;

/** Doublings of precision of the scale. */
const BISECTIONS = 50;

/**
 * NormalHedge: no rate to set. With Rᵢ the regret to expert i, weights are in proportion to [Rᵢ]₊
 * e^{[Rᵢ]₊²/2c}, where c makes the mean of e^{[Rᵢ]₊²/2c} equal to e; even when nobody is ahead. So
 * an expert that is behind weighs nothing, and Rᵢ ≤ √(2c (1 + ln N)). The regret to the best εN
 * experts is O(√(T ln 1/ε) + ln² N). O(50 N) a round.
 *
 * @see Chaudhuri, Freund & Hsu (2009), "A Parameter-free Hedging Algorithm"
 */
export class NormalHedge {
  readonly #regrets: Float64Array;
  readonly #weights: Float64Array;
  readonly #exponents: Float64Array;
  readonly #logExperts: number;
  #scale = 0;

  /**
   * @param experts - N, 2 … 2^20.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(experts: number) {
    checkExperts(experts, 2);
    this.#regrets = new Float64Array(experts);
    this.#weights = new Float64Array(experts).fill(1 / experts);
    this.#exponents = new Float64Array(experts);
    this.#logExperts = log(experts);
  }

  /** c; 0 while no expert is ahead. */
  get scale(): number {
    return this.#scale;
  }

  /** A copy of the weights of the next round, sum 1. */
  weights(): Float64Array {
    return this.#weights.slice();
  }

  /**
   * Learns one round.
   *
   * @param losses - one in [0, 1] for each expert.
   * @returns the loss of the weights before the round.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(losses: ArrayLike<number>): number {
    const regrets = this.#regrets;
    const weights = this.#weights;
    checkLosses(losses, regrets.length);
    let loss = 0;
    for (let i = 0; i < weights.length; i += 1) loss += weights[i] * losses[i];
    for (let i = 0; i < regrets.length; i += 1) regrets[i] += loss - losses[i];
    this.#weigh();
    return loss;
  }

  #weigh(): void {
    const regrets = this.#regrets;
    const weights = this.#weights;
    const exponents = this.#exponents;
    let largest = 0;
    for (let i = 0; i < regrets.length; i += 1) largest = Math.max(largest, regrets[i]);
    if (largest < NOTICEABLE) {
      this.#scale = 0;
      weights.fill(1 / weights.length);
      return;
    }
    this.#findScale();
    const scale = this.#scale;
    for (let i = 0; i < regrets.length; i += 1) {
      const ahead = Math.max(0, regrets[i]);
      // The largest is taken out of the exponent, so that nothing overflows.
      exponents[i] = ((ahead - largest) * (ahead + largest)) / (2 * scale);
    }
    expInto(exponents, exponents);
    let sum = 0;
    for (let i = 0; i < regrets.length; i += 1) {
      weights[i] = (Math.max(0, regrets[i]) / largest) * exponents[i];
      sum += weights[i];
    }
    for (let i = 0; i < weights.length; i += 1) weights[i] /= sum;
  }

  /**
   * c by bisection. At c = R²/2, R the largest, no term exceeds e; at R²/(2 + 2 ln N) that of R
   * alone makes the mean e.
   */
  #findScale(): void {
    const regrets = this.#regrets;
    const exponents = this.#exponents;
    let largest = 0;
    for (let i = 0; i < regrets.length; i += 1) largest = Math.max(largest, regrets[i]);
    let high = (largest * largest) / 2;
    let low = high / (1 + this.#logExperts);
    for (let step = 0; step < BISECTIONS; step += 1) {
      const middle = (low + high) / 2;
      for (let i = 0; i < regrets.length; i += 1) {
        const ahead = Math.max(0, regrets[i]);
        exponents[i] = (ahead * ahead) / (2 * middle);
      }
      expInto(exponents, exponents);
      let sum = 0;
      for (let i = 0; i < regrets.length; i += 1) sum += exponents[i];
      if (sum / regrets.length > Math.E) low = middle;
      else high = middle;
    }
    this.#scale = high;
  }
}
