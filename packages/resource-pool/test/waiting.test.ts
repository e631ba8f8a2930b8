import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QubitPool, ResourcePoolError } from '@sema/resource-pool';
import type { QubitPoolOptions, WaitingRequest } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';
import { ManualScheduler } from './manual-scheduler.ts';

function poolOf(capacity: number, options: QubitPoolOptions = {}) {
  const scheduler = new ManualScheduler();
  const pool = new QubitPool(capacity, { ...options, waiting: { scheduler, ageingNs: 1000 } });
  return { pool, scheduler };
}

/** Starts a request and writes its end into `log`. */
function start(pool: QubitPool, log: string[], name: string, request: WaitingRequest): void {
  pool.acquire(request).then(
    (lease) => log.push(`${name} got ${lease.size}`),
    (error: unknown) =>
      log.push(`${name} ${error instanceof ResourcePoolError ? error.code : '?'}`),
  );
}

/** Lets the promises that are settled run on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

test('a request is granted at once when it can be, and else when enough is released', async () => {
  const { pool, scheduler } = poolOf(4);
  const first = await pool.acquire({ owner: 'a', min: 3, max: 3 });
  const second = pool.acquire({ owner: 'b', min: 2, max: 4 });
  scheduler.advance(50);
  expect(pool.statistics?.waiting).toBe(1);
  first.release();
  expect((await second).qubits).toEqual([0, 1, 2, 3]);
  expect(pool.statistics).toMatchObject({ granted: 1, meanWaitNs: 50, longestWaitNs: 50 });
});

test('higher priority is served first, equal priority first come', async () => {
  const { pool } = poolOf(1);
  const order: string[] = [];
  const held = pool.acquireNow({ owner: 'x', min: 1, max: 1 });
  const all = (
    [
      ['a', 1],
      ['b', 3],
      ['c', 1],
      ['d', 3],
    ] as const
  ).map(async ([name, priority]) => {
    using lease = await pool.acquire({ owner: name, min: 1, max: 1, priority });
    order.push(name.repeat(lease.size));
  });
  held.release();
  await Promise.all(all);
  expect(order).toEqual(['b', 'd', 'a', 'c']);
});

test('waiting raises priority, so that nothing is overtaken for ever', async () => {
  const { pool, scheduler } = poolOf(1);
  const order: string[] = [];
  const held = pool.acquireNow({ owner: 'x', min: 1, max: 1 });
  const ask = async (name: string, priority: number) => {
    using lease = await pool.acquire({ owner: name, min: 1, max: 1, priority });
    order.push(name.repeat(lease.size));
  };
  const all = [ask('old', 0)];
  scheduler.advance(4999);
  all.push(ask('early', 5));
  scheduler.advance(2);
  all.push(ask('late', 5));
  held.release();
  await Promise.all(all);
  // 5001 ns are worth 5.001 levels to `old` against `late`, and 4.999 against `early`.
  expect(order).toEqual(['early', 'old', 'late']);
});

test('a small newcomer does not slip past a large request that waits', async () => {
  const { pool } = poolOf(4);
  const log: string[] = [];
  const held = pool.acquireNow({ owner: 'x', min: 3, max: 3 });
  start(pool, log, 'large', { owner: 'a', min: 3, max: 3 });
  start(pool, log, 'small', { owner: 'b', min: 1, max: 1 });
  expect(pool.tryAcquire({ owner: 'c', min: 1, max: 1 })).toBeUndefined();
  await settle();
  expect(log).toEqual([]);
  held.release();
  await settle();
  expect(log).toEqual(['large got 3', 'small got 1']);
});

test('an owner at its limit holds up nobody, and what is kept for an owner is its', async () => {
  const owners = { a: { min: 0, max: 2 }, b: { min: 2, max: 6 }, c: { min: 0, max: 6 } };
  const { pool } = poolOf(6, { owners });
  const log: string[] = [];
  pool.acquireNow({ owner: 'a', min: 2, max: 2 });
  start(pool, log, 'a', { owner: 'a', min: 1, max: 1 });
  expect(pool.acquireNow({ owner: 'c', min: 1, max: 6 }).size).toBe(2);
  start(pool, log, 'c', { owner: 'c', min: 1, max: 1 });
  expect(pool.acquireNow({ owner: 'b', min: 1, max: 6 }).size).toBe(2);
  await settle();
  expect(log).toEqual([]);
});

test('a deadline ends a wait, and those behind are served', async () => {
  const { pool, scheduler } = poolOf(4);
  const log: string[] = [];
  pool.acquireNow({ owner: 'x', min: 2, max: 2 });
  start(pool, log, 'large', { owner: 'a', min: 4, max: 4, deadlineNs: 100 });
  start(pool, log, 'small', { owner: 'b', min: 1, max: 1, deadlineNs: 500 });
  scheduler.advance(99);
  await settle();
  expect(log).toEqual([]);
  scheduler.advance(1);
  await settle();
  expect(log).toEqual(['large DEADLINE_PASSED', 'small got 1']);
  expect(scheduler.timers).toBe(0);
  start(pool, log, 'late', { owner: 'a', min: 4, max: 4, deadlineNs: 100 });
  await settle();
  expect(log[2]).toBe('late DEADLINE_PASSED');
  expect(pool.statistics).toMatchObject({ expired: 2, granted: 1 });
});

test('an abort ends a wait with its reason, and an aborted signal never waits', async () => {
  const { pool } = poolOf(2);
  const controller = new AbortController();
  const held = pool.acquireNow({ owner: 'x', min: 2, max: 2 });
  const request = { owner: 'a', min: 1, max: 1, signal: controller.signal };
  const waiting = pool.acquire(request);
  const reason = new Error('changed my mind');
  controller.abort(reason);
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', cause: reason });
  held.release();
  await expect(pool.acquire(request)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(pool.metrics.inUse).toBe(0);
  expect(pool.statistics).toMatchObject({ cancelled: 2, waiting: 0 });
});

test('a line has an end, and a pool without a clock no line', async () => {
  const scheduler = new ManualScheduler();
  const pool = new QubitPool(1, { waiting: { scheduler, ageingNs: 1, maxWaiting: 1 } });
  pool.acquireNow({ owner: 'x', min: 1, max: 1 });
  const first = pool.acquire({ owner: 'a', min: 1, max: 1, deadlineNs: 1 });
  await expect(pool.acquire({ owner: 'b', min: 1, max: 1 })).rejects.toMatchObject({
    code: 'QUEUE_FULL',
  });
  scheduler.advance(1);
  await expect(first).rejects.toMatchObject({ code: 'DEADLINE_PASSED' });
  await expect(new QubitPool(1).acquire({ owner: 'a', min: 1, max: 1 })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
});

test.each([
  { priority: -1 },
  { priority: 101 },
  { priority: Number.NaN },
  { deadlineNs: Number.NaN },
  { deadlineNs: Infinity },
])('a request with %j is refused', async (part) => {
  const { pool } = poolOf(2);
  await expect(pool.acquire({ owner: 'a', min: 1, max: 1, ...part })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test.each([
  { ageingNs: 0 },
  { ageingNs: Infinity },
  { ageingNs: Number.NaN },
  { ageingNs: 1, maxWaiting: -1 },
  { ageingNs: 1, historySlots: 1.5 },
])('waiting options %j are refused', (part) => {
  const waiting = { scheduler: new ManualScheduler(), ...part };
  expect(codeOf(() => new QubitPool(2, { waiting }))).toBe('INVALID_OPTION');
});

test('history keeps the last events, and utilisation is the mean over time', () => {
  const scheduler = new ManualScheduler();
  const pool = new QubitPool(4, { waiting: { scheduler, ageingNs: 1, historySlots: 3 } });
  const lease = pool.acquireNow({ owner: 'a', min: 4, max: 4 });
  scheduler.advance(10);
  pool.tryAcquire({ owner: 'b', min: 2, max: 2 });
  lease.release();
  scheduler.advance(30);
  pool.acquireNow({ owner: 'c', min: 1, max: 1 });
  expect(pool.history).toEqual([
    { kind: 'denied', owner: 'b', qubits: 2, atNs: 10, waitedNs: 0 },
    { kind: 'released', owner: 'a', qubits: 4, atNs: 10, waitedNs: 0 },
    { kind: 'acquired', owner: 'c', qubits: 1, atNs: 40, waitedNs: 0 },
  ]);
  expect(pool.statistics?.utilisation).toBe(0.25);
});

test('random tasks that wait and fail all end, never share a qubit, and lose none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), async (seed) => {
      const { pool, scheduler } = poolOf(12);
      const random = mulberry32(seed);
      const held = new Set<number>();
      let ended = 0;
      const task = async (name: number) => {
        for (let round = 0; round < 5; round++) {
          try {
            const min = 1 + Math.floor(6 * random.next());
            const controller = new AbortController();
            const request = { owner: `t${name}`, min, max: min + 4, priority: name % 7 };
            if (random.next() < 0.1) controller.abort();
            using lease = await pool.acquire({ ...request, signal: controller.signal });
            for (const qubit of lease.qubits) {
              expect(held.has(qubit)).toBe(false);
              held.add(qubit);
            }
            for (let turn = Math.floor(4 * random.next()); turn > 0; turn--) await settle();
            scheduler.advance(100);
            for (const qubit of lease.qubits) held.delete(qubit);
            if (random.next() < 0.3) throw new Error('the task failed');
          } catch (error) {
            if (error instanceof ResourcePoolError) expect(error.code).toBe('CANCELLED');
          }
        }
        ended += 1;
      };
      await Promise.all(Array.from({ length: 10 }, (_, name) => task(name)));
      expect(ended).toBe(10);
      expect(pool.metrics).toMatchObject({ inUse: 0, leases: 0 });
      expect(scheduler.timers).toBe(0);
    }),
    { numRuns: 30 },
  );
});
