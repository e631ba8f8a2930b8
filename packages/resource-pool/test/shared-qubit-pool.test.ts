import { expect, test } from 'vitest';
import { QubitPool, SharedQubitPool } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

const OWNERS = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};
const clock = { nowNs: () => 0 };

test('two objects over one memory lend one set of qubits', () => {
  const here = SharedQubitPool.create(8);
  const there = new SharedQubitPool(structuredClone(here.handle));
  const lease = here.tryAcquire({ owner: 'a', min: 5, max: 5 });
  expect(there.tryAcquire({ owner: 'b', min: 1, max: 8 })?.qubits).toEqual([5, 6, 7]);
  expect(there.tryAcquire({ owner: 'b', min: 1, max: 8 })).toBeUndefined();
  lease?.release();
  lease?.release();
  expect(there.metrics).toEqual({ capacity: 8, inUse: 3, acquired: 2, denied: 1 });
});

test('with the same calls it lends what a pool of one thread lends', () => {
  const shared = SharedQubitPool.create(25, { owners: OWNERS });
  const single = new QubitPool(25, { owners: OWNERS });
  let seed = 1;
  const below = (count: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * count);
  };
  const open: (readonly [{ release(): void }, { release(): void }])[] = [];
  for (let step = 0; step < 5000; step++) {
    if (below(2) === 0 && open.length > 0) {
      for (const lease of open.splice(below(open.length), 1)[0]) lease.release();
    } else {
      const owner = ['lmsr', 'prospect', 'hedge'][below(3)];
      const min = 1 + below(6);
      const request = { owner, min, max: min + below(10) };
      const [a, b] = [shared.tryAcquire(request), single.tryAcquire(request)];
      expect(a?.qubits).toEqual(b?.qubits);
      if (a !== undefined && b !== undefined) open.push([a, b]);
    }
    expect(shared.metrics.inUse).toBe(single.metrics.inUse);
  }
});

test('a blocked thread gives up at its time', () => {
  const pool = SharedQubitPool.create(1);
  pool.tryAcquire({ owner: 'a', min: 1, max: 1 });
  expect(pool.acquireBlocking({ owner: 'b', min: 1, max: 1 }, 0, clock)).toBeUndefined();
  expect(codeOf(() => pool.acquireBlocking({ owner: 'b', min: 1, max: 1 }, -1, clock))).toBe(
    'INVALID_REQUEST',
  );
});

test.each([0, 33, 1.5, Number.NaN])('a shared capacity of %d is refused', (capacity) => {
  expect(codeOf(() => SharedQubitPool.create(capacity))).toBe('INVALID_CAPACITY');
});

test('a handle whose memory is of another size is refused', () => {
  const { handle } = SharedQubitPool.create(4);
  const forged = { ...handle, owners: OWNERS };
  expect(codeOf(() => new SharedQubitPool(forged))).toBe('INVALID_OPTION');
});

test('requests are checked as in a pool of one thread', () => {
  const pool = SharedQubitPool.create(25, { owners: OWNERS });
  expect(codeOf(() => pool.tryAcquire({ owner: 'x', min: 1, max: 1 }))).toBe('UNKNOWN_OWNER');
  expect(codeOf(() => pool.tryAcquire({ owner: 'lmsr', min: 13, max: 13 }))).toBe(
    'OUTSIDE_OWNER_LIMITS',
  );
});
