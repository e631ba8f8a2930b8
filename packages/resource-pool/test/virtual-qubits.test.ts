import { Circuit, fidelity, mulberry32, run, StateVector } from '@sema/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entangle, teleport, VirtualQubits } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

/** A clock that gains a microsecond at every reading. */
function ticking() {
  let nowNs = 0;
  return { nowNs: () => (nowNs += 1000) };
}

function system(virtual: number, physical: number, parkedLimitBytes = 2 ** 20): VirtualQubits {
  const memoryLimitBytes = 2 ** 24;
  return new VirtualQubits({
    virtual,
    physical,
    memoryLimitBytes,
    parkedLimitBytes,
    clock: ticking(),
  });
}

/** A state of three qubits that depends on `seed` in every amplitude. */
const triple = (seed: number) =>
  new Circuit(3)
    .ry(0.3 + seed, 0)
    .rz(0.2 * seed, 0)
    .rxx(0.7, 0, 1)
    .ry(seed, 2)
    .cx(0, 2);

test('66 virtual qubits live on 24 physical ones, and every state comes back bit-identical', () => {
  const qubits = system(66, 24);
  const want: StateVector[] = [];
  for (let block = 0; block < 22; block++) {
    const members = [3 * block, 3 * block + 1, 3 * block + 2];
    qubits.run(triple(block), members);
    want.push(qubits.stateOf(members));
  }
  // Once in order, then in a shuffled order that faults again and again.
  for (let round = 0; round < 44; round++) {
    const block = (round * 7) % 22;
    const got = qubits.stateOf([3 * block, 3 * block + 1, 3 * block + 2]);
    expect(new BigUint64Array(got.real.buffer)).toEqual(
      new BigUint64Array(want[block].real.buffer),
    );
    expect(new BigUint64Array(got.imaginary.buffer)).toEqual(
      new BigUint64Array(want[block].imaginary.buffer),
    );
  }
  const { evictions, hitRate, resident, pagingNs } = qubits.metrics;
  expect(resident).toBe(24);
  expect(evictions).toBeGreaterThan(14);
  expect(hitRate).toBeGreaterThan(0);
  expect(hitRate).toBeLessThan(1);
  expect(pagingNs).toBeGreaterThan(0);
});

test('the least recently used register is parked first, and a pinned one never', () => {
  const qubits = system(5, 2);
  qubits.run(new Circuit(1).x(0), [0]);
  qubits.run(new Circuit(1).x(0), [1]);
  qubits.run(new Circuit(1).x(0), [0]);
  qubits.run(new Circuit(1).x(0), [2]);
  expect(qubits.metrics).toMatchObject({ hits: 1, faults: 3, evictions: 1, parkedBytes: 20 });
  {
    using pin = qubits.pin([2]);
    expect(pin).toBeDefined();
    expect(qubits.metrics.hits).toBe(2);
    qubits.run(new Circuit(1), [3]);
    qubits.run(new Circuit(1), [4]);
    expect(codeOf(() => qubits.run(new Circuit(2), [3, 4]))).toBe('PINNED');
    qubits.run(new Circuit(1), [2]);
    expect(qubits.metrics.hits).toBe(3);
  }
  qubits.run(new Circuit(2), [3, 4]);
});

test('an operation that needs more than the physical qubits at once is refused', () => {
  const qubits = system(8, 3);
  expect(codeOf(() => qubits.run(new Circuit(4), [0, 1, 2, 3]))).toBe('EXCEEDS_PHYSICAL');
  entangle(qubits, 'bell', [0, 1]);
  entangle(qubits, 'bell', [2, 3]);
  expect(codeOf(() => qubits.run(new Circuit(2).cx(0, 1), [0, 2]))).toBe('EXCEEDS_PHYSICAL');
  expect(qubits.groups()).toEqual([[0, 1], [2, 3], [4], [5], [6], [7]]);
});

test('entanglement is named in virtual qubits, parked or not', () => {
  const qubits = system(20, 3);
  entangle(qubits, 'ghz', [11, 4, 17]);
  qubits.run(new Circuit(3).x(0).x(1).x(2), [0, 1, 2]);
  expect(qubits.partners([4])).toEqual([11, 17]);
  let partners: unknown;
  try {
    qubits.checkZero([17, 5]);
  } catch (error) {
    partners = (error as { partners: unknown }).partners;
  }
  expect(partners).toEqual([4, 11]);
});

test('teleportation works across pages', () => {
  const qubits = system(12, 3);
  const prepare = new Circuit(1).ry(1.2, 0).rz(0.5, 0);
  const want = new StateVector(1);
  run(prepare, want);
  qubits.run(prepare, [0]);
  const random = mulberry32(3);
  for (let hop = 0; hop < 10; hop++) {
    teleport(qubits, { from: hop, to: hop + 1, helper: 11 }, random);
  }
  expect(fidelity(qubits.stateOf([10]), want)).toBeCloseTo(1, 13);
});

test('parked states keep to their limit', () => {
  const qubits = system(6, 3, 100);
  qubits.run(triple(1), [0, 1, 2]);
  expect(codeOf(() => qubits.run(new Circuit(1), [5]))).toBe('MEMORY_LIMIT');
  expect(fidelity(qubits.stateOf([0, 1, 2]), qubits.stateOf([0, 1, 2]))).toBeCloseTo(1, 12);
});

test('a state of any numbers is parked and brought back with every bit, signs of zero too', () => {
  const part = fc.constantFrom(0, -0, 0.5, -0.5, Number.MIN_VALUE);
  const parts = fc.array(part, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(parts, parts, (real, imaginary) => {
      const state = new StateVector(3);
      state.real.set(real);
      state.imaginary.set(imaginary);
      const qubits = system(6, 3);
      qubits.write([0, 1, 2], state);
      if (qubits.partners([0]).length !== 2) return;
      qubits.run(new Circuit(3), [3, 4, 5]);
      const got = qubits.stateOf([0, 1, 2]);
      expect(new BigUint64Array(got.real.buffer)).toEqual(
        new BigUint64Array(Float64Array.from(real).buffer),
      );
    }),
  );
});

test.each([
  [0, 1, 0, 'INVALID_CAPACITY'],
  [4097, 1, 0, 'INVALID_CAPACITY'],
  [2, 0, 0, 'INVALID_CAPACITY'],
  [2, 65, 0, 'INVALID_CAPACITY'],
  [2, 1, -1, 'INVALID_OPTION'],
  [2, 1, Number.NaN, 'INVALID_OPTION'],
])(
  '%d virtual on %d physical with %d bytes parked are refused',
  (virtual, physical, bytes, code) => {
    expect(codeOf(() => system(virtual, physical, bytes))).toBe(code);
  },
);
