import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_CAPACITY, QubitPool } from '@sema/resource-pool';
import type { OwnerLimits, QubitLease, QubitPoolOptions, QubitRequest } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

const ENGINE_OWNERS = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};

test('the lowest free qubits are lent first, and a gap is filled before new ground', () => {
  const pool = new QubitPool(25);
  const first = pool.acquireNow({ owner: 'a', min: 3, max: 3 });
  const second = pool.acquireNow({ owner: 'b', min: 2, max: 2 });
  expect([first.qubits, second.qubits]).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
  first.release();
  expect(pool.acquireNow({ owner: 'c', min: 4, max: 4 }).qubits).toEqual([0, 1, 2, 5]);
});

test('three greedy owners each get their minimum, whoever asks first', () => {
  for (const order of [
    ['lmsr', 'prospect', 'hedge'],
    ['hedge', 'prospect', 'lmsr'],
    ['prospect', 'hedge', 'lmsr'],
  ] as const) {
    const pool = new QubitPool(25, { owners: ENGINE_OWNERS });
    const sizes = order.map((owner) => pool.acquireNow({ owner, min: 1, max: 25 }).size);
    for (const [index, owner] of order.entries()) {
      expect(sizes[index], owner).toBeGreaterThanOrEqual(ENGINE_OWNERS[owner].min);
      expect(sizes[index], owner).toBeLessThanOrEqual(ENGINE_OWNERS[owner].max);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(25);
  }
});

test('a maximum holds over all leases of an owner together', () => {
  const pool = new QubitPool(25, { owners: ENGINE_OWNERS });
  pool.acquireNow({ owner: 'prospect', min: 6, max: 6 });
  expect(pool.acquireNow({ owner: 'prospect', min: 1, max: 10 }).size).toBe(4);
  expect(pool.tryAcquire({ owner: 'prospect', min: 1, max: 1 })).toBeUndefined();
  expect(pool.metrics.inUse).toBe(10);
});

test('what an owner gives back below its minimum is kept for it again', () => {
  const pool = new QubitPool(8, { owners: { a: { min: 4, max: 8 }, b: { min: 0, max: 8 } } });
  const lease = pool.acquireNow({ owner: 'a', min: 4, max: 4 });
  expect(pool.acquireNow({ owner: 'b', min: 1, max: 8 }).size).toBe(4);
  lease.release();
  expect(pool.tryAcquire({ owner: 'b', min: 1, max: 1 })).toBeUndefined();
  expect(pool.acquireNow({ owner: 'a', min: 4, max: 4 }).qubits).toEqual([0, 1, 2, 3]);
});

test('a lease goes back when its owner throws', () => {
  const pool = new QubitPool(25);
  const failing = () => {
    using lease = pool.acquireNow({ owner: 'lmsr', min: 25, max: 25 });
    throw new Error(`failed with ${lease.size} qubits held`);
  };
  expect(failing).toThrow('failed with 25 qubits held');
  expect(pool.metrics).toEqual({
    capacity: 25,
    inUse: 0,
    leases: 0,
    acquired: 1,
    released: 1,
    denied: 0,
  });
});

test('no qubit is lost in a hundred thousand leases whose owners all throw', () => {
  const pool = new QubitPool(25);
  const failure = new Error('an owner that always fails');
  for (let cycle = 0; cycle < 100_000; cycle += 1) {
    try {
      using lease = pool.acquireNow({ owner: 'hedge', min: 1, max: 1 + (cycle % 25) });
      if (lease.size > 0) throw failure;
    } catch (error) {
      if (error !== failure) throw error;
    }
  }
  expect(pool.metrics).toMatchObject({ inUse: 0, leases: 0, released: 100_000 });
  expect(pool.acquireNow({ owner: 'hedge', min: 25, max: 25 }).size).toBe(25);
});

test('releasing twice gives the qubits back once', () => {
  const pool = new QubitPool(4);
  const lease = pool.acquireNow({ owner: 'a', min: 2, max: 2 });
  lease.release();
  const successor = pool.acquireNow({ owner: 'b', min: 2, max: 2 });
  lease.release();
  lease[Symbol.dispose]();
  expect(successor.released).toBe(false);
  expect(pool.metrics).toMatchObject({ inUse: 2, leases: 1, released: 1 });
});

test('a released lease refuses to name qubits that may belong to somebody else', () => {
  const pool = new QubitPool(4);
  const lease = pool.acquireNow({ owner: 'a', min: 2, max: 2 });
  expect(lease.qubits).toEqual([0, 1]);
  lease.release();
  expect(lease).toMatchObject({ owner: 'a', size: 2, released: true });
  expect(codeOf(() => lease.qubits)).toBe('DISPOSED');
});

test('the qubits of a lease and the metrics are frozen', () => {
  const pool = new QubitPool(4);
  const lease = pool.acquireNow({ owner: 'a', min: 2, max: 2 });
  expect(Object.isFrozen(lease.qubits)).toBe(true);
  expect(Object.isFrozen(pool.metrics)).toBe(true);
});

test('too few free qubits are undefined or QUBITS_UNAVAILABLE, and counted as denied', () => {
  const pool = new QubitPool(4);
  pool.acquireNow({ owner: 'a', min: 3, max: 3 });
  expect(pool.tryAcquire({ owner: 'b', min: 2, max: 4 })).toBeUndefined();
  expect(codeOf(() => pool.acquireNow({ owner: 'b', min: 2, max: 4 }))).toBe('QUBITS_UNAVAILABLE');
  expect(pool.metrics).toMatchObject({ denied: 2, acquired: 1, inUse: 3 });
});

test('every capacity from 1 to the limit lends each of its qubits exactly once', () => {
  for (let capacity = 1; capacity <= MAX_CAPACITY; capacity += 1) {
    const pool = new QubitPool(capacity);
    const lent = Array.from({ length: capacity }, () =>
      pool.acquireNow({ owner: 'a', min: 1, max: 1 }),
    ).map((lease) => lease.qubits);
    expect(lent).toEqual(Array.from({ length: capacity }, (_, qubit) => [qubit]));
    expect(pool.tryAcquire({ owner: 'a', min: 1, max: 1 })).toBeUndefined();
  }
});

test('limits changed after the pool was made do not reach it', () => {
  const limits = { min: 0, max: 2 };
  const pool = new QubitPool(4, { owners: { a: limits } });
  limits.max = 4;
  expect(pool.acquireNow({ owner: 'a', min: 1, max: 4 }).size).toBe(2);
});

test.each([0, -1, -0, 33, 1.5, Number.NaN, Infinity, -Infinity])(
  'a capacity of %d is refused',
  (capacity) => {
    expect(codeOf(() => new QubitPool(capacity))).toBe('INVALID_CAPACITY');
  },
);

test.each<Record<string, OwnerLimits>>([
  { a: { min: -1, max: 2 } },
  { a: { min: 0, max: 0 } },
  { a: { min: 3, max: 2 } },
  { a: { min: 0, max: 9 } },
  { a: { min: 0.5, max: 2 } },
  { a: { min: Number.NaN, max: 2 } },
  { a: { min: 0, max: Infinity } },
  { '': { min: 0, max: 2 } },
  { a: { min: 5, max: 8 }, b: { min: 4, max: 8 } },
])('owner limits %j in a pool of 8 are refused', (owners) => {
  expect(codeOf(() => new QubitPool(8, { owners }))).toBe('INVALID_OWNER_LIMITS');
});

test.each<[string, Partial<QubitRequest>, string]>([
  ['no owner', { owner: '' }, 'INVALID_REQUEST'],
  ['min 0', { min: 0 }, 'INVALID_REQUEST'],
  ['min −0', { min: -0 }, 'INVALID_REQUEST'],
  ['min −1', { min: -1 }, 'INVALID_REQUEST'],
  ['min 1.5', { min: 1.5 }, 'INVALID_REQUEST'],
  ['min NaN', { min: Number.NaN }, 'INVALID_REQUEST'],
  ['max NaN', { max: Number.NaN }, 'INVALID_REQUEST'],
  ['max ∞', { max: Infinity }, 'INVALID_REQUEST'],
  ['min above max', { min: 3, max: 2 }, 'INVALID_REQUEST'],
  ['min above the capacity', { min: 26, max: 30 }, 'EXCEEDS_CAPACITY'],
  ['min above the maximum of the owner', { min: 13, max: 20 }, 'OUTSIDE_OWNER_LIMITS'],
  ['an owner nobody named', { owner: 'stranger' }, 'UNKNOWN_OWNER'],
  ['the name of an inherited property', { owner: 'constructor' }, 'UNKNOWN_OWNER'],
  ['__proto__', { owner: '__proto__' }, 'UNKNOWN_OWNER'],
])('a request with %s is refused, and the pool is unchanged', (_, part, code) => {
  const pool = new QubitPool(25, { owners: ENGINE_OWNERS });
  const request = { owner: 'lmsr', min: 3, max: 12, ...part };
  expect(codeOf(() => pool.tryAcquire(request))).toBe(code);
  expect(codeOf(() => pool.acquireNow(request))).toBe(code);
  expect(pool.metrics).toMatchObject({ inUse: 0, acquired: 0, denied: 0 });
});

test('a minimum that the others’ reserves put out of reach for ever is refused', () => {
  const pool = new QubitPool(8, { owners: { a: { min: 5, max: 8 }, b: { min: 0, max: 8 } } });
  expect(codeOf(() => pool.tryAcquire({ owner: 'b', min: 4, max: 8 }))).toBe(
    'OUTSIDE_OWNER_LIMITS',
  );
  expect(pool.acquireNow({ owner: 'b', min: 3, max: 8 }).size).toBe(3);
});

/** The definition the pool is held against: a list of who holds each qubit. */
class PoolModel {
  readonly #holder: (string | undefined)[];
  readonly #owners: Readonly<Record<string, OwnerLimits>> | undefined;

  constructor(capacity: number, options: QubitPoolOptions) {
    this.#holder = Array.from({ length: capacity }, () => undefined);
    this.#owners = options.owners;
  }

  held(owner: string): number {
    return this.#holder.filter((holder) => holder === owner).length;
  }

  inUse(): number {
    return this.#holder.filter((holder) => holder !== undefined).length;
  }

  /** The qubits a request must get now; undefined when it must be denied. */
  acquire({ owner, min, max }: QubitRequest): number[] | undefined {
    const free = this.#holder.flatMap((holder, qubit) => (holder === undefined ? [qubit] : []));
    let most = Math.min(max, free.length);
    for (const [name, limits] of Object.entries(this.#owners ?? {})) {
      if (name === owner) most = Math.min(most, limits.max - this.held(owner));
    }
    const reserved = Object.entries(this.#owners ?? {})
      .filter(([name]) => name !== owner)
      .map(([name, limits]) => Math.max(0, limits.min - this.held(name)));
    most = Math.min(most, free.length - reserved.reduce((sum, part) => sum + part, 0));
    if (most < min) return undefined;
    const granted = free.slice(0, most);
    for (const qubit of granted) this.#holder[qubit] = owner;
    return granted;
  }

  release(qubits: readonly number[]): void {
    for (const qubit of qubits) this.#holder[qubit] = undefined;
  }
}

const OWNERS = ['lmsr', 'prospect', 'hedge'] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('acquire' as const, 'throw' as const),
    owner: fc.constantFrom(...OWNERS),
    min: fc.integer({ min: 1, max: 6 }),
    extra: fc.integer({ min: 0, max: 25 }),
  }),
  fc.record({ kind: fc.constant('release' as const), which: fc.nat(), again: fc.boolean() }),
);

const pools = fc
  .record({
    capacity: fc.integer({ min: 18, max: MAX_CAPACITY }),
    limits: fc.option(
      fc.array(fc.record({ min: fc.nat(6), extra: fc.integer({ min: 6, max: 12 }) }), {
        minLength: OWNERS.length,
        maxLength: OWNERS.length,
      }),
    ),
  })
  .map(({ capacity, limits }): { capacity: number; options: QubitPoolOptions } => {
    if (limits === null) return { capacity, options: {} };
    const owners = OWNERS.map((owner, index) => {
      const { min, extra } = limits[index];
      return [owner, { min, max: Math.min(capacity, min + extra) }] as const;
    });
    return { capacity, options: { owners: Object.fromEntries(owners) } };
  });

test('under any interleaving the pool lends what a list of holders says, and loses nothing', () => {
  fc.assert(
    fc.property(pools, fc.array(step, { maxLength: 120 }), ({ capacity, options }, steps) => {
      const pool = new QubitPool(capacity, options);
      const model = new PoolModel(capacity, options);
      const open: { lease: QubitLease; qubits: readonly number[] }[] = [];
      const counts = { acquired: 0, released: 0, denied: 0 };

      for (const action of steps) {
        if (action.kind === 'release') {
          if (open.length === 0) continue;
          const [{ lease, qubits }] = open.splice(action.which % open.length, 1);
          lease.release();
          if (action.again) lease.release();
          model.release(qubits);
          counts.released += 1;
        } else {
          const { owner, min, extra } = action;
          const request = { owner, min, max: min + extra };
          const expected = model.acquire(request);
          counts[expected === undefined ? 'denied' : 'acquired'] += 1;
          if (action.kind === 'acquire') {
            const lease = pool.tryAcquire(request);
            expect(lease?.qubits).toEqual(expected);
            if (lease !== undefined) open.push({ lease, qubits: lease.qubits });
          } else {
            const failing = () => {
              using lease = pool.acquireNow(request);
              expect(lease.qubits).toEqual(expected);
              throw new Error('the owner failed');
            };
            expect(failing).toThrow(
              expected === undefined ? 'asked for at least' : 'the owner failed',
            );
            if (expected !== undefined) counts.released += 1;
            model.release(expected ?? []);
          }
        }
        const held = open.flatMap(({ lease }) => lease.qubits);
        expect(new Set(held).size).toBe(held.length);
        const inUse = model.inUse();
        expect(pool.metrics).toEqual({ capacity, inUse, leases: open.length, ...counts });
        expect(held.length).toBe(inUse);
      }
      for (const { lease } of open) lease.release();
      expect(pool.metrics.inUse).toBe(0);
    }),
    { numRuns: 300 },
  );
});
