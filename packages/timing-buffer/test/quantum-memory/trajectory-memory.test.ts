import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import {
  bitFlipCode,
  cardinalFidelity,
  FIVE_QUBIT_CODE,
  type Hardware,
  idleRates,
  LookupDecoder,
  phaseFlipCode,
  repeatedRates,
  STEANE_CODE,
  trajectoryMemory,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

const FREE = { timeNs: 0, error: 0 };

/** Operations are perfect and take no time; phase is lost in 1 µs and energy never. */
const DEPHASING: Hardware = {
  name: 'dephasing',
  t1Ns: Infinity,
  t2Ns: 1000,
  oneQubitGate: FREE,
  twoQubitGate: FREE,
  measurement: FREE,
  reset: FREE,
};

const OPTIONS = { cycles: 3, waitNs: 100, agreeing: 1, trajectories: 600 } as const;

describe('under dephasing between faultless checks', () => {
  test.each([
    [bitFlipCode(3), 600],
    [phaseFlipCode(3), 600],
    [FIVE_QUBIT_CODE, 600],
    [STEANE_CODE, 300],
  ])('$name keeps the fidelity of its closed form', (code, trajectories) => {
    const random = mulberry32(1);
    const kept = trajectoryMemory(code, DEPHASING, { ...OPTIONS, trajectories, random });
    const each = new LookupDecoder(code).logicalRates(idleRates(DEPHASING, 100));
    const closed = cardinalFidelity(repeatedRates(each, 3));
    // Four standard errors: with four codes a false alarm once in 4000 seeds.
    expect(Math.abs(kept.fidelity - closed)).toBeLessThan(4 * kept.standardError);
    expect(kept.standardError).toBeLessThan(0.03);
    expect(kept.timeNs).toBe(300);
    const p = (1 - Math.exp(-0.3)) / 2;
    expect(kept.unprotected).toBeCloseTo(1 - (2 / 3) * p, 12);
  });

  test('the bit-flip code is worse than no code, by more than chance', () => {
    const kept = trajectoryMemory(bitFlipCode(3), DEPHASING, { ...OPTIONS, random: mulberry32(2) });
    expect(kept.fidelity).toBeLessThan(kept.unprotected - 4 * kept.standardError);
  });
});

test('without errors every state comes back as it was', () => {
  const perfect = { ...DEPHASING, t2Ns: Infinity };
  for (const code of [phaseFlipCode(3), FIVE_QUBIT_CODE, STEANE_CODE]) {
    const random = mulberry32(3);
    const { fidelity } = trajectoryMemory(code, perfect, { ...OPTIONS, trajectories: 6, random });
    expect(fidelity).toBeCloseTo(1, 12);
  }
});

test('a wrong outcome does harm only when it is believed at once', () => {
  const misread = { ...DEPHASING, t2Ns: Infinity, measurement: { timeNs: 0, error: 0.05 } };
  const options = { ...OPTIONS, cycles: 4, trajectories: 300 };
  const once = trajectoryMemory(FIVE_QUBIT_CODE, misread, { ...options, random: mulberry32(4) });
  const twice = trajectoryMemory(FIVE_QUBIT_CODE, misread, {
    ...options,
    agreeing: 2,
    random: mulberry32(4),
  });
  expect(once.fidelity).toBeLessThan(0.97);
  expect(twice.fidelity).toBeGreaterThan(0.99);
});

test('operations take their time, and relax and fail', () => {
  const real: Hardware = {
    name: 'real',
    t1Ns: 100_000,
    t2Ns: 100_000,
    oneQubitGate: { timeNs: 20, error: 1e-3 },
    twoQubitGate: { timeNs: 40, error: 5e-3 },
    measurement: { timeNs: 300, error: 1e-2 },
    reset: { timeNs: 100, error: 1e-3 },
  };
  const options = { ...OPTIONS, cycles: 1, waitNs: 0, trajectories: 300, random: mulberry32(5) };
  const kept = trajectoryMemory(bitFlipCode(3), real, options);
  // Two generators, each a reset, two Hadamards, two gates and a measurement, and the encoding.
  expect(kept.timeNs).toBeGreaterThanOrEqual(2 * (100 + 2 * 20 + 2 * 40 + 300) + 2 * 40);
  expect(kept.fidelity).toBeLessThan(kept.unprotected);
  expect(kept.fidelity).toBeGreaterThan(0.9);
});

test('numbers that cannot be are refused', () => {
  const keep = (change: Partial<typeof OPTIONS>): void => {
    const options = { ...OPTIONS, ...change, random: mulberry32(1) };
    trajectoryMemory(bitFlipCode(3), DEPHASING, options);
  };
  for (const cycles of [-1, 0.5, NaN, 100_001]) {
    // The type says 3; the caller may be JavaScript.
    expectCode('CYCLES_OUT_OF_RANGE', () => keep({ cycles: cycles as 3 }));
  }
  for (const trajectories of [0, 5, 7, NaN, 1_000_002]) {
    // As above.
    const wrong = { trajectories: trajectories as 600 };
    expectCode('TRAJECTORIES_OUT_OF_RANGE', () => keep(wrong));
  }
  // As above.
  expectCode('DURATION_OUT_OF_RANGE', () => keep({ waitNs: -1 as 100 }));
});
