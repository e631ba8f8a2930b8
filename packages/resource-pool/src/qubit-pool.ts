import { ResourcePoolError } from './errors.ts';
import { checkedAccount, openAccounts, shortfall } from './owner-accounts.ts';
import type { Account, QubitRequest } from './owner-accounts.ts';
import { PoolRecord } from './pool-record.ts';
import type { PoolEvent, PoolStatistics } from './pool-record.ts';
import { PooledLease } from './qubit-lease.ts';
import type { QubitLease } from './qubit-lease.ts';
import { quotasOf } from './quotas.ts';
import type { OwnerLimits } from './quotas.ts';
import { MAX_PRIORITY, WaitingLine } from './waiting-line.ts';
import type { Scheduler, Waiter, WaitingRequest } from './waiting-line.ts';

/** One bit of a 32-bit mask stands for one qubit. */
export const MAX_CAPACITY = 32;
const DEFAULT_MAX_WAITING = 1024;
const DEFAULT_HISTORY_SLOTS = 256;
const LONGEST_LIST = 2 ** 20;

export interface WaitingOptions {
  readonly scheduler: Scheduler;
  /** How long a request waits to gain one level of priority, in ns, > 0. */
  readonly ageingNs: number;
  /** The longest line; 1024 when absent. */
  readonly maxWaiting?: number;
  /** How many events are kept; 256 when absent, 0 for none. */
  readonly historySlots?: number;
}

export interface QubitPoolOptions {
  /** Who may lease, and how much. Without it anybody may, up to the capacity. */
  readonly owners?: Readonly<Record<string, OwnerLimits>>;
  /** Needed by `acquire`, `statistics` and `history`: whatever takes time. */
  readonly waiting?: WaitingOptions;
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

/** What a rebalance did. */
export interface Rebalance {
  /** By owner; undefined for a pool without limits. */
  readonly quotas: Readonly<Record<string, number>> | undefined;
  /** A permutation of all qubits: what was on qubit q belongs on destination[q]. */
  readonly destination: readonly number[];
}

/**
 * Qubits numbered from 0, lent and taken back. The lowest free qubits go first, so the same calls
 * give the same qubits. A request costs O(qubits lent), a release O(1) when nobody waits.
 */
export class QubitPool {
  readonly capacity: number;
  /** By name; undefined when the pool is open to every owner. Its size never changes. */
  readonly #accounts: ReadonlyMap<string, Account> | undefined;
  readonly #line: WaitingLine | undefined;
  readonly #record: PoolRecord | undefined;
  readonly #scheduler: Scheduler | undefined;
  /** The open leases, oldest first; at most one for each qubit. */
  readonly #leases = new Set<PooledLease>();
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
   *   0 ≤ min ≤ max ≤ capacity, max is 0, or the minima add up to more than the capacity;
   *   `INVALID_OPTION`
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
    this.#free = lowQubits(capacity) | 0;
    this.#freeCount = capacity;
    this.#kept = 0;
    for (const account of this.#accounts?.values() ?? []) this.#kept += account.min;
    if (options.waiting !== undefined) {
      const { scheduler, ageingNs, maxWaiting, historySlots } = checkedWaiting(options.waiting);
      this.#scheduler = scheduler;
      this.#line = new WaitingLine(scheduler, ageingNs, maxWaiting);
      this.#record = new PoolRecord(scheduler, capacity, historySlots);
    }
  }

  /**
   * Lends as many qubits as can be had now, from `request.min` to `request.max` of them. An owner
   * with limits gets no more than its quota, nothing that is kept for the others, and, while others
   * wait for what is free, only what is kept for itself.
   *
   * @returns undefined when fewer than `request.min` can be had now; that counts as denied.
   * @throws {ResourcePoolError} when no release could ever make it possible:
   *   `INVALID_REQUEST`, `UNKNOWN_OWNER`, `EXCEEDS_CAPACITY`, `OUTSIDE_OWNER_LIMITS`
   */
  tryAcquire(request: QubitRequest): QubitLease | undefined {
    const account = checkedAccount(request, this.capacity, this.#accounts);
    const size = Math.min(request.max, this.#availableToNewcomer(account));
    if (size < request.min) {
      this.#denied += 1;
      this.#record?.add('denied', request.owner, request.min);
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
      const available = this.#availableToNewcomer(this.#accounts?.get(request.owner));
      throw new ResourcePoolError(
        'QUBITS_UNAVAILABLE',
        `"${request.owner}" asked for at least ${request.min} qubits and can have ${available} now`,
      );
    }
    return lease;
  }

  /**
   * As `tryAcquire`, but waits its turn: by priority, which grows by one for each `ageingNs`
   * waited, then first come. A request that lacks qubits holds up those behind it, except for
   * what is kept for their owners; one whose owner is at its quota holds up nobody. All of `min`
   * comes at once, so waiting requests alone never block each other; whoever waits while holding
   * a lease should set a deadline.
   *
   * @returns a promise, rejected with {ResourcePoolError} `DEADLINE_PASSED`, `CANCELLED` (its cause
   *   the signal's reason), `QUEUE_FULL`, `INVALID_OPTION` for a pool without a scheduler, and what
   *   `tryAcquire` throws
   */
  async acquire(request: WaitingRequest): Promise<QubitLease> {
    if (this.#line === undefined || this.#scheduler === undefined) {
      throw new ResourcePoolError('INVALID_OPTION', 'this pool was made without options.waiting');
    }
    const account = checkedAccount(request, this.capacity, this.#accounts);
    checkWait(request);
    const { owner, min, max, deadlineNs } = request;
    if (request.signal?.aborted === true) {
      this.#giveUp('CANCELLED', request);
      const cause: unknown = request.signal.reason;
      throw new ResourcePoolError('CANCELLED', `"${owner}" cancelled its request`, { cause });
    }
    const size = Math.min(max, this.#availableToNewcomer(account));
    if (size >= min) return this.#lend(owner, account, size);
    if (deadlineNs !== undefined && deadlineNs <= this.#scheduler.nowNs()) {
      this.#giveUp('DEADLINE_PASSED', request);
      throw new ResourcePoolError('DEADLINE_PASSED', `the deadline ${deadlineNs} has passed`);
    }
    const lease = this.#line.join(request, (code) => {
      this.#giveUp(code, request);
      this.#serve();
    });
    // A request of higher rank than all that wait may be what is kept from none.
    this.#serve();
    return lease;
  }

  /**
   * Sets quotas by weight (`quotasOf`), then moves every open lease to the lowest qubits, owner by
   * owner, so that the free ones are together. An owner above its new quota keeps what it holds and
   * gets no more. No state is touched here: whoever keeps one moves it by `destination`.
   *
   * @param weights - by owner; undefined only for a pool without limits, which has no quotas.
   * @throws {ResourcePoolError} `INVALID_REQUEST`
   */
  rebalance(weights?: Readonly<Record<string, number>>): Rebalance {
    const quotas = this.#setQuotas(weights);
    const destination = new Array<number>(this.capacity).fill(-1);
    let next = 0;
    let moved = 0;
    for (const lease of this.#leasesByOwner()) {
      let mask = 0;
      for (const qubit of lease.qubits) {
        if (qubit !== next) moved += 1;
        destination[qubit] = next;
        mask |= 1 << next;
        next += 1;
      }
      lease.move(mask);
    }
    this.#free = lowQubits(this.capacity) & ~lowQubits(next);
    for (let qubit = 0; qubit < this.capacity; qubit += 1) {
      if (destination[qubit] < 0) destination[qubit] = next++;
    }
    this.#record?.add('rebalanced', '', moved);
    this.#serve();
    return { quotas, destination };
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

  /** What took time; undefined for a pool without a scheduler. */
  get statistics(): PoolStatistics | undefined {
    return this.#record?.statistics(this.#line?.length ?? 0);
  }

  /** The last events, oldest first; empty for a pool without a scheduler. */
  get history(): readonly PoolEvent[] {
    return this.#record?.events ?? [];
  }

  /** How many qubits this owner could have now if nobody waited. */
  #available(account: Account | undefined): number {
    if (account === undefined) return this.#freeCount;
    const keptForOthers = this.#kept - shortfall(account);
    return Math.min(account.quota - account.held, this.#freeCount - keptForOthers);
  }

  /** The same beside others who wait for free qubits: only what is kept for this owner. */
  #availableFromReserve(account: Account | undefined): number {
    return account === undefined ? 0 : Math.min(this.#available(account), shortfall(account));
  }

  #availableToNewcomer(account: Account | undefined): number {
    const line = this.#line;
    if (line === undefined || line.length === 0) return this.#available(account);
    const isContended = line.waiters().some((waiter) => !this.#isHeldByQuota(waiter));
    return isContended ? this.#availableFromReserve(account) : this.#available(account);
  }

  #isHeldByQuota({ request }: Waiter): boolean {
    const account = this.#accounts?.get(request.owner);
    return account !== undefined && account.quota - account.held < request.min;
  }

  /** Grants what can be granted, in the order of the line. */
  #serve(): void {
    if (this.#line === undefined) return;
    let isContended = false;
    for (const waiter of this.#line.waiters()) {
      if (this.#isHeldByQuota(waiter)) continue;
      const { owner, min, max } = waiter.request;
      const account = this.#accounts?.get(owner);
      const available = isContended
        ? this.#availableFromReserve(account)
        : this.#available(account);
      const size = Math.min(max, available);
      if (size < min) isContended = true;
      else waiter.grant(this.#lend(owner, account, size, waiter.sinceNs));
    }
  }

  #giveUp(code: 'DEADLINE_PASSED' | 'CANCELLED', { owner, min }: WaitingRequest): void {
    this.#record?.add(code === 'CANCELLED' ? 'cancelled' : 'expired', owner, min);
  }

  #lend(
    owner: string,
    account: Account | undefined,
    size: number,
    waitingSinceNs?: number,
  ): QubitLease {
    let rest = this.#free;
    for (let taken = 0; taken < size; taken += 1) rest &= rest - 1;
    const mask = this.#free & ~rest;
    this.#free = rest;
    this.#freeCount -= size;
    this.#acquired += 1;
    this.#hold(account, size);
    this.#record?.add('acquired', owner, size, waitingSinceNs);
    const lease = new PooledLease(owner, mask, size, this.#giveBack);
    this.#leases.add(lease);
    return lease;
  }

  readonly #giveBack = (lease: PooledLease): void => {
    this.#leases.delete(lease);
    this.#free |= lease.mask;
    this.#freeCount += lease.size;
    this.#released += 1;
    this.#hold(this.#accounts?.get(lease.owner), -lease.size);
    this.#record?.add('released', lease.owner, lease.size);
    this.#serve();
  };

  #hold(account: Account | undefined, change: number): void {
    if (account === undefined) return;
    this.#kept -= shortfall(account);
    account.held += change;
    this.#kept += shortfall(account);
  }

  #setQuotas(
    weights: Readonly<Record<string, number>> | undefined,
  ): Readonly<Record<string, number>> | undefined {
    if ((weights === undefined) !== (this.#accounts === undefined)) {
      throw new ResourcePoolError('INVALID_REQUEST', 'weights go with a pool that has owners');
    }
    if (weights === undefined || this.#accounts === undefined) return undefined;
    const quotas = quotasOf(this.capacity, Object.fromEntries(this.#accounts), weights);
    for (const [owner, account] of this.#accounts) account.quota = quotas[owner];
    return quotas;
  }

  /** In the order in which the owners were given, then the oldest first. */
  #leasesByOwner(): readonly PooledLease[] {
    if (this.#accounts === undefined) return [...this.#leases];
    const order = [...this.#accounts.keys()];
    return [...this.#leases].sort((a, b) => order.indexOf(a.owner) - order.indexOf(b.owner));
  }
}

/** The mask of the lowest `count` of 32 bits. */
function lowQubits(count: number): number {
  return count === 0 ? 0 : -1 >>> (MAX_CAPACITY - count);
}

function checkedWaiting(options: WaitingOptions): Required<WaitingOptions> {
  const { maxWaiting = DEFAULT_MAX_WAITING, historySlots = DEFAULT_HISTORY_SLOTS } = options;
  if (!(options.ageingNs > 0 && options.ageingNs < Infinity)) {
    throw new ResourcePoolError('INVALID_OPTION', `ageingNs ${options.ageingNs} is not above 0`);
  }
  for (const [name, value] of [
    ['maxWaiting', maxWaiting],
    ['historySlots', historySlots],
  ] as const) {
    if (Number.isInteger(value) && value >= 0 && value <= LONGEST_LIST) continue;
    throw new ResourcePoolError(
      'INVALID_OPTION',
      `${name} ${value} is not an integer in [0, ${LONGEST_LIST}]`,
    );
  }
  return { ...options, maxWaiting, historySlots };
}

function checkWait({ priority = 0, deadlineNs = 0 }: WaitingRequest): void {
  if (!(priority >= 0 && priority <= MAX_PRIORITY) || !Number.isFinite(deadlineNs)) {
    throw new ResourcePoolError(
      'INVALID_REQUEST',
      `priority ${priority} is not in [0, ${MAX_PRIORITY}], ` +
        `or the deadline ${deadlineNs} is not finite`,
    );
  }
}
