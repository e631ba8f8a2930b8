import { TimingBufferError } from './errors.ts';
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

export interface SharedRingProducerOptions {
  /** Records published together, 1 to a quarter of the capacity: more cost less each, but wait. */
  readonly batch: number;
  /** How to wait for room. Never called in an overwriting ring. */
  readonly wait: WaitStrategy;
}

/** The writing side of a shared ring. One per ring. */
export class SharedRingProducer {
  /** The records, written in place at what {@link claim} returns. */
  readonly float64: Float64Array;
  /** The same memory: word `w` holds the floats `2w` and `2w + 1`. */
  readonly float32: Float32Array;
  readonly #ring: SharedRing;
  readonly #sleeper: Sleeper;
  readonly #batch: number;
  readonly #wait: WaitStrategy;
  readonly #mask: number;
  readonly #words: number;
  /** Records claimed, records published and the records up to which there is room, mod 2^32. */
  #next: number;
  #published: number;
  #limit: number;

  /** @throws {TimingBufferError} `RECORD_OUT_OF_RANGE`, `BATCH_OUT_OF_RANGE` */
  constructor(memory: SharedArrayBuffer, { batch, wait }: SharedRingProducerOptions) {
    const ring = attachSharedRing(memory);
    const most = Math.max(1, ring.capacity / 4);
    if (!Number.isInteger(batch) || batch < 1 || batch > most) {
      throw new TimingBufferError(
        'BATCH_OUT_OF_RANGE',
        `batch ${String(batch)} is not a whole number in [1, ${most}]`,
      );
    }
    this.#ring = ring;
    this.#sleeper = new Sleeper(ring.control, TAKEN, PRODUCER_ASLEEP);
    this.#batch = batch;
    this.#wait = wait;
    this.#mask = ring.capacity - 1;
    this.#words = ring.words;
    this.float64 = ring.records;
    this.float32 = new Float32Array(memory, ring.records.byteOffset);
    this.#next = this.#published = this.#limit = Atomics.load(ring.control, PUBLISHED);
  }

  /**
   * Where to write the next record, as an index into {@link float64}. Write all of it, then call
   * {@link commit}. Waits for room if the ring waits.
   */
  claim(): number {
    if (this.#next === this.#limit) this.#makeRoom();
    return (this.#next & this.#mask) * this.#words;
  }

  /** Counts the claimed record; it is published when the batch is full, or by {@link flush}. */
  commit(): void {
    this.#next = (this.#next + 1) | 0;
    if (((this.#next - this.#published) | 0) >= this.#batch) this.flush();
  }

  /** Publishes what is committed. */
  flush(): void {
    const { control } = this.#ring;
    if (this.#next === this.#published) return;
    this.#published = this.#next;
    Atomics.store(control, PUBLISHED, this.#next);
    wake(control, PUBLISHED, CONSUMER_ASLEEP);
  }

  #makeRoom(): void {
    const { control, capacity, overwrites } = this.#ring;
    if (overwrites) {
      // Readers must know which records are about to change before any of them does.
      this.#limit = (this.#next + this.#batch) | 0;
      // An exchange, because writes may pass a mere store on some processors.
      Atomics.exchange(control, INTENDED, this.#limit);
      return;
    }
    let taken = Atomics.load(control, TAKEN);
    const full = (this.#next - capacity) | 0;
    for (let round = 0; taken === full; round += 1) {
      // Else the consumer might wait for what is committed, and this side for the consumer.
      this.flush();
      this.#sleeper.expected = taken;
      this.#wait(round, this.#sleeper.sleep);
      taken = Atomics.load(control, TAKEN);
    }
    this.#limit = (taken + capacity) | 0;
  }
}
