import { checkInteger, checkRange } from '../argument-checks.ts';
import { checkRelatives, growth } from './price-relatives.ts';
import { projectToSimplex, spreadOf } from './simplex.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';

const THRESHOLD = { from: 0, to: 1e6 };
const AGGRESSIVENESS = { from: 1e-6, to: 1e9 };
const SMOOTHING = { from: 0, to: 1 };
const WINDOW = { from: 2, to: 1000 };

/** A step stays finite, and the smallest spread of a real market is far above. */
const SMALLEST_SPREAD = 1e-30;

/** Of prices that fall without end; its square is still far from overflow. */
export const LARGEST_PREDICTION = 1e100;

export interface PassiveAggressiveOptions {
  /** ε in [0, 1e6], the gain that moves nothing; the authors' is 0.5. */
  readonly threshold: number;
  /** PAMR takes any step, PAMR-1 none above C, PAMR-2 adds 1/2C to the squared spread. */
  readonly bound: 'none' | 'capped' | 'softened';
  /** C in [1e-6, 1e9], not used where there is no bound; the authors' is 500. */
  readonly aggressiveness: number;
}

/**
 * PAMR: keeps the shares while the last period gained no more than ε, and otherwise moves, by as
 * little as it can, to shares that would have gained only ε in it. It bets that what has risen will
 * fall.
 *
 * @see Li, Zhao, Hoi & Gopalkrishnan (2012), "PAMR: Passive Aggressive Mean Reversion Strategy for
 * Portfolio Selection"
 */
export class PassiveAggressive implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #options: PassiveAggressiveOptions;
  readonly #scratch: Float64Array;

  /**
   * @param assets - 1 … 10 000.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(assets: number, options: PassiveAggressiveOptions) {
    checkRange('threshold', options.threshold, THRESHOLD);
    checkRange('aggressiveness', options.aggressiveness, AGGRESSIVENESS);
    this.weights = uniformWeights(assets);
    this.#options = { ...options };
    this.#scratch = new Float64Array(assets);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    const { squared } = spreadOf(relatives);
    const excess = Math.max(0, growth(this.weights, relatives) - this.#options.threshold);
    moveAlong(this.weights, relatives, -this.#step(excess, squared), this.#scratch);
  }

  #step(excess: number, squared: number): number {
    const { bound, aggressiveness } = this.#options;
    if (bound === 'softened') return excess / (squared + 0.5 / aggressiveness);
    if (squared < SMALLEST_SPREAD) return 0;
    return bound === 'capped' ? Math.min(aggressiveness, excess / squared) : excess / squared;
  }
}

/**
 * OLMAR-1: predicts that each price returns to its mean over the last periods, and moves, by as
 * little as it can, to shares that would gain ε if it did.
 *
 * As in the authors' toolbox, until the window is full the prediction is the last relative itself,
 * and the first period moves nothing.
 *
 * @see Li & Hoi (2012), "On-Line Portfolio Selection with Moving Average Reversion"
 */
export class MovingAverageReversion implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #threshold: number;
  readonly #window: number;
  /** The last relatives, row (period mod window). */
  readonly #recent: Float64Array;
  readonly #prediction: Float64Array;
  readonly #scratch: Float64Array;
  #periods = 0;

  /**
   * @param assets - 1 … 10 000.
   * @param options - threshold: ε in [0, 1e6], the authors' is 10. window: w, 2 … 1000 periods, the
   * authors' is 5.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(
    assets: number,
    { threshold, window }: { readonly threshold: number; readonly window: number },
  ) {
    checkRange('threshold', threshold, THRESHOLD);
    checkInteger('window', window, WINDOW);
    this.weights = uniformWeights(assets);
    this.#threshold = threshold;
    this.#window = window;
    this.#recent = new Float64Array(assets * window);
    this.#prediction = new Float64Array(assets);
    this.#scratch = new Float64Array(assets);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    this.#recent.set(relatives, (this.#periods % this.#window) * relatives.length);
    this.#periods += 1;
    if (this.#periods === 1) return;
    if (this.#periods > this.#window) this.#predictMean();
    else this.#prediction.set(relatives);
    revertTo(this.weights, this.#prediction, this.#threshold, this.#scratch);
  }

  /** Mean over the last w closes, in units of the last one. */
  #predictMean(): void {
    const assets = this.weights.length;
    for (let i = 0; i < assets; i += 1) {
      let sum = 0;
      let since = 1;
      for (let age = 0; age < this.#window; age += 1) {
        sum += 1 / since;
        since *= this.#recent[((this.#periods - 1 - age) % this.#window) * assets + i];
      }
      this.#prediction[i] = Math.min(LARGEST_PREDICTION, sum / this.#window);
    }
  }
}

/**
 * OLMAR-2: as {@link MovingAverageReversion}, with an exponential moving average of prices.
 *
 * @see Li & Hoi (2012), "On-Line Portfolio Selection with Moving Average Reversion"
 */
export class ExponentialAverageReversion implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #threshold: number;
  readonly #smoothing: number;
  readonly #prediction: Float64Array;
  readonly #scratch: Float64Array;

  /**
   * @param assets - 1 … 10 000.
   * @param options - threshold: ε in [0, 1e6], the authors' is 10. smoothing: α in [0, 1], how
   * much of the average the last close is, the authors' is 0.5.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(
    assets: number,
    { threshold, smoothing }: { readonly threshold: number; readonly smoothing: number },
  ) {
    checkRange('threshold', threshold, THRESHOLD);
    checkRange('smoothing', smoothing, SMOOTHING);
    this.weights = uniformWeights(assets);
    this.#threshold = threshold;
    this.#smoothing = smoothing;
    this.#prediction = new Float64Array(assets).fill(1);
    this.#scratch = new Float64Array(assets);
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    const predicted = this.#prediction;
    for (let i = 0; i < predicted.length; i += 1) {
      const average = this.#smoothing + ((1 - this.#smoothing) * predicted[i]) / relatives[i];
      predicted[i] = Math.min(LARGEST_PREDICTION, average);
    }
    revertTo(this.weights, predicted, this.#threshold, this.#scratch);
  }
}

/** The smallest move to shares that gain `threshold` if the prediction comes true. */
export function revertTo(
  weights: Float64Array,
  predicted: Float64Array,
  threshold: number,
  scratch: Float64Array,
): void {
  const { squared } = spreadOf(predicted);
  const missing = Math.max(0, threshold - growth(weights, predicted));
  moveAlong(weights, predicted, squared < SMALLEST_SPREAD ? 0 : missing / squared, scratch);
}

/** weights += step × (signal − its mean), back onto the simplex. */
function moveAlong(
  weights: Float64Array,
  signal: ArrayLike<number>,
  step: number,
  scratch: Float64Array,
): void {
  const { mean } = spreadOf(signal);
  for (let i = 0; i < weights.length; i += 1) weights[i] += step * (signal[i] - mean);
  projectToSimplex(weights, scratch);
}
