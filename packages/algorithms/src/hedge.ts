import { checkDistribution, checkLength, checkValues } from './argument-checks.ts';
import { explainWeights } from './explain-weights.ts';
import type { WeightExplanation } from './explain-weights.ts';
import { ExponentialWeights } from './exponential-weights.ts';
import { checkExperts, checkLearningRate, checkLosses, UNIT } from './expert-checks.ts';
import { softMaximum } from './soft-maximum.ts';

export interface HedgeOptions {
  /** N, 1 … 2^20. */
  readonly experts: number;
  /** η in [1e-9, 500]. For T rounds known beforehand √(8 ln N / T) gives the best bound. */
  readonly learningRate: number;
}

/**
 * Multiplicative weights over N experts: wᵢ ∝ e^{−ηLᵢ}, L the cumulative loss of an expert. On
 * every prefix of every sequence of losses the learner's loss Σ wᵢℓᵢ exceeds the best expert's by
 * at most ln N/η + ηT/8.
 *
 * The engine is that of the market maker, with −(cumulative loss) for shares sold and b = 1/η. O(N)
 * a round.
 *
 * @see Freund & Schapire (1997); Cesa-Bianchi & Lugosi (2006), theorem 2.2
 */
export class Hedge {
  readonly #learningRate: number;
  readonly #engine: ExponentialWeights;

  /** @throws {AlgorithmError} `OUT_OF_RANGE` */
  constructor({ experts, learningRate }: HedgeOptions) {
    checkExperts(experts);
    checkLearningRate(learningRate);
    this.#learningRate = learningRate;
    this.#engine = new ExponentialWeights(experts, learningRate);
  }

  /**
   * A copy of the weights, sum 1. A weight below about 1e-307 of the largest reads 0, and can come
   * back.
   */
  weights(): Float64Array {
    return this.#engine.weights.slice();
  }

  /**
   * Learns one round.
   *
   * @param losses - one in [0, 1] for each expert.
   * @returns the mix loss −(1/η) ln Σ wᵢ e^{−ηℓᵢ} of the weights before the round.
   * @throws {AlgorithmError} `LENGTH_MISMATCH`, `OUT_OF_RANGE`; the learner is then unchanged.
   */
  update(losses: ArrayLike<number>): number {
    checkLosses(losses, this.#engine.weights.length);
    this.#engine.move(losses, -1);
    return -this.#engine.rise;
  }

  /** Why each expert weighs what it does, the heaviest first. */
  explain(): WeightExplanation {
    const { weights } = this.#engine;
    return explainWeights(weights, this.#learningRate, (expert) => -this.#engine.lead(expert));
  }
}

/** One round of Hedge. */
export interface HedgeRound {
  /** New weights, sum 1. */
  readonly weights: Float64Array;
  /** −(1/η) ln Σ wᵢ e^{−ηℓᵢ}. */
  readonly mixLoss: number;
}

/**
 * One round of Hedge from given weights: wᵢ e^{−ηℓᵢ}, normalised. The classical twin of
 * `QuantumHedge.filter`. O(N).
 *
 * @param weights - ≥ 0, sum 1.
 * @param losses - one in [0, 1] for each weight.
 * @param learningRate - η in [1e-9, 500].
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function hedgeUpdate(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): HedgeRound {
  checkHedgeRound(weights, losses, learningRate);
  const gains = Float64Array.from(losses, (loss) => -loss);
  const mixLoss = -softMaximum(gains, learningRate, weights, gains);
  return { weights: gains, mixLoss };
}

/**
 * Σ wᵢpᵢ: the probability of an event to a learner that follows expert i, who gives it pᵢ, with
 * weight wᵢ. The classical twin of `QuantumHedge.mixture`. O(N).
 *
 * @param weights - ≥ 0, sum 1.
 * @param probabilities - one in [0, 1] for each weight.
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function mixtureProbability(
  weights: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number {
  checkMixture(weights, probabilities);
  let mass = 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    mass += weights[i];
    sum += weights[i] * probabilities[i];
  }
  return Math.min(1, sum / mass);
}

/** @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE` */
export function checkHedgeRound(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): void {
  checkDistribution('weights', weights);
  checkLosses(losses, weights.length);
  checkLearningRate(learningRate);
}

/** @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE` */
export function checkMixture(weights: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  checkDistribution('weights', weights);
  checkLength('probabilities', probabilities, weights.length);
  checkValues('probabilities', probabilities, UNIT);
}
