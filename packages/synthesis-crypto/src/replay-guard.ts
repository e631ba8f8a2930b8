import { SynthesisCryptoError } from './errors.ts';

const MAX_CAPACITY = 1 << 22;

/**
 * Remembers the ids of tokens until they expire, so that none is taken twice. When it is full of
 * ids that have not expired it takes no more: an id is never forgotten early.
 */
export class ReplayGuard {
  readonly capacity: number;
  readonly #expiries = new Map<string, number>();
  /** Not before this can forgetting free anything. */
  #nextExpiry = Infinity;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` unless 1 ≤ capacity ≤ 2^22. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new SynthesisCryptoError('LIMIT_INVALID', `capacity ${capacity} is not in [1, 2^22]`);
    }
    this.capacity = capacity;
  }

  get size(): number {
    return this.#expiries.size;
  }

  /**
   * Whether this is the first time; remembered if so. O(1), and O(size) now and then to forget.
   *
   * @param expirySeconds - from which on the token is refused anyway, skew included.
   */
  claim(id: string, expirySeconds: number, nowSeconds: number): 'first' | 'seen' | 'full' {
    if (this.#expiries.has(id)) return 'seen';
    if (this.#expiries.size >= this.capacity && nowSeconds >= this.#nextExpiry) {
      this.#forget(nowSeconds);
    }
    if (this.#expiries.size >= this.capacity) return 'full';
    this.#expiries.set(id, expirySeconds);
    this.#nextExpiry = Math.min(this.#nextExpiry, expirySeconds);
    return 'first';
  }

  #forget(nowSeconds: number): void {
    this.#nextExpiry = Infinity;
    for (const [id, expiry] of this.#expiries) {
      if (expiry <= nowSeconds) this.#expiries.delete(id);
      else this.#nextExpiry = Math.min(this.#nextExpiry, expiry);
    }
  }
}
