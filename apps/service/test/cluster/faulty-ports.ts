import { PortError } from '@sema/qar/ports';
import type { Lease, Ports, StoredRecord } from '@sema/qar/ports';
import type { RandomSource } from '@sema/simulator';
import type { VirtualTime } from './virtual-time.ts';

export interface FaultRates {
  /** Of calls that fail before they have an effect. */
  readonly lost: number;
  /** Of calls that have their effect and fail. */
  readonly unanswered: number;
  /** Of calls that take up to two seconds. */
  readonly slow: number;
  /** Of messages that come twice. */
  readonly twice: number;
}

const TIMEOUT_MS = 500;
const SLOWEST_MS = 2000;

/** The way from one node to its ports, on which anything can happen that happens to a network. */
export class FaultyWay {
  /** The node's process has ended: nothing comes back any more. */
  dead = false;
  /** Nothing gets through. */
  cut = false;
  readonly #time: VirtualTime;
  readonly #random: RandomSource;
  readonly #rates: FaultRates;
  #paused: Promise<void> | undefined;

  constructor(time: VirtualTime, random: RandomSource, rates: FaultRates) {
    this.#time = time;
    this.#random = random;
    this.#rates = rates;
  }

  /** The node's process stands still for so long, and knows nothing of it. */
  pause(ms: number): void {
    this.#paused = this.#time.sleep(ms).then(() => {
      this.#paused = undefined;
    });
  }

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    await this.#time.sleep(ms, signal);
    await this.#stand();
  };

  async #stand(): Promise<void> {
    if (this.dead) await new Promise<never>(() => undefined);
    while (this.#paused !== undefined) await this.#paused;
    if (this.dead) await new Promise<never>(() => undefined);
  }

  async #call<Result>(action: () => Promise<Result>): Promise<Result> {
    await this.#stand();
    if (this.cut) return this.#fail();
    const chance = this.#random.next();
    const { lost, unanswered, slow } = this.#rates;
    if (chance < lost) return this.#fail();
    const isSlow = chance > 1 - slow;
    if (isSlow) await this.#time.sleep(this.#random.next() * SLOWEST_MS);
    const result = await action();
    if (isSlow) await this.#time.sleep(this.#random.next() * SLOWEST_MS);
    await this.#stand();
    if (this.cut || chance < lost + unanswered) return this.#fail();
    return result;
  }

  async #fail(): Promise<never> {
    await this.#time.sleep(TIMEOUT_MS);
    await this.#stand();
    throw new PortError('UNAVAILABLE', 'no answer');
  }

  to(ports: Ports): Ports {
    const call = <Result>(action: () => Promise<Result>) => this.#call(action);
    const { bus, journal, queue, leases, blobs } = ports;
    const wayOf = (lease: Lease | undefined): Lease | undefined =>
      lease && {
        ...lease,
        renew: () => call(() => lease.renew()),
        release: () => call(() => lease.release()),
      };
    return {
      queue,
      bus: {
        publish: (...message) => call(() => bus.publish(...message)),
        last: (subject) => call(() => bus.last(subject)),
        follow: (subject, after, signal) => this.#each(bus.follow(subject, after, signal), signal),
      },
      journal: {
        append: (...record) => call(() => journal.append(...record)),
        last: (subject) => call(() => journal.last(subject)),
        read: (subject, after) => this.#each(journal.read(subject, after)),
      },
      leases: {
        lifetimeMs: leases.lifetimeMs,
        acquire: async (name, holder) => wayOf(await call(() => leases.acquire(name, holder))),
        holder: (name) => call(() => leases.holder(name)),
      },
      blobs: {
        put: (name, bytes) => call(() => blobs.put(name, bytes)),
        get: (name) => call(() => blobs.get(name)),
        delete: (name) => call(() => blobs.delete(name)),
        list: (prefix) => call(() => blobs.list(prefix)),
      },
    };
  }

  async *#each(
    records: AsyncIterable<StoredRecord>,
    follows?: AbortSignal,
  ): AsyncGenerator<StoredRecord> {
    for await (const record of records) {
      await this.#stand();
      // Once in a batch, as messages come.
      if (record.position % 16 === 0) await this.#call(() => Promise.resolve());
      yield record;
      if (follows !== undefined && this.#random.next() < this.#rates.twice) yield record;
    }
  }
}
