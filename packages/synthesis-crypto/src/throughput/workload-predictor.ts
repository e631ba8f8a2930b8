import { SynthesisCryptoError } from '../errors.ts';
import type { WaterMarks } from './key-pool.ts';

export interface PredictorOptions {
  /** How fast the level follows, in (0, 1]. */
  readonly levelGain: number;
  /** How fast the trend follows, in [0, 1]. */
  readonly trendGain: number;
}

export interface PredictionError {
  /** How many forecasts have been compared with what came. */
  readonly count: number;
  /** Mean |forecast − observation| one step ahead, in the unit observed. */
  readonly meanAbsolute: number;
  /** Mean of forecast − observation: above 0, it expects too much. */
  readonly bias: number;
  /** The same error of taking the last observation for the next: what a forecast must beat. */
  readonly meanAbsoluteOfLast: number;
}

/**
 * Holt's linear method: a level and a trend, each smoothed exponentially. Give it one count per
 * period, such as the keys taken in a second.
 *
 * @see C. C. Holt, Forecasting seasonals and trends by exponentially weighted moving averages
 *   (1957), International Journal of Forecasting 20 (2004) 5–10
 */
export class WorkloadPredictor {
  readonly #levelGain: number;
  readonly #trendGain: number;
  #level = 0;
  #trend = 0;
  #last = 0;
  #observations = 0;
  #absolute = 0;
  #signed = 0;
  #absoluteOfLast = 0;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor({ levelGain, trendGain }: PredictorOptions) {
    if (!(levelGain > 0 && levelGain <= 1 && trendGain >= 0 && trendGain <= 1)) {
      throw new SynthesisCryptoError('LIMIT_INVALID', 'a gain is out of its range');
    }
    this.#levelGain = levelGain;
    this.#trendGain = trendGain;
  }

  /** @throws {SynthesisCryptoError} `OBSERVATION_INVALID` unless finite and ≥ 0. */
  observe(count: number): void {
    if (!Number.isFinite(count) || count < 0) {
      throw new SynthesisCryptoError('OBSERVATION_INVALID', `${count} is not a finite count`);
    }
    if (this.#observations === 0) {
      this.#level = count;
    } else {
      const error = (this.forecast(1) ?? 0) - count;
      this.#absolute += Math.abs(error);
      this.#signed += error;
      this.#absoluteOfLast += Math.abs(this.#last - count);
      const expected = this.#level + this.#trend;
      const level = expected + this.#levelGain * (count - expected);
      this.#trend += this.#trendGain * (level - this.#level - this.#trend);
      this.#level = level;
    }
    this.#last = count;
    this.#observations += 1;
  }

  /** The count expected `steps` periods ahead, never below 0; undefined before any observation. */
  forecast(steps: number): number | undefined {
    if (this.#observations === 0) return undefined;
    return Math.max(0, this.#level + steps * this.#trend);
  }

  /** Undefined until a forecast has been compared with what came. */
  get error(): PredictionError | undefined {
    const count = this.#observations - 1;
    if (count < 1) return undefined;
    return Object.freeze({
      count,
      meanAbsolute: this.#absolute / count,
      bias: this.#signed / count,
      meanAbsoluteOfLast: this.#absoluteOfLast / count,
    });
  }

  /**
   * Marks for a pool: low covers the next period and twice the mean error, high the next `periods`.
   * Undefined until there is an error to go by.
   *
   * @param maximum - the most keys to keep.
   */
  suggestedMarks(periods: number, maximum: number): WaterMarks | undefined {
    const { error } = this;
    if (error === undefined) return undefined;
    const margin = 2 * error.meanAbsolute;
    let ahead = 0;
    for (let step = 1; step <= periods; step += 1) ahead += this.forecast(step) ?? 0;
    const high = Math.min(maximum, Math.ceil(ahead + margin));
    const low = Math.min(high, Math.ceil((this.forecast(1) ?? 0) + margin));
    return { low, high };
  }
}
