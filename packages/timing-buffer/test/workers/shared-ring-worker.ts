import { parentPort, workerData } from 'node:worker_threads';
import { SharedRingProducer, sleepWait, yieldWait } from '@sema/timing-buffer';

/** What the thread is to write. */
export interface ProducerTask {
  readonly memory: SharedArrayBuffer;
  readonly records: number;
  readonly recordWords: number;
  readonly batch: number;
  readonly sleeps: boolean;
}

// Whoever starts this file hands it a task.
const task = workerData as ProducerTask;
const producer = new SharedRingProducer(task.memory, {
  batch: task.batch,
  wait: task.sleeps ? sleepWait(100) : yieldWait(1000),
});
const { float64 } = producer;
for (let record = 0; record < task.records; record += 1) {
  const offset = producer.claim();
  // Every word says which record it belongs to, so that a torn one would show.
  for (let word = 0; word < task.recordWords; word += 1) float64[offset + word] = record + word;
  producer.commit();
}
producer.flush();
parentPort?.postMessage('done');
