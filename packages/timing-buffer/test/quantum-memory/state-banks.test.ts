import { describe, expect, test } from 'vitest';
import { Circuit, mulberry32, run, StateVector } from '@sema/simulator';
import {
  bareProtection,
  type BankOptions,
  cycleProtection,
  faultlessProtection,
  FIVE_QUBIT_CODE,
  StateBanks,
  unprotectedFidelity,
} from '@sema/timing-buffer/quantum-memory';
import { TimingBufferError, type TimingBufferErrorCode } from '@sema/timing-buffer';
import { expectCode } from '../expect-code.ts';

const TIMES = { t1Ns: 100_000, t2Ns: 80_000 };

const BANKS: readonly BankOptions[] = [
  { name: 'ns', longestNs: 1e3, capacityQubits: 4, protection: bareProtection(TIMES) },
  {
    name: 'µs',
    longestNs: 1e6,
    capacityQubits: 4,
    protection: faultlessProtection(FIVE_QUBIT_CODE, TIMES, 1000),
  },
  {
    name: 'ms',
    longestNs: 1e9,
    capacityQubits: 2,
    protection: cycleProtection({
      name: 'surface code',
      dataQubits: 625,
      rates: { x: 8e-7, y: 0, z: 8e-7 },
      cycleNs: 1100,
    }),
  },
];

/** Banks and a clock that the test moves. */
function setUp(seed = 1) {
  const clock = { now: 0, nowNs: () => clock.now };
  return { clock, banks: new StateBanks(BANKS, clock, mulberry32(seed)) };
}

function bell(): StateVector {
  const state = new StateVector(2);
  run(new Circuit(2).h(0).cx(0, 1), state);
  return state;
}

async function expectRejection(code: TimingBufferErrorCode, promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TimingBufferError);
  expect(error).toHaveProperty('code', code);
}

test('a state goes to the bank of its time scale and comes back', async () => {
  const { clock, banks } = setUp();
  using state = bell();
  const handles = await Promise.all([500, 500_000, 5e7].map((ns) => banks.preserve(state, ns)));
  expect(handles.map(({ bank }) => bank)).toEqual(['ns', 'µs', 'ms']);
  expect(handles[1]).toMatchObject({ qubits: 2, preservedNs: 0, dueNs: 500_000 });
  const { state: back, fidelity, keptNs } = await banks.retrieve(handles[0]);
  expect(back.real).toEqual(state.real);
  expect([fidelity, keptNs]).toEqual([expect.closeTo(1, 12), 0]);
  expect(clock.now).toBe(0);
});

test('fidelity falls as the protection says, averaged over many', async () => {
  const timeNs = 500;
  const { clock, banks } = setUp(7);
  const gates = [[], ['x'], ['h'], ['x', 'h'], ['h', 's'], ['x', 'h', 's']] as const;
  const turns = 200;
  let sum = 0;
  for (let k = 0; k < 6 * turns; k++) {
    const circuit = new Circuit(1);
    for (const gate of gates[k % 6]) circuit[gate](0);
    using state = new StateVector(1);
    run(circuit, state);
    const handle = await banks.preserve(state, 1000);
    clock.now += 40 * timeNs;
    const { state: back, fidelity, expectedFidelity } = await banks.retrieve(handle);
    back[Symbol.dispose]();
    expect(expectedFidelity).toBe(unprotectedFidelity(TIMES, 40 * timeNs));
    sum += fidelity;
  }
  const mean = sum / (6 * turns);
  // A fidelity lies in [0, 1] and mostly near 1: deviation below 0.3, and 4 of its 1200th root.
  expect(Math.abs(mean - unprotectedFidelity(TIMES, 40 * timeNs))).toBeLessThan(0.035);
});

test('the surface code keeps 95 % for 50 ms where a bare qubit keeps nothing', () => {
  const [{ protection: bare }, { protection: five }, { protection: surface }] = BANKS;
  expect(bare.fidelityAfter(5e7)).toBeCloseTo(0.5, 5);
  expect(five.fidelityAfter(5e7)).toBeLessThan(0.6);
  expect(surface.fidelityAfter(5e7)).toBeGreaterThan(0.95);
  expect(five.fidelityAfter(1e4)).toBeGreaterThan(bare.fidelityAfter(1e4));
  for (const { protection } of BANKS) expect(protection.fidelityAfter(0)).toBeCloseTo(1, 14);
});

describe('a full bank', () => {
  test('evicts the oldest, and the loss is a typed error', async () => {
    const { clock, banks } = setUp();
    using state = bell();
    const first = await banks.preserve(state, 1000);
    clock.now = 10;
    const second = await banks.preserve(state, 100);
    clock.now = 20;
    const third = await banks.preserve(state, 100);
    await expectRejection('STATE_EVICTED', banks.retrieve(first));
    await expectRejection('STATE_EVICTED', banks.retrieve(first));
    await banks.retrieve(second);
    await banks.retrieve(third);
    expect(banks.metrics.ns).toEqual({ heldQubits: 0, preserved: 3, retrieved: 2, evicted: 1 });
  });

  test('evicts what is past its time before what is older, the longest past first', async () => {
    const { clock, banks } = setUp();
    using one = new StateVector(1);
    const old = await banks.preserve(one, 1000);
    const due = [200, 100, 300].map((ns) => banks.preserve(one, ns));
    const [late, latest, later] = await Promise.all(due);
    clock.now = 400;
    await banks.preserve(one, 500);
    await expectRejection('STATE_EVICTED', banks.retrieve(latest));
    using two = bell();
    await banks.preserve(two, 500);
    await expectRejection('STATE_EVICTED', banks.retrieve(late));
    await expectRejection('STATE_EVICTED', banks.retrieve(later));
    await banks.retrieve(old);
  });

  test('makes no room for a state that does not fit at all', async () => {
    const { banks } = setUp();
    using one = new StateVector(1);
    const kept = await banks.preserve(one, 1e8);
    using three = new StateVector(3);
    await expectRejection('TOO_MANY_QUBITS', banks.preserve(three, 1e8));
    await banks.retrieve(kept);
  });
});

test('a state is retrieved once, and only where it was preserved', async () => {
  const { banks } = setUp();
  const other = setUp().banks;
  using state = bell();
  const handle = await banks.preserve(state, 100);
  await expectRejection('STATE_UNKNOWN', other.retrieve(handle));
  await expectRejection('STATE_UNKNOWN', banks.retrieve({ ...handle }));
  await banks.retrieve(handle);
  await expectRejection('STATE_TAKEN', banks.retrieve(handle));
});

test('times that cannot be are refused, and so is a clock that runs backwards', async () => {
  const { clock, banks } = setUp();
  using state = bell();
  for (const ns of [-1, NaN, Infinity, 1e9 + 1]) {
    await expectRejection('DURATION_OUT_OF_RANGE', banks.preserve(state, ns));
  }
  clock.now = 100;
  const handle = await banks.preserve(state, 100);
  clock.now = 50;
  await expectRejection('TIME_RAN_BACKWARDS', banks.retrieve(handle));
});

test.each<[TimingBufferErrorCode, readonly BankOptions[]]>([
  ['BANKS_OUT_OF_ORDER', []],
  ['BANKS_OUT_OF_ORDER', [BANKS[1], BANKS[0]]],
  ['BANKS_OUT_OF_ORDER', [BANKS[0], { ...BANKS[1], name: 'ns' }]],
  ['BANKS_OUT_OF_ORDER', [{ ...BANKS[0], longestNs: 0 }]],
  ['DURATION_OUT_OF_RANGE', [{ ...BANKS[0], longestNs: NaN }]],
  ['CAPACITY_OUT_OF_RANGE', [{ ...BANKS[0], capacityQubits: 0 }]],
  ['CAPACITY_OUT_OF_RANGE', [{ ...BANKS[0], capacityQubits: 1025 }]],
  ['CAPACITY_OUT_OF_RANGE', [{ ...BANKS[0], capacityQubits: 1.5 }]],
])('%s: banks that cannot be', (code, banks) => {
  expectCode(code, () => new StateBanks(banks, { nowNs: () => 0 }, mulberry32(1)));
});

test('rates that leave nothing after a cycle are none of a memory', () => {
  const of = (x: number, cycleNs: number) =>
    cycleProtection({ name: 'bad', dataQubits: 1, rates: { x, y: 0, z: 0 }, cycleNs });
  expectCode('PROBABILITY_OUT_OF_RANGE', () => of(0.5, 1));
  expectCode('PROBABILITY_OUT_OF_RANGE', () => of(NaN, 1));
  expectCode('DURATION_OUT_OF_RANGE', () => of(0.1, 0));
  expectCode('DURATION_OUT_OF_RANGE', () => of(0.1, 1).fidelityAfter(-1));
});
