import type { AlgorithmName } from '../algorithms/algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { PrivateKey } from '../private-key.ts';

export interface WaterMarks {
  /** Below this many keys the pool asks to be filled. */
  readonly low: number;
  /** It asks until it has this many. */
  readonly high: number;
}

export interface KeyPoolMetrics {
  readonly ready: number;
  readonly taken: number;
  /** How many of those taken had to be made on the spot. */
  readonly misses: number;
}

interface Shelf {
  readonly keys: PrivateKey[];
  marks: WaterMarks;
  isFilling: boolean;
  taken: number;
  misses: number;
}

const MAX_KEYS = 65536;

/**
 * Fresh keys made ahead of time, each handed out once and never again. The pool makes keys only in
 * {@link take}, when it is empty, and in {@link refill}, when the caller finds time; keys made in
 * worker threads come in by {@link deposit}. Disposing disposes every key that is still here.
 */
export class KeyPool implements Disposable {
  readonly #shelves = new Map<AlgorithmName, Shelf>();
  /** Every key that ever came in, as long as somebody holds it. */
  readonly #seen = new WeakSet<PrivateKey>();
  #disposed = false;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor(marks: Readonly<Partial<Record<AlgorithmName, WaterMarks>>>) {
    // The keys of such an object are names of algorithms.
    for (const [name, own] of Object.entries(marks) as [AlgorithmName, WaterMarks][]) {
      this.setMarks(name, own);
    }
  }

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` unless 0 ≤ low ≤ high ≤ 65536; `DISPOSED` */
  setMarks(algorithm: AlgorithmName, marks: WaterMarks): void {
    this.#requireLive();
    const { low, high } = marks;
    const areCounts = Number.isInteger(low) && Number.isInteger(high);
    if (!areCounts || low < 0 || high < low || high > MAX_KEYS) {
      throw new SynthesisCryptoError(
        'LIMIT_INVALID',
        `marks ${low} and ${high} are not 0 ≤ low ≤ high ≤ ${MAX_KEYS}`,
      );
    }
    const shelf = this.#shelves.get(algorithm);
    if (shelf === undefined) {
      const fresh = { keys: [], marks: { low, high }, isFilling: true, taken: 0, misses: 0 };
      this.#shelves.set(algorithm, fresh);
      return;
    }
    shelf.marks = { low, high };
    shelf.isFilling ||= shelf.keys.length < low;
    for (const key of shelf.keys.splice(high)) key[Symbol.dispose]();
  }

  /** A key that nobody has had, the caller's to dispose. O(1) unless the shelf is empty. */
  take(algorithm: AlgorithmName): PrivateKey {
    this.#requireLive();
    const shelf = this.#shelves.get(algorithm);
    if (shelf === undefined) return PrivateKey.generate(algorithm);
    shelf.taken += 1;
    const key = shelf.keys.pop();
    if (shelf.keys.length < shelf.marks.low) shelf.isFilling = true;
    if (key !== undefined) return key;
    shelf.misses += 1;
    return PrivateKey.generate(algorithm);
  }

  /** How many keys each algorithm lacks now; nothing until one has fallen below its low mark. */
  demand(): readonly { readonly algorithm: AlgorithmName; readonly count: number }[] {
    return [...this.#shelves]
      .filter(([, shelf]) => shelf.isFilling)
      .map(([algorithm, { keys, marks }]) => ({ algorithm, count: marks.high - keys.length }))
      .filter(({ count }) => count > 0);
  }

  /** Makes up to `maximum` of the keys that are asked for and says how many it made. */
  refill(maximum: number): number {
    this.#requireLive();
    let made = 0;
    for (const { algorithm, count } of this.demand()) {
      for (let more = count; more > 0 && made < maximum; more -= 1) {
        this.deposit(PrivateKey.generate(algorithm));
        made += 1;
      }
    }
    return made;
  }

  /** Fills every shelf to its high mark, as before the opening of a market. */
  warm(): void {
    for (const shelf of this.#shelves.values()) shelf.isFilling = true;
    this.refill(Infinity);
  }

  /**
   * Takes over a key made elsewhere; false, and the key is disposed, when there is no room.
   *
   * @throws {SynthesisCryptoError} `KEY_MISMATCH` for a key that was here before; `DISPOSED`
   */
  deposit(key: PrivateKey): boolean {
    this.#requireLive();
    const shelf = this.#shelves.get(key.algorithm);
    if (this.#seen.has(key)) {
      throw new SynthesisCryptoError('KEY_MISMATCH', 'the key was in this pool before');
    }
    this.#seen.add(key);
    if (shelf === undefined || shelf.keys.length >= shelf.marks.high) {
      key[Symbol.dispose]();
      return false;
    }
    shelf.keys.push(key);
    if (shelf.keys.length >= shelf.marks.high) shelf.isFilling = false;
    return true;
  }

  metrics(algorithm: AlgorithmName): KeyPoolMetrics {
    const { keys, taken, misses } = this.#shelves.get(algorithm) ?? {
      keys: [],
      taken: 0,
      misses: 0,
    };
    return Object.freeze({ ready: keys.length, taken, misses });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const { keys } of this.#shelves.values()) {
      for (const key of keys.splice(0)) key[Symbol.dispose]();
    }
  }

  #requireLive(): void {
    if (this.#disposed) throw new SynthesisCryptoError('DISPOSED', 'the pool is disposed');
  }
}
