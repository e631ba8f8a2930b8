import { ResourcePoolError } from './errors.ts';
import type { QubitRequest } from './owner-accounts.ts';
import type { QubitLease } from './qubit-lease.ts';

/** Time, given from outside. */
export interface Scheduler {
  /** Monotonic nanoseconds; exact below 2^53. */
  nowNs(): number;
  /** Calls back once, no earlier than after `delayNs`; the function it gives takes that back. */
  schedule(delayNs: number, callback: () => void): () => void;
}

export interface WaitingRequest extends QubitRequest {
  /** Served first when higher: in [0, 100], 0 when absent. */
  readonly priority?: number;
  /** When to give up, on the scheduler's clock; waits for ever when absent. */
  readonly deadlineNs?: number;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal;
}

export const MAX_PRIORITY = 100;

/** One request that waits. */
export interface Waiter {
  readonly request: WaitingRequest;
  readonly sinceNs: number;
  /** Ends the wait with a lease. */
  grant(lease: QubitLease): void;
}

interface Place extends Waiter {
  /**
   * Priority gained by waiting is the same for all at any time, so what was gained before arriving
   * can be taken off once, and the order of the line never changes.
   */
  readonly rank: number;
  leave(): void;
}

/**
 * Requests in the order in which they are to be served: by priority plus one for each `ageingNs` of
 * waiting, then first come. Nobody is overtaken by what arrives 100 · ageingNs later.
 */
export class WaitingLine {
  readonly #scheduler: Scheduler;
  readonly #ageingNs: number;
  readonly #capacity: number;
  readonly #places: Place[] = [];

  constructor(scheduler: Scheduler, ageingNs: number, capacity: number) {
    this.#scheduler = scheduler;
    this.#ageingNs = ageingNs;
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#places.length;
  }

  /** In order of service; a copy, so that it may be walked while waiters are granted. */
  waiters(): readonly Waiter[] {
    return [...this.#places];
  }

  /**
   * Joins the line. Resolved by `grant`; rejected with `DEADLINE_PASSED` or `CANCELLED`, after
   * which `left` is called so that those behind can be served.
   *
   * @throws {ResourcePoolError} `QUEUE_FULL`
   */
  join(request: WaitingRequest, left: (code: 'DEADLINE_PASSED' | 'CANCELLED') => void) {
    if (this.#places.length >= this.#capacity) {
      throw new ResourcePoolError('QUEUE_FULL', `${this.#capacity} requests are waiting already`);
    }
    return new Promise<QubitLease>((resolve, reject) => {
      const sinceNs = this.#scheduler.nowNs();
      const { priority = 0, deadlineNs, signal } = request;
      const fail = (code: 'DEADLINE_PASSED' | 'CANCELLED', message: string, cause?: unknown) => {
        place.leave();
        reject(new ResourcePoolError(code, message, { cause }));
        left(code);
      };
      const abort = () => {
        fail('CANCELLED', `"${request.owner}" cancelled its request`, signal?.reason);
      };
      const cancelTimer =
        deadlineNs === undefined
          ? undefined
          : this.#scheduler.schedule(deadlineNs - sinceNs, () => {
              fail('DEADLINE_PASSED', `"${request.owner}" waited until its deadline ${deadlineNs}`);
            });
      const place: Place = {
        request,
        sinceNs,
        rank: priority - sinceNs / this.#ageingNs,
        leave: () => {
          this.#places.splice(this.#places.indexOf(place), 1);
          cancelTimer?.();
          signal?.removeEventListener('abort', abort);
        },
        grant: (lease) => {
          place.leave();
          resolve(lease);
        },
      };
      signal?.addEventListener('abort', abort);
      this.#insert(place);
    });
  }

  #insert(place: Place): void {
    let at = this.#places.length;
    while (at > 0 && this.#places[at - 1].rank < place.rank) at -= 1;
    this.#places.splice(at, 0, place);
  }
}
