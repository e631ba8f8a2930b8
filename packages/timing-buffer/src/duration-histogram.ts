import { TimingBufferError } from './errors.ts';

const STEP_BITS = 5;
const STEPS = 2 ** STEP_BITS;
/** Values below 2·STEPS have a bucket each; each further power of two up to 2^53 has STEPS. */
const BUCKETS = STEPS * (53 - STEP_BITS + 1);

/**
 * Counts of durations over fixed buckets that are exact below 64 ns and at most 1/32 of their value
 * wide above, from 0 to 2^53 ns: 12.5 kB whatever is recorded.
 *
 * @see Tene, HdrHistogram, for the buckets
 */
export class DurationHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #maxNs = 0;

  get count(): number {
    return this.#count;
  }

  /** The longest duration recorded, exactly; 0 without any. */
  get maxNs(): number {
    return this.#maxNs;
  }

  /**
   * @param durationNs - in [0, 2^53); what lies below a whole number is dropped.
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE`
   */
  record(durationNs: number): void {
    if (!(durationNs >= 0 && durationNs <= Number.MAX_SAFE_INTEGER)) {
      throw new TimingBufferError(
        'DURATION_OUT_OF_RANGE',
        `duration ${String(durationNs)} is not in [0, 2^53) ns`,
      );
    }
    this.#counts[bucketOf(Math.floor(durationNs))] += 1;
    this.#count += 1;
    if (durationNs > this.#maxNs) this.#maxNs = durationNs;
  }

  /**
   * Records `firstNs`, `firstNs + stepNs`, … `count` durations in all, in O(buckets) at most.
   *
   * @param stepNs - above 0.
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE` unless first and last are in [0, 2^53).
   */
  recordSeries(firstNs: number, stepNs: number, count: number): void {
    if (count === 0) return;
    this.record(firstNs);
    if (count === 1) return;
    this.record(firstNs + (count - 1) * stepNs);
    // What lies between the two, bucket by bucket: how many are below its end.
    const below = (end: number): number =>
      Math.min(count - 1, Math.max(1, Math.ceil((end - firstNs) / stepNs)));
    const last = bucketOf(Math.floor(firstNs + (count - 1) * stepNs));
    let counted = 1;
    for (let bucket = bucketOf(Math.floor(firstNs)); bucket <= last; bucket += 1) {
      const reached = below(lowestOf(bucket + 1));
      this.#counts[bucket] += reached - counted;
      counted = reached;
    }
    this.#count += count - 2;
  }

  /**
   * A duration that at least the share `quantile` of all does not exceed: the top of its bucket, or
   * the longest duration if that is less. Undefined without any. O(buckets).
   *
   * @param quantile - in [0, 1].
   */
  quantileNs(quantile: number): number | undefined {
    if (this.#count === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket];
      if (seen >= wanted) return Math.min(this.#maxNs, lowestOf(bucket + 1) - 1);
    }
    return this.#maxNs;
  }
}

/** The bucket of a whole number in [0, 2^53). */
function bucketOf(value: number): number {
  let exponent = 0;
  let scaled = value;
  while (scaled >= 2 ** 31) {
    scaled = Math.floor(scaled / 2 ** 16);
    exponent += 16;
  }
  const shift = Math.max(0, 31 - Math.clz32(scaled) - STEP_BITS);
  exponent += shift;
  return exponent * STEPS + (scaled >>> shift);
}

/** The smallest value of a bucket. */
function lowestOf(bucket: number): number {
  if (bucket < 2 * STEPS) return bucket;
  const exponent = Math.floor(bucket / STEPS) - 1;
  return (STEPS + (bucket % STEPS)) * 2 ** exponent;
}
