import { describe, expect, test } from 'vitest';
import {
  createSharedRing,
  SharedRingConsumer,
  SharedRingProducer,
  sleepWait,
  spinWait,
  yieldWait,
} from '../src/index.ts';
import type { SharedRingOptions } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

/** Both sides on one thread, where waiting for each other would be for ever. */
function ring(
  options: SharedRingOptions,
  batch: number,
): {
  write: (value: number) => void;
  flush: () => void;
  read: (limit: number) => number[];
  consumer: SharedRingConsumer;
} {
  const wait = (): never => expect.fail('would wait');
  const memory = createSharedRing(options);
  const producer = new SharedRingProducer(memory, { batch, wait });
  const consumer = new SharedRingConsumer(memory, { wait });
  return {
    consumer,
    write(value) {
      producer.float64[producer.claim()] = value;
      producer.commit();
    },
    flush: () => producer.flush(),
    read(limit) {
      const values: number[] = [];
      consumer.poll((offset) => values.push(consumer.float64[offset]), limit);
      return values;
    },
  };
}

test('records are read in order, in whole batches, up to the limit', () => {
  const { write, flush, read, consumer } = ring(
    { capacitySlots: 8, recordWords: 3, whenFull: 'wait' },
    2,
  );
  for (const value of [1, 2, 3]) write(value);
  expect(read(10)).toEqual([1, 2]);
  flush();
  expect(read(10)).toEqual([3]);
  for (let value = 4; value < 10; value += 1) write(value);
  expect([read(4), read(4)]).toEqual([
    [4, 5, 6, 7],
    [8, 9],
  ]);
  expect(read(4)).toEqual([]);
  expect([consumer.received, consumer.lost]).toEqual([9, 0]);
});

test('a full ring that waits waits for the reader', () => {
  const { write, read } = ring({ capacitySlots: 4, recordWords: 1, whenFull: 'wait' }, 1);
  for (let value = 0; value < 4; value += 1) write(value);
  expect(() => write(4)).toThrow('would wait');
  expect(read(1)).toEqual([0]);
  write(4);
  expect(read(9)).toEqual([1, 2, 3, 4]);
});

test('a full ring that overwrites loses the oldest and counts it', () => {
  const { write, read, consumer } = ring(
    { capacitySlots: 4, recordWords: 1, whenFull: 'overwrite' },
    1,
  );
  for (let value = 0; value < 10; value += 1) write(value);
  expect(read(9)).toEqual([6, 7, 8, 9]);
  expect([consumer.received, consumer.lost]).toEqual([4, 6]);
  write(10);
  expect(read(9)).toEqual([10]);
});

test('the floats of a record are halves of its words', () => {
  const memory = createSharedRing({ capacitySlots: 2, recordWords: 2, whenFull: 'overwrite' });
  const producer = new SharedRingProducer(memory, { batch: 1, wait: spinWait });
  const consumer = new SharedRingConsumer(memory, { wait: spinWait });
  const word = producer.claim();
  producer.float32.set([0.25, 0.5, 0.75, 1], 2 * word);
  producer.commit();
  consumer.poll((offset) => {
    expect(Array.from(consumer.float32.subarray(2 * offset, 2 * offset + 4))).toEqual([
      0.25, 0.5, 0.75, 1,
    ]);
  }, 1);
  expect(consumer.received).toBe(1);
});

test('positions wrap at 2^32 without a record lost', () => {
  const memory = createSharedRing({ capacitySlots: 4, recordWords: 1, whenFull: 'wait' });
  // Published and taken, as a ring has them after 2^31 − 2 records.
  const control = new Int32Array(memory);
  control[16] = control[48] = 2 ** 31 - 2;
  const producer = new SharedRingProducer(memory, { batch: 1, wait: spinWait });
  const consumer = new SharedRingConsumer(memory, { wait: spinWait });
  for (let value = 0; value < 4; value += 1) {
    producer.float64[producer.claim()] = value;
    producer.commit();
  }
  const values: number[] = [];
  consumer.poll((offset) => values.push(consumer.float64[offset]), 10);
  expect(values).toEqual([0, 1, 2, 3]);
});

test('strategies spin, give way after some rounds, or sleep', () => {
  const slept: number[] = [];
  const sleep = (timeoutMs: number): void => void slept.push(timeoutMs);
  for (const wait of [spinWait, yieldWait(2), sleepWait(1)]) {
    for (let round = 0; round < 3; round += 1) wait(round, sleep);
  }
  expect(slept).toEqual([0.05, Infinity, Infinity]);
});

describe('what a shared ring refuses', () => {
  const plain: SharedRingOptions = { capacitySlots: 4, recordWords: 1, whenFull: 'wait' };

  test.each([0, 1, 3, NaN, 2.5, 2 ** 25])('a capacity of %d', (capacitySlots) => {
    expectCode('CAPACITY_OUT_OF_RANGE', () => createSharedRing({ ...plain, capacitySlots }));
  });

  test.each([0, -1, NaN, 1.5, 1025])('records of %d words', (recordWords) => {
    expectCode('RECORD_OUT_OF_RANGE', () => createSharedRing({ ...plain, recordWords }));
  });

  test.each([0, 2, 1.5, NaN])('a batch of %d in four slots', (batch) => {
    const memory = createSharedRing(plain);
    expectCode(
      'BATCH_OUT_OF_RANGE',
      () => new SharedRingProducer(memory, { batch, wait: spinWait }),
    );
  });

  test.each([0, 384, 1000])('%d bytes that are no ring', (bytes) => {
    const memory = new SharedArrayBuffer(bytes);
    expectCode('RECORD_OUT_OF_RANGE', () => new SharedRingConsumer(memory, { wait: spinWait }));
  });
});
