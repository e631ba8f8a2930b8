import { SynthesisCryptoError } from '../errors.ts';

/** Buckets for each doubling: a percentile is off by at most 1 part in 32. */
const STEPS = 32;
const STEP_BITS = 5;
const EXPONENT_BIAS = 1023;
const DOUBLINGS = 53;

export interface LatencyBucket {
  /** Every duration in it is shorter, in nanoseconds. */
  readonly belowNs: number;
  /** How many are in this bucket alone. */
  readonly count: number;
}

/**
 * Counts of durations, in buckets that grow with them, from 1 ns to 104 days. Recording costs a
 * few nanoseconds and allocates nothing.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(STEPS * DOUBLINGS);
  readonly #scratch = new DataView(new ArrayBuffer(8));
  #count = 0;
  #sum = 0;
  #maximum = 0;

  get count(): number {
    return this.#count;
  }

  /** Nanoseconds, of all together. */
  get sum(): number {
    return this.#sum;
  }

  /** The counts as data: the buckets that hold any, the shortest durations first. */
  get buckets(): readonly LatencyBucket[] {
    return Array.from(this.#counts, (count, bucket) => ({
      belowNs: upperEdge(bucket),
      count,
    })).filter(({ count }) => count > 0);
  }

  /** Nanoseconds; 0 before the first. */
  get maximum(): number {
    return this.#maximum;
  }

  /** Nanoseconds; undefined before the first. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  /** @throws {SynthesisCryptoError} `OBSERVATION_INVALID` unless 0 ≤ duration < 2^53 ns. */
  record(durationNs: number): void {
    if (!(durationNs >= 0 && durationNs < 2 ** DOUBLINGS)) {
      throw new SynthesisCryptoError('OBSERVATION_INVALID', `${durationNs} ns is no duration`);
    }
    this.#counts[this.#bucketOf(Math.max(1, durationNs))] += 1;
    this.#count += 1;
    this.#sum += durationNs;
    if (durationNs > this.#maximum) this.#maximum = durationNs;
  }

  /**
   * The upper edge of the bucket that holds the given share of all durations, at most the maximum.
   *
   * @param share - in (0, 1]: 0.95 for the 95th percentile.
   */
  percentile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return Math.min(this.#maximum, upperEdge(bucket));
    }
    return this.#maximum;
  }

  /** The exponent and the first bits of the fraction, as a double writes them. */
  #bucketOf(value: number): number {
    this.#scratch.setFloat64(0, value);
    return (this.#scratch.getUint32(0) >>> (20 - STEP_BITS)) - EXPONENT_BIAS * STEPS;
  }
}

function upperEdge(bucket: number): number {
  const next = bucket + 1;
  const doubling = Math.floor(next / STEPS);
  return 2 ** doubling * (1 + (next % STEPS) / STEPS);
}
