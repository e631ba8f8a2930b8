interface Bucket {
  tokens: number;
  at: number;
}

/** Whoever came longest ago is forgotten beyond so many: a rest has filled its bucket again. */
const MOST_BUCKETS = 10_000;

/** A token bucket per name: `burst` at once, then `perSecond`. */
export class RateLimiter {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: { perSecond: number; burst: number }, now: () => number) {
    this.#perMs = limits.perSecond / 1000;
    this.#burst = limits.burst;
    this.#now = now;
  }

  /**
   * Takes `cost` from the bucket of `name`.
   *
   * @returns 0 when it was there; otherwise how long until it will be, ms.
   */
  take(name: string, cost = 1): number {
    const now = this.#now();
    const bucket = this.#buckets.get(name) ?? { tokens: this.#burst, at: now };
    // Deleted and set anew, so that the map is in the order of use.
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const earned = Math.max(0, now - bucket.at) * this.#perMs;
    bucket.tokens = Math.min(this.#burst, bucket.tokens + earned);
    bucket.at = now;
    if (this.#buckets.size > MOST_BUCKETS) this.#forgetOldest();
    if (bucket.tokens < cost) return (cost - bucket.tokens) / this.#perMs;
    bucket.tokens -= cost;
    return 0;
  }

  #forgetOldest(): void {
    for (const [oldest] of this.#buckets) {
      this.#buckets.delete(oldest);
      return;
    }
  }
}
