import { expect, test } from 'vitest';
import {
  MEASUREMENT_LIMIT,
  Orchestrator,
  OverwritingRing,
  ReusableSummary,
  SlidingWindow,
  VirtualClock,
  WindowAggregator,
} from '../src/index.ts';
import type { Occasion } from '../src/index.ts';
import { monotonicClock } from '../src/node.ts';

const CALLS = 2_000;
const FLAT_ROUNDS = 5;
const MAX_ROUNDS = 20_000;

/**
 * Whether the heap comes to stay the same over several rounds of calls in a row. Until the calls
 * are compiled they box their numbers, and a collection makes its round negative, so the first
 * rounds do not count. The smallest thing that a call could allocate, a boxed number, is 12 bytes.
 */
function becomesFreeOfAllocation(call: (index: number) => void): boolean {
  let flat = 0;
  for (let round = 0; round < MAX_ROUNDS && flat < FLAT_ROUNDS; round += 1) {
    const start = round * CALLS;
    const before = process.memoryUsage().heapUsed;
    for (let index = start; index < start + CALLS; index += 1) call(index);
    const bytesPerCall = (process.memoryUsage().heapUsed - before) / CALLS;
    flat = Math.abs(bytesPerCall) < 4 ? flat + 1 : 0;
  }
  return flat === FLAT_ROUNDS;
}

const measurements = Float32Array.from({ length: MEASUREMENT_LIMIT }, (_, i) => i / 16);

test('inserting into a ring allocates nothing', () => {
  const ring = new OverwritingRing(1024);
  const insert = (index: number): void => void ring.insert(index, measurements, 0.5, 1234.5);
  expect(becomesFreeOfAllocation(insert)).toBe(true);
});

test('writing a claimed slot in place allocates nothing', () => {
  const ring = new OverwritingRing(1024);
  const write = (index: number): void => {
    ring.measurements[ring.claim()] = 0.5;
    ring.commit(index, 1, 0.5, 1234.5);
  };
  expect(becomesFreeOfAllocation(write)).toBe(true);
});

test('adding to a window allocates nothing', () => {
  const window = new WindowAggregator();
  const add = (index: number): void => window.add(index, measurements, 0.5, 1234.5);
  expect(becomesFreeOfAllocation(add)).toBe(true);
});

test('closing a window into a summary allocates nothing', () => {
  const window = new WindowAggregator();
  const into = new ReusableSummary();
  const close = (index: number): void => {
    window.add(index, measurements, 0.5, 1234.5);
    window.add(index, measurements, 0.25, 1234.5);
    window.close(into);
  };
  expect(becomesFreeOfAllocation(close)).toBe(true);
  expect(into.count).toBe(2);
});

test('reading a sliding window into a summary allocates nothing', () => {
  const window = new SlidingWindow({ spanNs: 100, capacityEntries: 64 });
  const into = new ReusableSummary();
  for (let time = 0; time < 100; time += 1) window.add(time, measurements, 0.5, 1234.5);
  const read = (): void => void window.summary(into);
  expect(becomesFreeOfAllocation(read)).toBe(true);
  expect(into.count).toBe(64);
});

test('events of an orchestrator, each told of its occasion, allocate nothing', () => {
  const clock = new VirtualClock();
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 8,
    batchNs: 0,
    lateNs: 10,
    onFailure: (error) => expect.fail(String(error)),
  });
  // Times that do not fit into 32 bits, as those of a machine that has run for an hour.
  const startNs = 2 ** 42;
  const sums = new Float64Array(8);
  // So many functions that none is compiled into the loop that calls it.
  const runs: ((occasion: Occasion) => void)[] = [
    ({ startedNs }) => void (sums[0] += startedNs),
    ({ startedNs }) => void (sums[1] += startedNs),
    ({ intendedNs }) => void (sums[2] += intendedNs),
    ({ intendedNs }) => void (sums[3] += intendedNs),
    ({ startedNs, intendedNs }) => void (sums[4] += startedNs - intendedNs),
    ({ startedNs, intendedNs }) => void (sums[5] += startedNs - intendedNs),
    ({ startedNs, missed }) => void (sums[6] += startedNs * (missed + 1)),
    ({ startedNs, missed }) => void (sums[7] += startedNs * (missed + 1)),
  ];
  for (let event = 0; event < 8; event += 1) {
    orchestrator.every({
      timeNs: startNs + 10 * event,
      periodNs: 1000,
      priority: 0,
      run: runs[event],
    });
  }
  clock.advance(startNs);
  const beat = (): void => {
    clock.advance(100);
    orchestrator.runDue();
  };
  expect(becomesFreeOfAllocation(beat)).toBe(true);
  expect(sums.every((sum) => sum > 0)).toBe(true);
});

test('reading the clock of the machine, as spinning does, allocates nothing', () => {
  const clock = monotonicClock();
  let last = 0;
  const read = (): void => void (last = clock.nowNs());
  expect(becomesFreeOfAllocation(read)).toBe(true);
  expect(last).toBeGreaterThan(0);
});

test('this check finds the allocation of one small object per call', () => {
  let kept: unknown;
  expect(becomesFreeOfAllocation((index) => (kept = { index }))).toBe(false);
  expect(kept).toBeDefined();
});
