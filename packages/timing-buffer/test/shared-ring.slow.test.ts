import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createSharedRing, SharedRingConsumer, sleepWait, yieldWait } from '@sema/timing-buffer';
import type { ProducerTask } from './workers/shared-ring-worker.ts';

/** A worker does not inherit Vitest's loader, so it is given one that reads TypeScript. */
const BOOT = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(require('node:worker_threads').workerData.script);
  });
`;

function startProducer(task: ProducerTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = new URL('./workers/shared-ring-worker.ts', import.meta.url).href;
    const worker = new Worker(BOOT, {
      eval: true,
      workerData: { ...task, script },
      execArgv: ['--conditions=@sema/source'],
    });
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
}

/** Reads on this thread what the other writes, and counts what is not as it must be. */
async function consume(
  task: ProducerTask,
): Promise<Record<'torn' | 'gaps' | 'lost' | 'received', number>> {
  const producer = startProducer(task);
  const consumer = new SharedRingConsumer(task.memory, {
    wait: task.sleeps ? sleepWait(100) : yieldWait(1000),
  });
  const { float64 } = consumer;
  const { records, recordWords } = task;
  let expected = 0;
  let torn = 0;
  let gaps = 0;
  const visit = (offset: number): void => {
    const record = float64[offset];
    for (let word = 1; word < recordWords; word += 1) {
      if (float64[offset + word] !== record + word) torn += 1;
    }
    if (record !== expected) gaps += record > expected ? record - expected : Infinity;
    expected = record + 1;
  };
  while (expected < records) consumer.pollWaiting(visit, 1024);
  await producer;
  return { torn, gaps, lost: consumer.lost, received: consumer.received };
}

test('10⁸ records cross between two threads, none torn, lost or reordered', async () => {
  const memory = createSharedRing({ capacitySlots: 4096, recordWords: 2, whenFull: 'wait' });
  const task = { memory, records: 100_000_000, recordWords: 2, batch: 64, sleeps: false };
  expect(await consume(task)).toEqual({ torn: 0, gaps: 0, lost: 0, received: 100_000_000 });
});

test('full records cross a small ring whose sides keep putting each other to sleep', async () => {
  const memory = createSharedRing({ capacitySlots: 8, recordWords: 12, whenFull: 'wait' });
  const task = { memory, records: 500_000, recordWords: 12, batch: 1, sleeps: true };
  expect(await consume(task)).toEqual({ torn: 0, gaps: 0, lost: 0, received: 500_000 });
});

test('a lapped reader gets no torn or reordered record, and knows how many it lost', async () => {
  const memory = createSharedRing({ capacitySlots: 64, recordWords: 12, whenFull: 'overwrite' });
  const records = 5_000_000;
  const task = { memory, records, recordWords: 12, batch: 4, sleeps: false };
  const { torn, gaps, lost, received } = await consume(task);
  expect({ torn, gaps: gaps - lost, all: received + lost }).toEqual({
    torn: 0,
    gaps: 0,
    all: records,
  });
});
