import { checkRange } from '../argument-checks.ts';
import { checkRelatives, growth } from './price-relatives.ts';
import { projectToSimplex } from './simplex.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';

const CONFIDENCE = { from: 0, to: 10 };
const THRESHOLD = { from: 0, to: 1e6 };

export interface ConfidenceWeightedOptions {
  /** φ in [0, 10], the normal quantile of the confidence; the authors' is 2. */
  readonly confidence: number;
  /** ε in [0, 1e6], what the last period should have gained at most; the authors' is 0.5. */
  readonly threshold: number;
  /** Of the last period's gain: in the constraint φ times its variance, or its deviation. */
  readonly constraint: 'variance' | 'deviation';
}

/** Moments of the last period's gain under N(μ, Σ) that both constraints need. */
interface GainMoments {
  /** xᵀμ. */
  readonly mean: number;
  /** xᵀΣx. */
  readonly variance: number;
  /** xᵀΣ1. */
  readonly total: number;
  /** 1ᵀΣx / 1ᵀΣ1: the mean relative, each asset weighed by how unsure its share is. */
  readonly center: number;
}

/**
 * CWMR: holds a normal distribution over shares, with a diagonal covariance, and after each period
 * moves it by as little relative entropy as it can so that with the stated confidence the period
 * would have gained at most ε. Where shares are unsure, and the relative large, it moves most.
 *
 * Follows the authors' toolbox, which scales the covariance to sum to 1/m after every step and, in
 * the deviation form, lifts a nearly singular one by 2^-52.
 *
 * @see Li, Hoi, Zhao & Gopalkrishnan (2013), "Confidence Weighted Mean Reversion Strategy for
 * Online Portfolio Selection"
 */
export class ConfidenceWeighted implements PortfolioStrategy {
  /** μ. */
  readonly weights: Float64Array;
  readonly #options: ConfidenceWeightedOptions;
  /** Diagonal of Σ. */
  readonly #variances: Float64Array;
  readonly #scratch: Float64Array;

  /**
   * @param assets - 1 … 10 000.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(assets: number, options: ConfidenceWeightedOptions) {
    checkRange('confidence', options.confidence, CONFIDENCE);
    checkRange('threshold', options.threshold, THRESHOLD);
    this.weights = uniformWeights(assets);
    this.#options = { ...options };
    this.#variances = new Float64Array(assets).fill(1 / (assets * assets));
    this.#scratch = new Float64Array(assets);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    const moments = this.#moments(relatives);
    const multiplier =
      this.#options.constraint === 'variance'
        ? varianceMultiplier(moments, this.#options)
        : deviationMultiplier(moments, this.#options);
    for (let i = 0; i < relatives.length; i += 1) {
      this.weights[i] -= multiplier * this.#variances[i] * (relatives[i] - moments.center);
    }
    this.#narrow(relatives, multiplier, moments.variance);
    projectToSimplex(this.weights, this.#scratch);
  }

  #moments(relatives: ArrayLike<number>): GainMoments {
    let variance = 0;
    let total = 0;
    let sum = 0;
    for (let i = 0; i < relatives.length; i += 1) {
      const weighed = this.#variances[i] * relatives[i];
      variance += weighed * relatives[i];
      total += weighed;
      sum += this.#variances[i];
    }
    return { mean: growth(this.weights, relatives), variance, total, center: total / sum };
  }

  /** Adds to each precision what the step has learned, and scales Σ to sum to 1/m. */
  #narrow(relatives: ArrayLike<number>, multiplier: number, variance: number): void {
    const { confidence, constraint } = this.#options;
    let gained = 2 * multiplier * confidence;
    if (constraint === 'deviation') {
      const product = multiplier * confidence * variance;
      const deviation = (Math.sqrt(product * product + 4 * variance) - product) / 2;
      gained = deviation > 0 ? (multiplier * confidence) / deviation : 0;
    }
    let determinant = 1;
    for (let i = 0; i < relatives.length; i += 1) {
      const own = this.#variances[i];
      this.#variances[i] = own / (1 + gained * own * relatives[i] * relatives[i]);
      determinant *= this.#variances[i];
    }
    const lift = constraint === 'deviation' && determinant <= Number.EPSILON ? Number.EPSILON : 0;
    let sum = 0;
    for (let i = 0; i < relatives.length; i += 1) {
      this.#variances[i] += lift;
      sum += this.#variances[i];
    }
    const scale = 1 / (sum * relatives.length);
    for (let i = 0; i < relatives.length; i += 1) this.#variances[i] *= scale;
  }
}

function varianceMultiplier(
  { mean, variance, total, center }: GainMoments,
  { confidence, threshold }: ConfidenceWeightedOptions,
): number {
  const spread = variance - center * total;
  return largestRoot(
    2 * confidence * variance * spread,
    2 * confidence * variance * (threshold - mean) + spread,
    threshold - mean - confidence * variance,
  );
}

function deviationMultiplier(
  { mean, variance, total, center }: GainMoments,
  { confidence, threshold }: ConfidenceWeightedOptions,
): number {
  const half = (confidence * confidence * variance) / 2;
  const spread = variance - center * total + half;
  return largestRoot(
    spread * spread - half * half,
    2 * (threshold - mean) * spread,
    (threshold - mean) * (threshold - mean) - confidence * confidence * variance,
  );
}

/** The largest root of ax² + bx + c, or 0 where none is real and positive. */
function largestRoot(a: number, b: number, c: number): number {
  if (a === 0) return b === 0 ? 0 : Math.max(0, -c / b);
  const discriminant = b * b - 4 * a * c;
  if (!(discriminant > 0)) return 0;
  const root = Math.sqrt(discriminant);
  return Math.max(0, (-b + root) / (2 * a), (-b - root) / (2 * a));
}
