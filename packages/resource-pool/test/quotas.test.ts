import { Circuit, fidelity, mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entangle, QubitBank, QubitPool, quotasOf } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

const ENGINE = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};

test.each([
  [
    { lmsr: 1, prospect: 1, hedge: 1 },
    { lmsr: 9, prospect: 8, hedge: 8 },
  ],
  [
    { lmsr: 0, prospect: 0, hedge: 0 },
    { lmsr: 9, prospect: 8, hedge: 8 },
  ],
  [
    { lmsr: 8, prospect: 1, hedge: 1 },
    { lmsr: 12, prospect: 7, hedge: 6 },
  ],
  [
    { lmsr: 0, prospect: 0, hedge: 1 },
    { lmsr: 5, prospect: 5, hedge: 15 },
  ],
  [
    { lmsr: 1e308, prospect: 1e308, hedge: 1e308 },
    { lmsr: 9, prospect: 8, hedge: 8 },
  ],
])('25 qubits by weights %j are %j', (weights, quotas) => {
  expect(quotasOf(25, ENGINE, weights)).toEqual(quotas);
});

const anyOwners = fc
  .array(
    fc.record({
      min: fc.nat(6),
      extra: fc.nat(9),
      weight: fc.double({ min: 0, max: 1e6, noNaN: true }),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((list) => ({
    owners: Object.fromEntries(
      list.map(({ min, extra }, i) => [`o${i}`, { min, max: Math.max(1, min + extra) }]),
    ),
    weights: Object.fromEntries(list.map(({ weight }, i) => [`o${i}`, weight])),
  }));

test('quotas keep every limit, use what there is, and follow the weights to within a qubit', () => {
  fc.assert(
    fc.property(anyOwners, fc.nat(20), ({ owners, weights }, spare) => {
      const minima = Object.values(owners).reduce((sum, { min }) => sum + min, 0);
      const maxima = Object.values(owners).reduce((sum, { max }) => sum + max, 0);
      const capacity = Math.max(1, minima + spare);
      const quotas = quotasOf(capacity, owners, weights);
      let total = 0;
      for (const [owner, { min, max }] of Object.entries(owners)) {
        expect(Number.isInteger(quotas[owner])).toBe(true);
        expect(quotas[owner]).toBeGreaterThanOrEqual(min);
        expect(quotas[owner]).toBeLessThanOrEqual(max);
        total += quotas[owner];
      }
      expect(total).toBe(Math.min(capacity, maxima));
      // A heavier owner has no less, unless a limit says so.
      for (const a of Object.keys(owners)) {
        for (const b of Object.keys(owners)) {
          if (!(weights[a] > weights[b])) continue;
          const isHeldDown = quotas[a] === owners[a].max;
          const isHeldUp = quotas[b] === owners[b].min;
          if (!isHeldDown && !isHeldUp) expect(quotas[a]).toBeGreaterThanOrEqual(quotas[b] - 1);
        }
      }
    }),
  );
});

test.each([
  [{ lmsr: 1, prospect: 1 }],
  [{ lmsr: 1, prospect: 1, hedge: -1 }],
  [{ lmsr: 1, prospect: 1, hedge: Number.NaN }],
  [{ lmsr: 1, prospect: 1, hedge: Infinity }],
  [{ lmsr: 1, prospect: 1, stranger: 1 }],
])('weights %j do not fit and are refused', (weights: Record<string, number>) => {
  expect(codeOf(() => quotasOf(25, ENGINE, weights))).toBe('INVALID_REQUEST');
  expect(codeOf(() => new QubitPool(25, { owners: ENGINE }).rebalance(weights))).toBe(
    'INVALID_REQUEST',
  );
});

test.each([
  [Number.NaN, { min: 0, max: 1 }, 'INVALID_CAPACITY'],
  [Infinity, { min: 0, max: 1 }, 'INVALID_CAPACITY'],
  [0, { min: 0, max: 1 }, 'INVALID_CAPACITY'],
  [5, { min: Number.NaN, max: 1 }, 'INVALID_OWNER_LIMITS'],
  [5, { min: 0, max: Infinity }, 'INVALID_OWNER_LIMITS'],
  [5, { min: 3, max: 2 }, 'INVALID_OWNER_LIMITS'],
  [5, { min: 0, max: 0 }, 'INVALID_OWNER_LIMITS'],
  [5, { min: 6, max: 6 }, 'INVALID_OWNER_LIMITS'],
])('a capacity of %d with limits %j is refused', (capacity, limits, code) => {
  expect(codeOf(() => quotasOf(capacity, { a: limits }, { a: 1 }))).toBe(code);
});

test('a rebalance closes the gaps, keeps every lease, and holds owners to their quotas', () => {
  const pool = new QubitPool(25, { owners: ENGINE });
  const gap = pool.acquireNow({ owner: 'lmsr', min: 4, max: 4 });
  const hedge = pool.acquireNow({ owner: 'hedge', min: 9, max: 9 });
  const lmsr = pool.acquireNow({ owner: 'lmsr', min: 3, max: 3 });
  gap.release();
  const { quotas, destination } = pool.rebalance({ lmsr: 8, prospect: 1, hedge: 1 });
  expect(quotas).toEqual({ lmsr: 12, prospect: 7, hedge: 6 });
  expect(lmsr.qubits).toEqual([0, 1, 2]);
  expect(hedge.qubits).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...destination].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, q) => q));
  expect(destination.slice(4, 16)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2]);
  // Hedge holds 9 against a quota of 6: it keeps them and gets no more.
  expect(pool.tryAcquire({ owner: 'hedge', min: 1, max: 1 })).toBeUndefined();
  expect(pool.acquireNow({ owner: 'prospect', min: 4, max: 10 }).qubits[0]).toBe(12);
});

test('running states move with a rebalance and do not change', () => {
  const bank = new QubitBank(12, { memoryLimitBytes: 2 ** 20, random: mulberry32(1) });
  const first = bank.acquireNow({ owner: 'a', min: 3, max: 3 });
  const second = bank.acquireNow({ owner: 'b', min: 3, max: 3 });
  const third = bank.acquireNow({ owner: 'c', min: 2, max: 2 });
  second.run(new Circuit(3).ry(0.4, 0).cx(0, 1).rxx(0.3, 1, 2));
  third.run(new Circuit(2).h(0).t(0));
  bank.registers.run(new Circuit(2).cx(0, 1), [second.qubits[2], third.qubits[1]]);
  const before = bank.registers.stateOf([...second.qubits, ...third.qubits]);
  first.release();
  bank.rebalance();
  expect(second.qubits).toEqual([0, 1, 2]);
  expect(third.qubits).toEqual([3, 4]);
  const after = bank.registers.stateOf([...second.qubits, ...third.qubits]);
  expect([after.real, after.imaginary]).toEqual([before.real, before.imaginary]);
  bank.registers.checkZero([5, 6, 7, 8, 9, 10, 11]);
});

test('a lease of a bank starts in |0⟩ and goes back proven |0⟩, or measured and reset', () => {
  const bank = new QubitBank(4, { memoryLimitBytes: 2 ** 20, random: mulberry32(1) });
  const pair = bank.acquireNow({ owner: 'a', min: 2, max: 2 });
  const other = bank.acquireNow({ owner: 'b', min: 1, max: 1 });
  entangle(bank.registers, 'ghz', [...pair.qubits, ...other.qubits]);
  expect(codeOf(() => other.release())).toBe('ENTANGLED');
  expect(other.released).toBe(false);
  const [bit] = other.measureAndReset();
  other.release();
  // The partner collapsed with it.
  expect([...pair.measureAndReset()]).toEqual([bit, bit]);
  pair.release();
  const all = bank.acquireNow({ owner: 'c', min: 4, max: 4 });
  expect(bank.registers.stateOf(all.qubits).real[0]).toBe(1);
  all.run(new Circuit(4).x(0));
  expect(codeOf(() => all.release())).toBe('NOT_ZERO');
  all.run(new Circuit(4).x(0));
  all.release();
  expect(codeOf(() => all.run(new Circuit(4)))).toBe('DISPOSED');
});

test('an owner that throws in the middle of an entangled state leaves clean qubits behind', () => {
  const bank = new QubitBank(3, { memoryLimitBytes: 2 ** 20, random: mulberry32(5) });
  const kept = bank.acquireNow({ owner: 'b', min: 1, max: 1 });
  const failing = () => {
    using lease = bank.acquireNow({ owner: 'a', min: 2, max: 2 });
    entangle(bank.registers, 'ghz', [...lease.qubits, ...kept.qubits]);
    throw new Error('the owner failed');
  };
  expect(failing).toThrow('the owner failed');
  expect(bank.pool.metrics.inUse).toBe(1);
  expect(bank.registers.groups()).toEqual([[0], [1], [2]]);
  bank.registers.checkZero([1, 2]);
  const state = bank.registers.stateOf([0]);
  expect(Math.max(fidelity(state, zero()), fidelity(state, one()))).toBeCloseTo(1, 12);
});

function zero() {
  return new QubitBank(1, { memoryLimitBytes: 96, random: mulberry32(1) }).registers.stateOf([0]);
}

function one() {
  const state = zero();
  state.reset(1);
  return state;
}
