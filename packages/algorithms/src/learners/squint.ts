import { expInto, log } from '@sema/simulator/elementary';
import { checkExperts, checkLosses } from '../expert-checks.ts';

/** Rates ½, ¼, … 2^−25: enough for 2^50 rounds. */
const RATES = 25;

/**
 * Squint over a grid of rates η_j = 2^−j with prior mass 1/(j(j + 1)): weights in proportion to Σ_j
 * γ_j η_j e^{η_jRᵢ − η_j²Vᵢ}, Rᵢ the regret to expert i and Vᵢ the sum of its squared steps. The
 * potential Σ πᵢγ_j e^{η_jRᵢ − η_j²Vᵢ} never exceeds 1, since e^{x − x²} ≤ 1 + x for x ≥ −½, and so
 * on every prefix
 *
 *   Rᵢ ≤ η_jVᵢ + (ln N + ln 1/γ_j)/η_j   for every j,
 *
 * which is O(√(Vᵢ (ln N + ln ln T))): small where the expert's lead varies little. O(25 N) a round.
 *
 * @see Koolen & van Erven (2015), "Second-order Quantile Methods for Experts and Combinatorial
 * Games"
 */
export class Squint {
  readonly #regrets: Float64Array;
  readonly #variances: Float64Array;
  readonly #weights: Float64Array;
  /** Of one expert, for each rate. */
  readonly #exponents = new Float64Array(RATES);
  /** ln N + ln 1/γ_j. */
  readonly #codes: Float64Array;

  /**
   * @param experts - N, 2 … 2^20.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(experts: number) {
    checkExperts(experts, 2);
    this.#regrets = new Float64Array(experts);
    this.#variances = new Float64Array(experts);
    this.#weights = new Float64Array(experts).fill(1 / experts);
    this.#codes = Float64Array.from(
      { length: RATES },
      (_, k) => log(experts) + log((k + 1) * (k + 2)),
    );
  }

  /** A copy of the weights of the next round, sum 1. */
  weights(): Float64Array {
    return this.#weights.slice();
  }

  /**
   * What the regret to an expert is at most, by the potential: the least over all rates.
   *
   * @param expert - 0 … N − 1.
   */
  regretBound(expert: number): number {
    let least = Infinity;
    let rate = 1;
    for (let j = 1; j <= RATES; j += 1) {
      rate /= 2;
      least = Math.min(least, rate * this.#variances[expert] + this.#codes[j - 1] / rate);
    }
    return least;
  }

  /**
   * Learns one round.
   *
   * @param losses - one in [0, 1] for each expert.
   * @returns the loss of the weights before the round.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(losses: ArrayLike<number>): number {
    const weights = this.#weights;
    checkLosses(losses, weights.length);
    let loss = 0;
    for (let i = 0; i < weights.length; i += 1) loss += weights[i] * losses[i];
    for (let i = 0; i < weights.length; i += 1) {
      const step = loss - losses[i];
      this.#regrets[i] += step;
      this.#variances[i] += step * step;
    }
    this.#weigh();
    return loss;
  }

  #weigh(): void {
    const weights = this.#weights;
    const exponents = this.#exponents;
    // Taken out, so that nothing overflows and the largest never underflows.
    let largest = -Infinity;
    for (let i = 0; i < weights.length; i += 1) {
      let rate = 1;
      for (let j = 1; j <= RATES; j += 1) {
        rate /= 2;
        const exponent = rate * (this.#regrets[i] - rate * this.#variances[i]);
        largest = Math.max(largest, exponent);
      }
    }
    let sum = 0;
    for (let i = 0; i < weights.length; i += 1) {
      let rate = 1;
      for (let j = 1; j <= RATES; j += 1) {
        rate /= 2;
        exponents[j - 1] = rate * (this.#regrets[i] - rate * this.#variances[i]) - largest;
      }
      expInto(exponents, exponents);
      let mass = 0;
      rate = 1;
      for (let j = 1; j <= RATES; j += 1) {
        rate /= 2;
        mass += (rate / (j * (j + 1))) * exponents[j - 1];
      }
      weights[i] = mass;
      sum += mass;
    }
    for (let i = 0; i < weights.length; i += 1) weights[i] /= sum;
  }
}
