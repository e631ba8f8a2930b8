import type { Scheduler } from './waiting-line.ts';

export type PoolEventKind =
  'acquired' | 'released' | 'denied' | 'expired' | 'cancelled' | 'rebalanced';

export interface PoolEvent {
  readonly kind: PoolEventKind;
  /** Empty for `rebalanced`. */
  readonly owner: string;
  /** Qubits lent or given back; asked for at least, when nothing was granted; moved. */
  readonly qubits: number;
  readonly atNs: number;
  /** How long the request had waited. */
  readonly waitedNs: number;
}

/** What a pool with a clock has seen since it was made. */
export interface PoolStatistics {
  /** Mean part of the qubits that was lent, over time, in [0, 1]; 0 before any time has passed. */
  readonly utilisation: number;
  /** Requests waiting now. */
  readonly waiting: number;
  /** Requests that waited and were granted, ran into their deadline, or were cancelled. */
  readonly granted: number;
  readonly expired: number;
  readonly cancelled: number;
  /** Over the granted ones; 0 when there are none. */
  readonly meanWaitNs: number;
  readonly longestWaitNs: number;
  readonly rebalances: number;
}

/** The last events of a pool, at most `slots` of them, and sums over all. */
export class PoolRecord {
  readonly #scheduler: Scheduler;
  readonly #capacity: number;
  readonly #slots: number;
  readonly #events: PoolEvent[] = [];
  #next = 0;
  readonly #sinceNs: number;
  #lastNs: number;
  #inUse = 0;
  /** The integral of qubits lent over time. */
  #qubitNs = 0;
  #granted = 0;
  #waitNs = 0;
  #longestWaitNs = 0;
  #expired = 0;
  #cancelled = 0;
  #rebalances = 0;

  constructor(scheduler: Scheduler, capacity: number, slots: number) {
    this.#scheduler = scheduler;
    this.#capacity = capacity;
    this.#slots = slots;
    this.#sinceNs = scheduler.nowNs();
    this.#lastNs = this.#sinceNs;
  }

  /** @param sinceNs - when the request began to wait; absent when it did not. */
  add(kind: PoolEventKind, owner: string, qubits: number, sinceNs?: number): void {
    const atNs = this.#advance();
    const waitedNs = sinceNs === undefined ? 0 : atNs - sinceNs;
    if (kind === 'acquired') this.#inUse += qubits;
    if (kind === 'released') this.#inUse -= qubits;
    if (kind === 'expired') this.#expired += 1;
    if (kind === 'cancelled') this.#cancelled += 1;
    if (kind === 'rebalanced') this.#rebalances += 1;
    if (kind === 'acquired' && sinceNs !== undefined) {
      this.#granted += 1;
      this.#waitNs += waitedNs;
      this.#longestWaitNs = Math.max(this.#longestWaitNs, waitedNs);
    }
    if (this.#slots === 0) return;
    this.#events[this.#next] = Object.freeze({ kind, owner, qubits, atNs, waitedNs });
    this.#next = (this.#next + 1) % this.#slots;
  }

  /** The oldest first. */
  get events(): readonly PoolEvent[] {
    return [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
  }

  statistics(waiting: number): PoolStatistics {
    const elapsedNs = this.#advance() - this.#sinceNs;
    return Object.freeze({
      utilisation: elapsedNs > 0 ? this.#qubitNs / elapsedNs / this.#capacity : 0,
      waiting,
      granted: this.#granted,
      expired: this.#expired,
      cancelled: this.#cancelled,
      meanWaitNs: this.#granted > 0 ? this.#waitNs / this.#granted : 0,
      longestWaitNs: this.#longestWaitNs,
      rebalances: this.#rebalances,
    });
  }

  #advance(): number {
    const nowNs = this.#scheduler.nowNs();
    this.#qubitNs += this.#inUse * (nowNs - this.#lastNs);
    this.#lastNs = nowNs;
    return nowNs;
  }
}
