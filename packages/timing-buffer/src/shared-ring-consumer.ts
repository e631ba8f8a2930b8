import {
  attachSharedRing,
  CONSUMER_ASLEEP,
  INTENDED,
  PRODUCER_ASLEEP,
  PUBLISHED,
  TAKEN,
} from './shared-ring.ts';
import type { SharedRing } from './shared-ring.ts';
import { Sleeper, wake } from './wait-strategy.ts';
import type { WaitStrategy } from './wait-strategy.ts';

export interface SharedRingConsumerOptions {
  /** How {@link SharedRingConsumer.poll} waits for the next record. */
  readonly wait: WaitStrategy;
}

/** The reading side of a shared ring. One per ring. */
export class SharedRingConsumer {
  /** The record that is being visited begins at the offset that the visitor is given. */
  readonly float64: Float64Array;
  /** The same memory: word `w` holds the floats `2w` and `2w + 1`. */
  readonly float32: Float32Array;
  readonly #ring: SharedRing;
  readonly #sleeper: Sleeper;
  readonly #wait: WaitStrategy;
  readonly #mask: number;
  #next: number;
  #received = 0;
  #lost = 0;

  /** @throws {TimingBufferError} `RECORD_OUT_OF_RANGE` */
  constructor(memory: SharedArrayBuffer, { wait }: SharedRingConsumerOptions) {
    this.#ring = attachSharedRing(memory);
    this.#sleeper = new Sleeper(this.#ring.control, PUBLISHED, CONSUMER_ASLEEP);
    this.#wait = wait;
    this.#mask = this.#ring.capacity - 1;
    // A record that may be overwritten is copied before it is visited, into a buffer of this side.
    this.float64 = this.#ring.overwrites ? new Float64Array(this.#ring.words) : this.#ring.records;
    const { buffer, byteOffset } = this.float64;
    this.float32 = new Float32Array(buffer, byteOffset);
    this.#next = Atomics.load(this.#ring.control, TAKEN);
  }

  /** Records visited so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * Records overwritten before they could be visited. Right as long as this side is never 2^31
   * records behind.
   */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Visits up to `limit` records in order, without waiting, and gives their slots back together.
   * A record is {@link float64} from the offset on, until the visitor returns.
   *
   * @returns how many were visited.
   */
  poll(visit: (offset: number) => void, limit: number): number {
    return this.#ring.overwrites ? this.#pollCopies(visit, limit) : this.#pollInPlace(visit, limit);
  }

  /** Waits until a record is there, then polls. */
  pollWaiting(visit: (offset: number) => void, limit: number): number {
    for (let round = 0; ; round += 1) {
      const visited = this.poll(visit, limit);
      if (visited > 0) return visited;
      this.#sleeper.expected = this.#next;
      this.#wait(round, this.#sleeper.sleep);
    }
  }

  #pollInPlace(visit: (offset: number) => void, limit: number): number {
    const { control, words } = this.#ring;
    const first = this.#next;
    const count = Math.min(limit, (Atomics.load(control, PUBLISHED) - first) | 0);
    if (count <= 0) return 0;
    for (let index = 0; index < count; index += 1) visit(((first + index) & this.#mask) * words);
    this.#next = (first + count) | 0;
    this.#received += count;
    Atomics.store(control, TAKEN, this.#next);
    wake(control, TAKEN, PRODUCER_ASLEEP);
    return count;
  }

  #pollCopies(visit: (offset: number) => void, limit: number): number {
    const { control, capacity, words, records } = this.#ring;
    const published = Atomics.load(control, PUBLISHED);
    let count = 0;
    while (count < limit && this.#next !== published) {
      const from = (this.#next & this.#mask) * words;
      for (let word = 0; word < words; word += 1) this.float64[word] = records[from + word];
      // An exchange, because the reads above may pass a mere load on some processors.
      Atomics.exchange(control, TAKEN, this.#next);
      const ahead = (Atomics.load(control, INTENDED) - this.#next) | 0;
      if (ahead > capacity) {
        // The copy may be torn: go on with what the writer will not touch soon.
        const skipped = Math.min(ahead - capacity, (published - this.#next) | 0);
        this.#next = (this.#next + skipped) | 0;
        this.#lost += skipped;
        continue;
      }
      this.#next = (this.#next + 1) | 0;
      count += 1;
      visit(0);
    }
    this.#received += count;
    return count;
  }
}
