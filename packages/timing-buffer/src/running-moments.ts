/**
 * Mean and standard deviation of a stream, kept by Welford's update.
 *
 * For n ≥ 2 the rounded step (x − mean)/n never passes x, so the mean stays between the smallest
 * and the largest value, the two factors below have one sign, the sum of squares never decreases,
 * and the deviation is never NaN. Its relative error grows as n·κ·2^-53, κ² = 1 + mean²/σ², where
 * the difference of Σx² and (Σx)²/n would grow as n·κ²·2^-53. A spread below 1e-150, whose square
 * underflows, may read as 0.
 *
 * @see Welford (1962), Technometrics 4(3), 419–420
 * @see Chan, Golub & LeVeque (1983), The American Statistician 37(3), 242–247
 */
export class RunningMoments {
  #mean = 0;
  #squares = 0;

  /**
   * Adds `values[at]`. A number in an array is never boxed, as an argument is when the compiler
   * does not inline the call.
   *
   * @param count - how many values there are with this one.
   */
  add(values: Float64Array, at: number, count: number): void {
    const value = values[at];
    const difference = value - this.#mean;
    this.#mean += difference / count;
    this.#squares += difference * (value - this.#mean);
  }

  /** Writes the mean of the `count` values to `into[at]`, their population deviation behind. */
  read(count: number, into: Float64Array, at: number): void {
    into[at] = this.#mean;
    into[at + 1] = Math.sqrt(this.#squares / count);
  }

  reset(): void {
    this.#mean = 0;
    this.#squares = 0;
  }
}
