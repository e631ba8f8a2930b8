import { TimingBufferError } from './errors.ts';
import { DurationHistogram } from './duration-histogram.ts';

export interface PredictorOptions {
  /** Weight of the newest observation, in (0, 1]. */
  readonly weight: number;
}

/**
 * An exponentially weighted mean and mean absolute deviation, which is all it keeps of the past.
 * Without observations it knows nothing and says so.
 *
 * @see Jacobson (1988), Congestion Avoidance and Control; RFC 6298
 */
class WeightedMean {
  readonly #weight: number;
  #mean: number | undefined;
  #deviation = 0;

  constructor(weight: number) {
    if (!(weight > 0 && weight <= 1)) {
      throw new TimingBufferError(
        'WEIGHT_OUT_OF_RANGE',
        `weight ${String(weight)} is not in (0, 1]`,
      );
    }
    this.#weight = weight;
  }

  get mean(): number | undefined {
    return this.#mean;
  }

  get deviation(): number {
    return this.#deviation;
  }

  observe(value: number): void {
    if (this.#mean === undefined) {
      this.#mean = value;
      this.#deviation = value / 2;
      return;
    }
    const error = value - this.#mean;
    this.#mean += this.#weight * error;
    this.#deviation += this.#weight * (Math.abs(error) - this.#deviation);
  }
}

/** Predicts when the next event of a stream arrives, from the intervals between those before. */
export class ArrivalPredictor {
  readonly #interval: WeightedMean;
  readonly #errors = new DurationHistogram();
  #lastNs: number | undefined;

  /** @throws {TimingBufferError} `WEIGHT_OUT_OF_RANGE` */
  constructor({ weight }: PredictorOptions) {
    this.#interval = new WeightedMean(weight);
  }

  /** How far off, early or late, the predictions of the arrivals observed were. */
  get errors(): DurationHistogram {
    return this.#errors;
  }

  /**
   * @param timeNs - nanoseconds in [0, 2^53), not before the arrival before.
   * @throws {TimingBufferError} `TIMESTAMP_OUT_OF_RANGE`, `TIME_RAN_BACKWARDS`
   */
  observe(timeNs: number): void {
    if (!(timeNs >= 0 && timeNs <= Number.MAX_SAFE_INTEGER)) {
      throw new TimingBufferError(
        'TIMESTAMP_OUT_OF_RANGE',
        `arrival ${String(timeNs)} is not in [0, 2^53) ns`,
      );
    }
    const last = this.#lastNs;
    if (last !== undefined) {
      if (timeNs < last) {
        throw new TimingBufferError('TIME_RAN_BACKWARDS', `arrival ${timeNs} is before ${last}`);
      }
      const predicted = this.predictedNs();
      if (predicted !== undefined) this.#errors.record(Math.abs(timeNs - predicted));
      this.#interval.observe(timeNs - last);
    }
    this.#lastNs = timeNs;
  }

  /** When the next arrival is expected; undefined until two have been observed. */
  predictedNs(): number | undefined {
    const { mean } = this.#interval;
    return mean === undefined || this.#lastNs === undefined ? undefined : this.#lastNs + mean;
  }
}

export interface BatchPredictorOptions extends PredictorOptions {
  /** Mean absolute deviations to allow beyond the mean, at least 0. */
  readonly margin: number;
}

/** Predicts how long the next batch takes, and what time to allow for it. */
export class BatchPredictor {
  readonly #duration: WeightedMean;
  readonly #margin: number;
  #observed = 0;
  #overran = 0;

  /** @throws {TimingBufferError} `WEIGHT_OUT_OF_RANGE`, `MARGIN_OUT_OF_RANGE` */
  constructor({ weight, margin }: BatchPredictorOptions) {
    if (!(margin >= 0 && margin < Infinity)) {
      throw new TimingBufferError('MARGIN_OUT_OF_RANGE', `margin ${String(margin)} is not ≥ 0`);
    }
    this.#duration = new WeightedMean(weight);
    this.#margin = margin;
  }

  /** Batches observed for which a time had been allowed. */
  get observed(): number {
    return this.#observed;
  }

  /** How many of them took longer than allowed. */
  get overran(): number {
    return this.#overran;
  }

  /**
   * @param durationNs - in [0, 2^53).
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE`
   */
  observe(durationNs: number): void {
    if (!(durationNs >= 0 && durationNs <= Number.MAX_SAFE_INTEGER)) {
      throw new TimingBufferError(
        'DURATION_OUT_OF_RANGE',
        `duration ${String(durationNs)} is not in [0, 2^53) ns`,
      );
    }
    const allowed = this.allowedNs();
    if (allowed !== undefined) {
      this.#observed += 1;
      if (durationNs > allowed) this.#overran += 1;
    }
    this.#duration.observe(durationNs);
  }

  /** The mean expected; undefined until a batch has been observed. */
  expectedNs(): number | undefined {
    return this.#duration.mean;
  }

  /** The mean and `margin` mean deviations; undefined until a batch has been observed. */
  allowedNs(): number | undefined {
    const { mean, deviation } = this.#duration;
    return mean === undefined ? undefined : mean + this.#margin * deviation;
  }
}
