import { ResourcePoolError } from './errors.ts';
import { PooledLease } from './qubit-lease.ts';
import type { GiveBack, QubitLease } from './qubit-lease.ts';

/** One bit of a 32-bit mask stands for one qubit. */
export const MAX_CAPACITY = 32;

/** What one owner may hold, all its leases together, in qubits. */
export interface OwnerLimits {
  /** Kept for this owner: nobody else's lease reaches into it. 0 ≤ min ≤ max. */
  readonly min: number;
  /** The most it may hold at once. 1 ≤ max ≤ capacity. */
  readonly max: number;
}

export interface QubitPoolOptions {
  /** Who may lease, and how much. Without it anybody may, up to the capacity. */
  readonly owners?: Readonly<Record<string, OwnerLimits>>;
}

export interface QubitRequest {
  readonly owner: string;
  /** The fewest qubits that are of use. 1 ≤ min ≤ max. */
  readonly min: number;
  /** The most to grant; may be above the capacity, which then bounds the grant. */
  readonly max: number;
}

/** Counters since the pool was made; exact below 2^53. */
export interface PoolMetrics {
  readonly capacity: number;
  /** Qubits held now. */
  readonly inUse: number;
  /** Leases open now: `acquired − released`. */
  readonly leases: number;
  readonly acquired: number;
  readonly released: number;
  /** Requests refused because too few qubits were to be had; invalid requests are not counted. */
  readonly denied: number;
}

interface Account extends OwnerLimits {
  /** The most this owner could hold if everybody else held nothing. */
  readonly reach: number;
  held: number;
}

/**
 * Qubits numbered from 0, lent and taken back. The lowest free qubits go first, so the same calls
 * give the same qubits. No call waits. A request costs O(qubits lent), a release O(1).
 */
export class QubitPool {
  readonly capacity: number;
  /** By name; undefined when the pool is open to every owner. Its size never changes. */
  readonly #accounts: ReadonlyMap<string, Account> | undefined;
  /** Bit q is set while qubit q is free. */
  #free: number;
  #freeCount: number;
  /** What owners still lack to their minimum, in all. Never above `#freeCount`. */
  #kept: number;
  #acquired = 0;
  #released = 0;
  #denied = 0;

  /**
   * @param capacity - how many qubits there are: an integer in [1, 32].
   * @throws {ResourcePoolError} `INVALID_CAPACITY`; `INVALID_OWNER_LIMITS` when a limit breaks
   *   0 ≤ min ≤ max ≤ capacity, max is 0, or the minima add up to more than the capacity
   */
  constructor(capacity: number, options: QubitPoolOptions = {}) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new ResourcePoolError(
        'INVALID_CAPACITY',
        `capacity ${capacity} is not an integer in [1, ${MAX_CAPACITY}]`,
      );
    }
    this.capacity = capacity;
    this.#accounts = options.owners && openAccounts(options.owners, capacity);
    this.#free = (-1 >>> (MAX_CAPACITY - capacity)) | 0;
    this.#freeCount = capacity;
    this.#kept = 0;
    for (const account of this.#accounts?.values() ?? []) this.#kept += account.min;
  }

  /**
   * Lends as many qubits as can be had now, from `request.min` to `request.max` of them. An owner
   * with limits gets no more than its maximum, and nothing that is kept for the others.
   *
   * @returns undefined when fewer than `request.min` can be had now; that counts as denied.
   * @throws {ResourcePoolError} when no release could ever make it possible:
   *   `INVALID_REQUEST`, `UNKNOWN_OWNER`, `EXCEEDS_CAPACITY`, `OUTSIDE_OWNER_LIMITS`
   */
  tryAcquire(request: QubitRequest): QubitLease | undefined {
    const account = this.#checked(request);
    const size = Math.min(request.max, this.#available(account));
    if (size < request.min) {
      this.#denied += 1;
      return undefined;
    }
    return this.#lend(request.owner, account, size);
  }

  /**
   * As `tryAcquire`, for a caller that cannot go on without.
   *
   * @throws {ResourcePoolError} `QUBITS_UNAVAILABLE`, and what `tryAcquire` throws
   */
  acquireNow(request: QubitRequest): QubitLease {
    const lease = this.tryAcquire(request);
    if (lease === undefined) {
      const available = this.#available(this.#accounts?.get(request.owner));
      throw new ResourcePoolError(
        'QUBITS_UNAVAILABLE',
        `"${request.owner}" asked for at least ${request.min} qubits and can have ${available} now`,
      );
    }
    return lease;
  }

  /** A frozen copy of the counters at this moment. */
  get metrics(): PoolMetrics {
    return Object.freeze({
      capacity: this.capacity,
      inUse: this.capacity - this.#freeCount,
      leases: this.#acquired - this.#released,
      acquired: this.#acquired,
      released: this.#released,
      denied: this.#denied,
    });
  }

  #checked(request: QubitRequest): Account | undefined {
    const { owner, min, max } = request;
    if (typeof owner !== 'string' || owner === '') {
      throw new ResourcePoolError('INVALID_REQUEST', 'the owner is not a non-empty string');
    }
    if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || min > max) {
      throw new ResourcePoolError(
        'INVALID_REQUEST',
        `min ${min} and max ${max} are not integers with 1 ≤ min ≤ max`,
      );
    }
    if (min > this.capacity) {
      throw new ResourcePoolError(
        'EXCEEDS_CAPACITY',
        `min ${min} is above the capacity ${this.capacity}`,
      );
    }
    if (this.#accounts === undefined) return undefined;
    const account = this.#accounts.get(owner);
    if (account === undefined) {
      throw new ResourcePoolError('UNKNOWN_OWNER', `"${owner}" is not an owner of this pool`);
    }
    if (min > account.reach) {
      throw new ResourcePoolError(
        'OUTSIDE_OWNER_LIMITS',
        `min ${min} is above ${account.reach}, the most "${owner}" can ever hold`,
      );
    }
    return account;
  }

  /** How many qubits this owner could have now. */
  #available(account: Account | undefined): number {
    if (account === undefined) return this.#freeCount;
    const keptForOthers = this.#kept - shortfall(account);
    return Math.min(account.max - account.held, this.#freeCount - keptForOthers);
  }

  #lend(owner: string, account: Account | undefined, size: number): QubitLease {
    let rest = this.#free;
    for (let taken = 0; taken < size; taken += 1) rest &= rest - 1;
    const mask = this.#free & ~rest;
    this.#free = rest;
    this.#freeCount -= size;
    this.#acquired += 1;
    this.#hold(account, size);
    return new PooledLease(owner, mask, size, this.#giveBack);
  }

  readonly #giveBack: GiveBack = (owner, mask, size) => {
    this.#free |= mask;
    this.#freeCount += size;
    this.#released += 1;
    this.#hold(this.#accounts?.get(owner), -size);
  };

  #hold(account: Account | undefined, change: number): void {
    if (account === undefined) return;
    this.#kept -= shortfall(account);
    account.held += change;
    this.#kept += shortfall(account);
  }
}

function shortfall(account: Account): number {
  return Math.max(0, account.min - account.held);
}

function openAccounts(
  owners: Readonly<Record<string, OwnerLimits>>,
  capacity: number,
): ReadonlyMap<string, Account> {
  let minima = 0;
  for (const [owner, { min, max }] of Object.entries(owners)) {
    const whole = Number.isInteger(min) && Number.isInteger(max);
    if (owner === '' || !whole || min < 0 || max < 1 || min > max || max > capacity) {
      throw new ResourcePoolError(
        'INVALID_OWNER_LIMITS',
        `"${owner}" needs a name, 0 ≤ min ${min} ≤ max ${max} ≤ ${capacity}, and max ≥ 1`,
      );
    }
    minima += min;
  }
  if (minima > capacity) {
    throw new ResourcePoolError(
      'INVALID_OWNER_LIMITS',
      `the minima add up to ${minima}, above the capacity ${capacity}`,
    );
  }
  const accounts = new Map<string, Account>();
  for (const [owner, { min, max }] of Object.entries(owners)) {
    const reach = Math.min(max, capacity - (minima - min));
    accounts.set(owner, { min, max, reach, held: 0 });
  }
  return accounts;
}
