import { QarError } from './errors.ts';

/** Whole nanoseconds below this have a bucket each; every octave above has half as many buckets. */
const FINE = 128;
const HALF = FINE / 2;
/** From 2^7 to 2^48 ns. */
const OCTAVES = 41;

/**
 * Counts of durations in buckets at most 1/64 of their value wide, to 78 hours, so that a
 * percentile is too high by at most 1.6 %. 22 kB, whatever is recorded.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(FINE + HALF * OCTAVES);
  #count = 0;
  #maximum = 0;

  get count(): number {
    return this.#count;
  }

  /** Longest duration so far, ns. */
  get maximumNs(): number {
    return this.#maximum;
  }

  /** @throws {QarError} `OUT_OF_ORDER` when the clock ran backwards. */
  record(durationNs: number): void {
    if (!(durationNs >= 0)) {
      throw new QarError('OUT_OF_ORDER', `a duration of ${String(durationNs)} ns`);
    }
    this.#counts[bucketOf(durationNs)]++;
    this.#count++;
    this.#maximum = Math.max(this.#maximum, durationNs);
  }

  /**
   * Upper edge of the bucket that holds the quantile, ns; `undefined` when nothing was recorded.
   *
   * @param quantile - in [0, 1].
   */
  percentileNs(quantile: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    let bucket = 0;
    while (bucket < this.#counts.length - 1) {
      seen += this.#counts[bucket];
      if (seen >= rank) break;
      bucket++;
    }
    return Math.min(this.#maximum, upperEdge(bucket));
  }
}

function bucketOf(durationNs: number): number {
  let value = Math.floor(durationNs);
  let octave = 0;
  while (value >= FINE) {
    value = Math.floor(value / 2);
    octave++;
  }
  if (octave === 0) return value;
  return octave > OCTAVES ? FINE + HALF * OCTAVES - 1 : FINE + HALF * (octave - 1) + value - HALF;
}

function upperEdge(bucket: number): number {
  if (bucket < FINE) return bucket;
  const octave = Math.floor((bucket - FINE) / HALF) + 1;
  let edge = ((bucket - FINE) % HALF) + HALF + 1;
  for (let i = 0; i < octave; i++) edge *= 2;
  return edge - 1;
}
