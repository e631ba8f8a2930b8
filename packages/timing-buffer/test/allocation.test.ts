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

test('sliding a window and reading it into a summary allocates nothing', () => {
  const window = new SlidingWindow({ spanNs: 100, capacityEntries: 64 });
  const into = new ReusableSummary();
  const slide = (index: number): void => {
    window.add(index, measurements, 0.5, 1234.5);
    window.summary(into);
  };
  expect(becomesFreeOfAllocation(slide)).toBe(true);
  expect(into.count).toBe(64);
});

test('an orchestrator that waits, runs a periodic event and records it allocates nothing', () => {
  const clock = new VirtualClock();
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 4,
    batchNs: 0,
    lateNs: 10,
    onFailure: (error) => expect.fail(String(error)),
  });
  let ran = 0;
  orchestrator.every({ timeNs: 1000, periodNs: 1000, priority: 0, run: () => (ran += 1) });
  const beat = (): void => {
    clock.wait(orchestrator.nextNs ?? NaN);
    clock.advance(7);
    orchestrator.runDue();
  };
  expect(becomesFreeOfAllocation(beat)).toBe(true);
  expect(orchestrator.metrics.ran).toBe(ran);
});

test('this check finds the allocation of one small object per call', () => {
  let kept: unknown;
  expect(becomesFreeOfAllocation((index) => (kept = { index }))).toBe(false);
  expect(kept).toBeDefined();
});
