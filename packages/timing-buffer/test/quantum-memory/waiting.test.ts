import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit } from '@sema/simulator';
import { basisDensityMatrix, runDensityMatrix, thermalRelaxation } from '@sema/simulator/noise';
import {
  cardinalFidelity,
  type CoherenceTimes,
  idleRates,
  NEUTRAL_ATOM,
  repeatedRates,
  TRANSMON,
  TRAPPED_ION,
  unprotectedFidelity,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

const MS = 1e6;
const SECOND = 1e9;

describe('a qubit without protection', () => {
  test.each<[string, CoherenceTimes, string]>([
    ['the transmon', TRANSMON, '0.50000'],
    ['a good transmon', { t1Ns: 0.3 * MS, t2Ns: 0.3 * MS }, '0.50000'],
    ['one of the best', { t1Ns: MS, t2Ns: MS }, '0.50000'],
    ['the neutral atom', NEUTRAL_ATOM, '0.98693'],
    ['the trapped ion', TRAPPED_ION, '0.99967'],
  ])('on %s has the tabulated fidelity after 50 ms', (_, times, fidelity) => {
    expect(unprotectedFidelity(times, 50 * MS).toFixed(5)).toBe(fidelity);
  });

  test.each<[string, CoherenceTimes, number]>([
    ['the transmon', TRANSMON, 8.5e3],
    ['a good transmon', { t1Ns: 0.3 * MS, t2Ns: 0.3 * MS }, 32e3],
    ['one of the best', { t1Ns: MS, t2Ns: MS }, 105e3],
    ['the neutral atom', NEUTRAL_ATOM, 0.2 * SECOND],
    ['the trapped ion', TRAPPED_ION, 8.1 * SECOND],
  ])('on %s falls to 0.95 about when tabulated', (_, times, timeNs) => {
    // The times are given with two digits.
    expect(unprotectedFidelity(times, 1.05 * timeNs)).toBeLessThan(0.95);
    expect(unprotectedFidelity(times, 0.95 * timeNs)).toBeGreaterThan(0.95);
  });

  test('has that fidelity by the density matrix of each cardinal state', () => {
    const times = { t1Ns: 100, t2Ns: 130 };
    const channel = thermalRelaxation({ t1: 100, t2: 130, time: 60 });
    const preparations = [[], ['x'], ['h'], ['x', 'h'], ['h', 's'], ['x', 'h', 's']] as const;
    let sum = 0;
    for (const gates of preparations) {
      const made = new Circuit(1);
      for (const gate of gates) made[gate](0);
      const rho = basisDensityMatrix(1);
      runDensityMatrix(made, rho);
      runDensityMatrix(new Circuit(1).id(0), rho, { noise: { gates: [{ channel }] } });
      runDensityMatrix(made.inverse(), rho);
      sum += rho.real[0];
    }
    expect(sum / 6).toBeCloseTo(unprotectedFidelity(times, 60), 12);
  });
});

/** T2 ≤ 2·T1 and a wait of up to ten times either. */
const waits = fc
  .record({
    t1Ns: fc.double({ min: 1, max: 1e9, noNaN: true }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    part: fc.double({ min: 0, max: 10, noNaN: true }),
  })
  .map(({ t1Ns, share, part }) => ({ t1Ns, t2Ns: 2 * share * t1Ns, timeNs: part * t1Ns }));

test('the twirl of waiting keeps its average fidelity', () => {
  fc.assert(
    fc.property(waits, ({ timeNs, ...times }) => {
      const rates = idleRates(times, timeNs);
      expect(Math.min(rates.x, rates.y, rates.z)).toBeGreaterThanOrEqual(0);
      expect(cardinalFidelity(rates)).toBeCloseTo(unprotectedFidelity(times, timeNs), 12);
    }),
  );
});

test('waiting twice is waiting twice as long', () => {
  fc.assert(
    fc.property(waits, fc.integer({ min: 0, max: 5 }), ({ timeNs, ...times }, turns) => {
      const often = repeatedRates(idleRates(times, timeNs), turns);
      const long = idleRates(times, turns * timeNs);
      for (const key of ['x', 'y', 'z'] as const) expect(often[key]).toBeCloseTo(long[key], 12);
    }),
  );
});

test('times that cannot be are refused', () => {
  const bad = [
    [0, 1],
    [1, 0],
    [1, 2.1],
    [NaN, 1],
    [1, NaN],
    [-1, -2],
  ];
  for (const [t1Ns, t2Ns] of bad) {
    expectCode('INVALID_COHERENCE_TIMES', () => idleRates({ t1Ns, t2Ns }, 1));
    expectCode('INVALID_COHERENCE_TIMES', () => unprotectedFidelity({ t1Ns, t2Ns }, 1));
  }
  for (const time of [-1, NaN, Infinity]) {
    expectCode('DURATION_OUT_OF_RANGE', () => idleRates(TRANSMON, time));
  }
  expect(unprotectedFidelity(TRANSMON, -0)).toBe(1);
});
