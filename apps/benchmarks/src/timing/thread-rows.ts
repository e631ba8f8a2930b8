import { createSharedRing, SharedRingConsumer, spinWait } from '@sema/timing-buffer';
import { medianFigure, quantileFigure, row } from '../harness.ts';
import type { Figure, Row, SuiteOptions } from '../harness.ts';
import { absoluteClock } from './absolute-clock.ts';
import { startThread } from './start-thread.ts';

const clock = absoluteClock();
const BATCH = 64;
/** Words of a timestamp, a coherence, an execution time, a count and 16 float32 values. */
const FULL_RECORD = 12;
const GAP_NS = 20_000;

/** Records from one thread to another: how many a second, and how long one takes. */
export async function threadRows({ quick }: SuiteOptions): Promise<Row[]> {
  const records = quick ? 4_000_000 : 20_000_000;
  const full = await throughput(FULL_RECORD, BATCH, records);
  const single = await throughput(FULL_RECORD, 1, records / 10);
  const word = await throughput(1, BATCH, records);
  const messages = quick ? 4000 : 20_000;
  const ring = await ringLatencies(messages);
  const posted = await postLatencies(messages);
  return [
    row({
      name: 'between threads, 96-byte records in batches of 64',
      ...full,
      unit: 'M/s',
      goal: 'threads/batched',
      peer: { name: 'published one by one', ...single },
    }),
    row({ name: 'between threads, 8-byte records in batches of 64', ...word, unit: 'M/s' }),
    ...[0.5, 0.99].map((quantile) =>
      row({
        name: `between threads, one way, spinning, p${100 * quantile}`,
        ...quantileFigure(ring, quantile, 0.001),
        unit: 'µs',
        ...(quantile === 0.5 && { goal: 'threads/spinning, p50' as const }),
        peer: { name: 'postMessage', ...quantileFigure(posted, quantile, 0.001) },
      }),
    ),
  ];
}

/** Millions of records a second, the median of a hundred parts of the run. */
async function throughput(recordWords: number, batch: number, records: number): Promise<Figure> {
  const memory = createSharedRing({ capacitySlots: 4096, recordWords, whenFull: 'wait' });
  await startThread({ kind: 'produce', memory, records, recordWords, batch });
  const consumer = new SharedRingConsumer(memory, { wait: spinWait });
  const { float64 } = consumer;
  let expected = 0;
  let wrong = 0;
  const visit = (offset: number): void => {
    for (let at = offset; at < offset + recordWords; at += 1) {
      if (float64[at] !== expected) wrong += 1;
    }
    expected += 1;
  };
  const part = records / 100;
  const rates: number[] = [];
  let [from, since] = [0, clock.nowNs()];
  while (consumer.received < records) {
    consumer.pollWaiting(visit, 1024);
    if (consumer.received - from < part) continue;
    const now = clock.nowNs();
    rates.push((consumer.received - from) / ((now - since) / 1000));
    [from, since] = [consumer.received, now];
  }
  if (wrong > 0) throw new Error(`${String(wrong)} words of the records are wrong`);
  // The first parts hold the start of the thread and code that is not compiled yet.
  return medianFigure(rates.slice(Math.floor(rates.length / 5)));
}

async function ringLatencies(records: number): Promise<Float64Array> {
  const memory = createSharedRing({ capacitySlots: 64, recordWords: 1, whenFull: 'wait' });
  const latencies = new Float64Array(records);
  const consumer = new SharedRingConsumer(memory, { wait: spinWait });
  const { float64 } = consumer;
  await startThread({ kind: 'stamp', memory, records, gapNs: GAP_NS });
  let received = 0;
  const visit = (offset: number): void => {
    latencies[received] = clock.nowNs() - float64[offset];
    received += 1;
  };
  while (received < records) consumer.pollWaiting(visit, 1);
  return latencies.subarray(records / 10);
}

async function postLatencies(records: number): Promise<Float64Array> {
  const latencies = new Float64Array(records);
  const worker = await startThread({
    kind: 'stamp',
    memory: undefined,
    records,
    gapNs: 5 * GAP_NS,
  });
  let received = 0;
  return new Promise((resolve, reject) => {
    worker.on('message', (sentNs: number) => {
      latencies[received] = clock.nowNs() - sentNs;
      received += 1;
      if (received === records) resolve(latencies.subarray(records / 10));
    });
    worker.once('error', reject);
  });
}
