import { ResourcePoolError } from '../errors.ts';
import { checkedAccount, openAccounts } from '../owner-accounts.ts';
import type { Account, QubitRequest } from '../owner-accounts.ts';
import { PooledLease } from '../qubit-lease.ts';
import type { QubitLease } from '../qubit-lease.ts';
import { MAX_CAPACITY } from '../qubit-pool.ts';
import type { OwnerLimits } from '../quotas.ts';

/**
 * The shared memory, i32 words:
 *   0          lock       0 open, 1 taken, 2 taken and others wait
 *   1          free       bit q is set while qubit q is free
 *   2          inUse      qubits lent
 *   3          releases   counts up, wrapping; waiting threads sleep on it
 *   4          acquired   counts up, wrapping at 2^32
 *   5          denied     counts up, wrapping at 2^32
 *   6 + k      held       by owner k, in the order in which owners were given
 */
const LOCK = 0;
const FREE = 1;
const IN_USE = 2;
const RELEASES = 3;
const ACQUIRED = 4;
const DENIED = 5;
const HELD = 6;

const OPEN = 0;
const TAKEN = 1;
const CONTENDED = 2;

/** What another thread needs to use the same pool: it can be posted to it. */
export interface SharedPoolHandle {
  readonly capacity: number;
  readonly owners: Readonly<Record<string, OwnerLimits>> | undefined;
  readonly memory: SharedArrayBuffer;
}

export interface SharedPoolMetrics {
  readonly capacity: number;
  readonly inUse: number;
  /** Counted by all threads together, modulo 2^32. */
  readonly acquired: number;
  readonly denied: number;
}

/**
 * `QubitPool` for several threads: one memory, and in each thread one object over it. The
 * guarantees are the same: no qubit is in two leases, limits hold over all threads, what is kept
 * for an owner stays its. A short lock guards each change, taken by compare-and-swap and waited
 * for with `Atomics.wait`, which a browser's main thread does not have. A thread that dies with
 * leases open leaves their qubits lent.
 */
export class SharedQubitPool {
  readonly handle: SharedPoolHandle;
  readonly #words: Int32Array;
  readonly #accounts: ReadonlyMap<string, Account> | undefined;

  /**
   * Makes a pool in new memory.
   *
   * @param capacity - an integer in [1, 32].
   * @throws {ResourcePoolError} as `QubitPool`
   */
  static create(
    capacity: number,
    options: { readonly owners?: Readonly<Record<string, OwnerLimits>> } = {},
  ): SharedQubitPool {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new ResourcePoolError(
        'INVALID_CAPACITY',
        `capacity ${capacity} is not an integer in [1, ${MAX_CAPACITY}]`,
      );
    }
    const count = Object.keys(options.owners ?? {}).length;
    const memory = new SharedArrayBuffer(4 * (HELD + count));
    const pool = new SharedQubitPool({ capacity, owners: options.owners, memory });
    pool.#words[FREE] = (-1 >>> (MAX_CAPACITY - capacity)) | 0;
    return pool;
  }

  /**
   * @param handle - of a pool that `create` made, in this thread or another.
   * @throws {ResourcePoolError} `INVALID_OPTION` when its memory is of another size
   */
  constructor(handle: SharedPoolHandle) {
    const words = HELD + Object.keys(handle.owners ?? {}).length;
    if (handle.memory.byteLength !== 4 * words) {
      throw new ResourcePoolError(
        'INVALID_OPTION',
        `${handle.memory.byteLength} bytes are not the ${4 * words} of this pool`,
      );
    }
    this.handle = handle;
    this.#accounts = handle.owners && openAccounts(handle.owners, handle.capacity);
    this.#words = new Int32Array(handle.memory);
  }

  /**
   * Lends what can be had now, as `QubitPool.tryAcquire`. Waits for other threads only while they
   * change the pool, never for qubits.
   *
   * @throws {ResourcePoolError} as `QubitPool.tryAcquire`
   */
  tryAcquire(request: QubitRequest): QubitLease | undefined {
    checkedAccount(request, this.handle.capacity, this.#accounts);
    return this.#locked(() => this.#take(request));
  }

  /**
   * Lends qubits, and blocks this thread while too few can be had. Of several that wait, any may be
   * first.
   *
   * @param timeoutMs - how long to wait at most, ≥ 0.
   * @returns undefined when the time has passed.
   * @throws {ResourcePoolError} `INVALID_REQUEST` for the timeout, and as `QubitPool.tryAcquire`
   */
  acquireBlocking(
    request: QubitRequest,
    timeoutMs: number,
    clock: { nowNs(): number },
  ): QubitLease | undefined {
    checkedAccount(request, this.handle.capacity, this.#accounts);
    if (!(timeoutMs >= 0)) {
      throw new ResourcePoolError('INVALID_REQUEST', `a timeout of ${timeoutMs} ms is none`);
    }
    const endNs = clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      // Read before the try: a release that comes between the two changes it and wakes at once.
      const releases = Atomics.load(this.#words, RELEASES);
      const lease = this.#locked(() => this.#take(request));
      const leftMs = (endNs - clock.nowNs()) / 1e6;
      if (lease !== undefined || leftMs <= 0) return lease;
      Atomics.wait(this.#words, RELEASES, releases, leftMs);
    }
  }

  get metrics(): SharedPoolMetrics {
    return Object.freeze({
      capacity: this.handle.capacity,
      inUse: Atomics.load(this.#words, IN_USE),
      acquired: Atomics.load(this.#words, ACQUIRED) >>> 0,
      denied: Atomics.load(this.#words, DENIED) >>> 0,
    });
  }

  /** Under the lock. */
  #take({ owner, min, max }: QubitRequest): QubitLease | undefined {
    const words = this.#words;
    const size = Math.min(max, this.#available(owner));
    if (size < min) {
      words[DENIED] += 1;
      return undefined;
    }
    let rest = words[FREE];
    for (let taken = 0; taken < size; taken += 1) rest &= rest - 1;
    const mask = words[FREE] & ~rest;
    words[FREE] = rest;
    words[IN_USE] += size;
    words[ACQUIRED] += 1;
    this.#hold(owner, size);
    return new PooledLease(owner, mask, size, this.#giveBack);
  }

  #available(owner: string): number {
    const free = this.handle.capacity - this.#words[IN_USE];
    if (this.#accounts === undefined) return free;
    let ownRoom = 0;
    let keptForOthers = 0;
    let index = HELD;
    for (const [name, { min, max }] of this.#accounts) {
      const held = this.#words[index++];
      if (name === owner) ownRoom = max - held;
      else keptForOthers += Math.max(0, min - held);
    }
    return Math.min(ownRoom, free - keptForOthers);
  }

  readonly #giveBack = (lease: PooledLease): void => {
    this.#locked(() => {
      this.#words[FREE] |= lease.mask;
      this.#words[IN_USE] -= lease.size;
      this.#hold(lease.owner, -lease.size);
    });
    Atomics.add(this.#words, RELEASES, 1);
    Atomics.notify(this.#words, RELEASES);
  };

  #hold(owner: string, change: number): void {
    if (this.#accounts === undefined) return;
    let index = HELD;
    for (const name of this.#accounts.keys()) {
      if (name === owner) this.#words[index] += change;
      index += 1;
    }
  }

  /**
   * Runs an action alone among all threads. Nobody is woken unless somebody sleeps.
   *
   * @see Drepper, Futexes Are Tricky (2011), the second mutex
   */
  #locked<T>(action: () => T): T {
    const words = this.#words;
    if (Atomics.compareExchange(words, LOCK, OPEN, TAKEN) !== OPEN) {
      while (Atomics.exchange(words, LOCK, CONTENDED) !== OPEN) {
        Atomics.wait(words, LOCK, CONTENDED);
      }
    }
    try {
      return action();
    } finally {
      if (Atomics.exchange(words, LOCK, OPEN) === CONTENDED) Atomics.notify(words, LOCK, 1);
    }
  }
}
