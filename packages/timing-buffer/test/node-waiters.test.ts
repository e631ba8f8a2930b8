import { expect, test } from 'vitest';
import { Orchestrator, spinWait } from '@sema/timing-buffer';
import type { Occasion, Waiter } from '@sema/timing-buffer';
import { blockingWaiter, monotonicClock, timerWaiter } from '@sema/timing-buffer/node';

const clock = monotonicClock();
const spinning: Waiter = {
  wait(untilNs) {
    for (let round = 0; clock.nowNs() < untilNs; round += 1) spinWait(round, () => undefined);
  },
};

test('the clock counts whole nanoseconds and never runs backwards', () => {
  let last = clock.nowNs();
  expect(last).toBeGreaterThanOrEqual(0);
  for (let read = 0; read < 10_000; read += 1) {
    const now = clock.nowNs();
    expect(Number.isSafeInteger(now) && now >= last).toBe(true);
    last = now;
  }
});

test.each([
  ['blocks', blockingWaiter({ clock, minSpinNs: 20_000, maxSpinNs: 100_000 })],
  ['turns the event loop', timerWaiter({ clock, spinNs: 1_000_000 })],
  ['turns the event loop and never spins', timerWaiter({ clock, spinNs: 0 })],
  ['spins', spinning],
])('a waiter that %s runs every beat, none before its time', async (_name, waiter) => {
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 4,
    batchNs: 0,
    lateNs: 10_000_000,
    onFailure: (error) => expect.fail(String(error)),
  });
  const seen: Occasion[] = [];
  const startNs = clock.nowNs();
  const request = { timeNs: startNs + 1_000_000, periodNs: 1_000_000, priority: 0 };
  orchestrator.every({ ...request, run: (occasion) => void seen.push({ ...occasion }) });
  await orchestrator.run(waiter, startNs + 10_500_000);
  expect(seen.reduce((beats, { missed }) => beats + 1 + missed, 0)).toBeGreaterThanOrEqual(10);
  for (const { intendedNs, startedNs } of seen) {
    expect(startedNs).toBeGreaterThanOrEqual(intendedNs);
    expect((intendedNs - startNs) % 1_000_000).toBe(0);
  }
});

test('a waiter whose time is past returns', async () => {
  blockingWaiter({ clock, minSpinNs: 0, maxSpinNs: 1000 }).wait(0);
  await timerWaiter({ clock, spinNs: 0 }).wait(0);
});

test('a blocking waiter spins between its bounds', () => {
  const waiter = blockingWaiter({ clock, minSpinNs: 5_000, maxSpinNs: 50_000 });
  expect(waiter.spinNs).toBe(50_000);
  for (let wait = 0; wait < 5; wait += 1) waiter.wait(clock.nowNs() + 200_000);
  expect(waiter.spinNs).toBeGreaterThanOrEqual(5_000);
  expect(waiter.spinNs).toBeLessThanOrEqual(50_000);
});
