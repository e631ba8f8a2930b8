import { TimingBufferError } from './errors.ts';

/** 64-bit words, float64 or two float32, in one record. */
const MAX_RECORD_WORDS = 1024;
const MAX_SLOTS = 2 ** 24;

/** Int32 words in a cache line. Each control word has one, lest the threads fight over it. */
const LINE = 16;
const CAPACITY = 0;
const WORDS = 1;
const MODE = 2;
/** Records that can be read. Written by the producer. */
export const PUBLISHED = LINE;
/** Records written or about to be, in an overwriting ring. Written by the producer. */
export const INTENDED = 2 * LINE;
/** Records that were read. Written by the consumer. */
export const TAKEN = 3 * LINE;
export const CONSUMER_ASLEEP = 4 * LINE;
export const PRODUCER_ASLEEP = 5 * LINE;
const CONTROL_WORDS = 6 * LINE;

export interface SharedRingOptions {
  /** A power of two in [2, 2^24]. */
  readonly capacitySlots: number;
  /** 64-bit words of one record, 1 to 1024. */
  readonly recordWords: number;
  /** What the producer does when the ring is full: wait for the consumer, or lose the oldest. */
  readonly whenFull: 'wait' | 'overwrite';
}

/**
 * Memory for one producer and one consumer on two threads: hand it to a worker and give one thread
 * a {@link SharedRingProducer}, the other a {@link SharedRingConsumer}.
 *
 * Layout, in the machine's byte order: six lines of 64 bytes of int32 control words, then
 * `capacitySlots` records of `recordWords` × 8 bytes. Positions count records modulo 2^32.
 *
 * @throws {TimingBufferError} `CAPACITY_OUT_OF_RANGE`, `RECORD_OUT_OF_RANGE`
 */
export function createSharedRing({
  capacitySlots,
  recordWords,
  whenFull,
}: SharedRingOptions): SharedArrayBuffer {
  const inRange = capacitySlots >= 2 && capacitySlots <= MAX_SLOTS;
  if (!Number.isInteger(capacitySlots) || !inRange || capacitySlots & (capacitySlots - 1)) {
    throw new TimingBufferError(
      'CAPACITY_OUT_OF_RANGE',
      `capacity ${String(capacitySlots)} is not a power of two in [2, ${MAX_SLOTS}]`,
    );
  }
  if (!Number.isInteger(recordWords) || recordWords < 1 || recordWords > MAX_RECORD_WORDS) {
    throw new TimingBufferError(
      'RECORD_OUT_OF_RANGE',
      `${String(recordWords)} is not a whole number of words in [1, ${MAX_RECORD_WORDS}]`,
    );
  }
  const memory = new SharedArrayBuffer(CONTROL_WORDS * 4 + capacitySlots * recordWords * 8);
  const control = new Int32Array(memory, 0, CONTROL_WORDS);
  control[CAPACITY] = capacitySlots;
  control[WORDS] = recordWords;
  control[MODE] = whenFull === 'wait' ? 0 : 1;
  return memory;
}

/** What both sides see of the memory. */
export interface SharedRing {
  readonly control: Int32Array;
  readonly capacity: number;
  readonly words: number;
  readonly overwrites: boolean;
  readonly records: Float64Array;
}

export function attachSharedRing(memory: SharedArrayBuffer): SharedRing {
  if (memory.byteLength < CONTROL_WORDS * 4) {
    throw new TimingBufferError('RECORD_OUT_OF_RANGE', 'the memory is not that of a shared ring');
  }
  const control = new Int32Array(memory, 0, CONTROL_WORDS);
  const capacity = control[CAPACITY];
  const words = control[WORDS];
  if (memory.byteLength !== CONTROL_WORDS * 4 + capacity * words * 8 || capacity < 2) {
    throw new TimingBufferError('RECORD_OUT_OF_RANGE', 'the memory is not that of a shared ring');
  }
  const records = new Float64Array(memory, CONTROL_WORDS * 4);
  return { control, capacity, words, overwrites: control[MODE] === 1, records };
}
