import { cpuUsage } from 'node:process';
import { parentPort } from 'node:worker_threads';
import { DurationHistogram, Orchestrator, SharedRingProducer, spinWait } from '@sema/timing-buffer';
import { blockingWaiter } from '@sema/timing-buffer/node';
import { absoluteClock } from './absolute-clock.ts';
import type { ScheduleReport, ThreadTask, WaitRounds } from './thread-task.ts';
import { waitersOf, waitRound, WAITS } from './wait-task.ts';

const clock = absoluteClock();

parentPort?.once('message', (task: ThreadTask) => {
  if (task.kind === 'produce') produce(task);
  else if (task.kind === 'stamp') stamp(task);
  else if (task.kind === 'wait') void wait(task);
  else void schedule(task);
});
parentPort?.postMessage('ready');

function produce({ memory, records, recordWords, batch }: ThreadTask & { kind: 'produce' }): void {
  const producer = new SharedRingProducer(memory, { batch, wait: spinWait });
  const { float64 } = producer;
  for (let record = 0; record < records; record += 1) {
    const offset = producer.claim();
    for (let word = 0; word < recordWords; word += 1) float64[offset + word] = record;
    producer.commit();
  }
  producer.flush();
}

function stamp({ memory, records, gapNs }: ThreadTask & { kind: 'stamp' }): void {
  const producer =
    memory === undefined ? undefined : new SharedRingProducer(memory, { batch: 1, wait: spinWait });
  for (let record = 0; record < records; record += 1) {
    const until = clock.nowNs() + gapNs;
    while (clock.nowNs() < until);
    if (producer === undefined) parentPort?.postMessage(clock.nowNs());
    else {
      producer.float64[producer.claim()] = clock.nowNs();
      producer.commit();
    }
  }
}

async function wait({ rounds, beats }: ThreadTask & { kind: 'wait' }): Promise<void> {
  const waiters = waitersOf(clock);
  const reports: WaitRounds = { sleep: [], cerebellar: [], spin: [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? WAITS : WAITS.toReversed();
    for (const name of order) reports[name].push(await waitRound(clock, waiters[name], beats));
  }
  parentPort?.postMessage(reports);
}

async function schedule(request: ThreadTask & { kind: 'schedule' }): Promise<void> {
  // Node counts whole processes only; the other threads of this one wait meanwhile.
  const before = cpuUsage();
  const start = clock.nowNs();
  const report =
    request.how === 'setTimeout' ? await byTimeout(request) : await byOrchestrator(request);
  const { user, system } = cpuUsage(before);
  const cpuShare = ((user + system) * 1000) / (clock.nowNs() - start);
  parentPort?.postMessage({ ...report, cpuShare });
}

type Lateness = Omit<ScheduleReport, 'cpuShare'>;

async function byOrchestrator({
  beats,
  periodNs,
}: ThreadTask & { kind: 'schedule' }): Promise<Lateness> {
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 4,
    batchNs: 0,
    lateNs: 10_000,
    onFailure: (error) => {
      throw error;
    },
  });
  const timeNs = clock.nowNs() + periodNs;
  let lastNs = 0;
  orchestrator.every({
    timeNs,
    periodNs,
    priority: 0,
    run: ({ intendedNs, startedNs }) => (lastNs = startedNs - intendedNs),
  });
  const waiter = blockingWaiter({ clock, minSpinNs: 20_000, maxSpinNs: 120_000 });
  await orchestrator.run(waiter, timeNs + beats * periodNs);
  return { ...quantiles(orchestrator.lateness), lastNs, missed: orchestrator.metrics.missed };
}

/** As one writes it without thinking of drift. */
async function byTimeout({
  beats,
  periodNs,
}: ThreadTask & { kind: 'schedule' }): Promise<Lateness> {
  const lateness = new DurationHistogram();
  const timeNs = clock.nowNs() + periodNs;
  let lastNs = 0;
  for (let beat = 0; beat < beats; beat += 1) {
    await new Promise((resolve) => setTimeout(resolve, periodNs / 1e6));
    lastNs = Math.max(0, clock.nowNs() - (timeNs + beat * periodNs));
    lateness.record(lastNs);
  }
  return { ...quantiles(lateness), lastNs, missed: 0 };
}

function quantiles(lateness: DurationHistogram): Pick<Lateness, 'p50Ns' | 'p99Ns' | 'maxNs'> {
  return {
    p50Ns: lateness.quantileNs(0.5) ?? NaN,
    p99Ns: lateness.quantileNs(0.99) ?? NaN,
    maxNs: lateness.maxNs,
  };
}
