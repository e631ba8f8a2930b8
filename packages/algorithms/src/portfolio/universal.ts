import { log } from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { checkInteger, checkLength } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { softMaximum } from '../soft-maximum.ts';
import { checkMarket, checkRelatives, growth } from './price-relatives.ts';
import type { PriceRelatives } from './price-relatives.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';

const SAMPLES = { from: 1, to: 1_000_000 };
const MOST_NUMBERS = 1e8;

/**
 * Cover's universal portfolio: the mean of all constant rebalanced portfolios, each weighed by the
 * wealth it has made so far. It is Hedge at η = 1 whose experts are the portfolios and whose losses
 * are −ln(b·x). Over the whole simplex ln wealth is within (m − 1) ln(T + 1) of the best one's.
 *
 * Here the mean is over portfolios drawn evenly from the simplex: its wealth is theirs, on the
 * average. O(samples × assets) a period.
 *
 * @see Cover (1991), "Universal Portfolios"; Blum & Kalai (1999), "Universal Portfolios With and
 * Without Transaction Costs"
 */
export class UniversalPortfolio implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #portfolios: readonly Float64Array[];
  /** ln wealth of each, less that of the richest. */
  readonly #logWealth: Float64Array;
  readonly #shares: Float64Array;
  readonly #even: Float64Array;

  /**
   * @param assets - 1 … 10 000.
   * @param options - samples: 1 … 1e6, samples × assets at most 1e8. random: draws them, assets
   * numbers for each.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(
    assets: number,
    { samples, random }: { readonly samples: number; readonly random: RandomSource },
  ) {
    checkInteger('samples', samples, SAMPLES);
    this.weights = uniformWeights(assets);
    if (samples * assets > MOST_NUMBERS) {
      throw new AlgorithmError('OUT_OF_RANGE', `${samples} × ${assets} is more than 1e8`);
    }
    this.#portfolios = Array.from({ length: samples }, () => drawPortfolio(assets, random));
    this.#logWealth = new Float64Array(samples);
    this.#even = new Float64Array(samples).fill(1);
    this.#shares = new Float64Array(samples).fill(1 / samples);
    this.#mix();
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    let richest = -Infinity;
    for (let k = 0; k < this.#portfolios.length; k += 1) {
      this.#logWealth[k] += log(growth(this.#portfolios[k], relatives));
      richest = Math.max(richest, this.#logWealth[k]);
    }
    for (let k = 0; k < this.#portfolios.length; k += 1) this.#logWealth[k] -= richest;
    softMaximum(this.#logWealth, 1, this.#even, this.#shares);
    this.#mix();
  }

  #mix(): void {
    this.weights.fill(0);
    for (let k = 0; k < this.#portfolios.length; k += 1) {
      const share = this.#shares[k];
      const portfolio = this.#portfolios[k];
      for (let i = 0; i < portfolio.length; i += 1) this.weights[i] += share * portfolio[i];
    }
  }
}

/** Exponentials over their sum are spread evenly over the simplex. */
function drawPortfolio(assets: number, random: RandomSource): Float64Array {
  const portfolio = new Float64Array(assets);
  let sum = 0;
  for (let i = 0; i < assets; i += 1) {
    // 1 − u is in (0, 1], so the logarithm is finite; the summand keeps the sum above 0.
    portfolio[i] = Number.MIN_VALUE - log(1 - random.next());
    sum += portfolio[i];
  }
  for (let i = 0; i < assets; i += 1) portfolio[i] /= sum;
  return portfolio;
}

/**
 * ln wealth of the universal portfolio of two assets, exactly: the integral over b of
 * Π (b x₁ + (1 − b) x₂), expanded in powers, all of whose terms are positive. O(T²).
 *
 * @returns after each period.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH` unless there are two assets, `OUT_OF_RANGE`
 * @see Cover & Ordentlich (1996), "Universal Portfolios with Side Information", section IV
 */
export function universalLogWealthOfPair(market: PriceRelatives): Float64Array {
  checkMarket(market);
  checkLength('price relatives', market[0], 2);
  const periods = market.length;
  const logWealth = new Float64Array(periods);
  // means[k]: mean of the products that take the first asset in k of the periods so far. Their
  // number, and the integral of b^k (1 − b)^(t − k), cancel to 1 / (t + 1).
  let means = Float64Array.of(1);
  let scale = 0;
  for (let t = 1; t <= periods; t += 1) {
    const [first, second] = [market[t - 1][0], market[t - 1][1]];
    const next = new Float64Array(t + 1);
    let largest = 0;
    for (let k = 0; k <= t; k += 1) {
      const taken = k > 0 ? k * first * means[k - 1] : 0;
      const left = k < t ? (t - k) * second * means[k] : 0;
      next[k] = (taken + left) / t;
      largest = Math.max(largest, next[k]);
    }
    let sum = 0;
    for (let k = 0; k <= t; k += 1) {
      next[k] /= largest;
      sum += next[k];
    }
    scale += log(largest);
    means = next;
    logWealth[t - 1] = scale + log(sum / (t + 1));
  }
  return logWealth;
}
