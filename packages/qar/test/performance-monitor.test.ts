import { QubitPool } from '@sema/resource-pool';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import type { EngineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import type { EngineOptions, Step } from '../src/engine.ts';
import { PerformanceMonitor } from '../src/performance-monitor.ts';
import { judgePerformance, PERFORMANCE_TARGETS } from '../src/performance-targets.ts';
import type { MemoryAnswer } from '../src/tick-memory.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const candles = syntheticCandles(300, 3);
const QUANTUM = engineConfiguration({
  pair: 'TEST',
  intervalMs: DAY_MS,
  periodsPerYear: 252,
  path: 'quantum',
});
const BUFFER = { written: 0, capacity: 4095 };

/** Real steps, each decided so many ms after its close. */
function stepsOf(
  configuration: EngineConfiguration,
  delayMs = 0,
  options: EngineOptions = { clock: countingClock() },
): { steps: Step[]; engine: Engine } {
  const engine = new Engine(configuration, options);
  const steps: Step[] = [];
  for (let end = 255; end < 300; end++) {
    steps.push(engine.step(candles, end, { now: candles.time[end] + DAY_MS + delayMs }));
  }
  return { steps, engine };
}

function monitorOf(steps: readonly Step[], live = true): PerformanceMonitor {
  const monitor = new PerformanceMonitor({ intervalMs: DAY_MS, live });
  for (const step of steps) monitor.record(step);
  return monitor;
}

const kept: MemoryAnswer = {
  status: 'retrieved',
  bank: 'ms',
  keptNs: 1e9,
  fidelity: 1,
  expectedFidelity: 0.96,
  unprotectedFidelity: 0.5,
  weightDistance: 0,
};

describe('the monitor measures', () => {
  test('times by the clock: the clock that counts its readings gives known ones', () => {
    const { steps } = stepsOf(QUANTUM);
    const decided = steps.filter(({ receipt }) => receipt.verdict !== null).length;
    const report = monitorOf(steps).report(BUFFER);
    // Two readings of 1 µs for each of five circuits, and one at the end.
    expect(report.decisionTime).toMatchObject({ count: 45, maximumNs: 11_000 });
    expect(report.quantumToClassical).toEqual({
      count: decided,
      p50Ns: 1000,
      p99Ns: 1000,
      maximumNs: 1000,
    });
  });

  test('how far decisions are from the close of their candle, late or early', () => {
    const steps = [...stepsOf(QUANTUM, 40).steps, ...stepsOf(QUANTUM, -3).steps];
    const { synchronisation } = monitorOf(steps).report(BUFFER);
    expect(synchronisation).toMatchObject({ intended: 'candle close', late: 45, early: 45 });
    expect(synchronisation?.maximumMs).toBe(40);
    expect(synchronisation?.p50Ms).toBeCloseTo(3, 1);
  });

  test('the share of decisions that fell back, by reason', () => {
    const pool = new QubitPool(25);
    using _held = pool.acquireNow({ owner: 'other', min: 24, max: 24 });
    const { steps } = stepsOf(QUANTUM, 0, { clock: countingClock(), pool });
    const { circuits, targets } = monitorOf(steps).report(BUFFER);
    expect(circuits.failures).toBe(circuits.asked);
    expect(circuits.asked).toBeGreaterThan(20);
    expect(circuits.reasons).toEqual({ 'ResourcePoolError QUBITS_UNAVAILABLE': circuits.asked });
    expect(targets.find(({ aspect }) => aspect === 'circuitFailures')).toMatchObject({
      measured: 1,
      met: false,
      score: 0.01,
    });
  });

  test('fidelity of kept states, in which a lost one counts as a random one', () => {
    const { steps } = stepsOf(QUANTUM);
    const monitor = new PerformanceMonitor({ intervalMs: DAY_MS, live: false });
    monitor.record(steps[0], { status: 'empty' });
    expect(monitor.report(BUFFER).preservation).toBeNull();
    monitor.record(steps[1], kept);
    monitor.record(steps[2], { status: 'lost', code: 'STATE_EVICTED' });
    const { preservation, targets } = monitor.report(BUFFER);
    expect(preservation).toEqual({
      retrieved: 1,
      lost: 1,
      registerFidelity: 1,
      expectedFidelity: 0.96,
      unprotectedFidelity: 0.5,
    });
    const target = targets.find(({ aspect }) => aspect === 'preservation');
    expect(target).toMatchObject({ measured: 0.73, met: false, target: 0.95 });
    expect(target?.score).toBeCloseTo(0.73 / 0.95, 15);
  });

  test('how many circuit runs each report saw, of those the ring can keep', () => {
    const { steps, engine } = stepsOf(QUANTUM);
    const monitor = monitorOf(steps);
    const runs = 5 * steps.filter(({ receipt }) => receipt.verdict !== null).length;
    expect(monitor.report(engine.circuitBuffer).buffer).toEqual({
      written: runs,
      capacity: 4095,
      utilisation: runs / 4095,
    });
    expect(monitor.report(engine.circuitBuffer).buffer?.utilisation).toBe(0);
  });

  test('nothing that is not there: the twin in a backtest has its decision time', () => {
    const { steps } = stepsOf({ ...QUANTUM, path: 'twin' });
    const report = monitorOf(steps, false).report(undefined);
    expect(report).toMatchObject({
      buffer: null,
      quantumToClassical: null,
      synchronisation: null,
      preservation: null,
      circuits: { asked: 0, failures: 0, reasons: {} },
      unmeasured: [
        'quantumToClassical',
        'synchronisation',
        'preservation',
        'bufferUtilisation',
        'circuitFailures',
      ],
    });
    expect(report.scoredWeight).toBeCloseTo(0.3, 15);
    const nothing = new PerformanceMonitor({ intervalMs: 1, live: true }).report(BUFFER);
    expect(nothing.decisionTime).toBeNull();
  });

  test('a bounded number of reasons', () => {
    const { steps } = stepsOf(QUANTUM);
    const monitor = new PerformanceMonitor({ intervalMs: DAY_MS, live: false });
    for (let i = 0; i < 100; i++) {
      const receipt = { ...steps[0].receipt, path: 'twin', fallback: `reason ${i}` } as const;
      monitor.record({ ...steps[0], receipt });
    }
    const { reasons } = monitor.report(BUFFER).circuits;
    expect(Object.keys(reasons)).toHaveLength(33);
    expect(reasons.others).toBe(68);
  });
});

describe('the score', () => {
  const met = {
    decisionTime: 500_000,
    quantumToClassical: 100_000,
    synchronisation: 25,
    preservation: 0.95,
    bufferUtilisation: 1,
    circuitFailures: 0.01,
  };

  test('is 1 when every target is just met, by weights that sum to 1', () => {
    expect(judgePerformance(met).score).toBeCloseTo(1, 15);
    expect(judgePerformance(met).targets.every((target) => target.met)).toBe(true);
    expect(PERFORMANCE_TARGETS.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 15);
  });

  test('loses by weight and by how far a target is missed', () => {
    expect(judgePerformance({ ...met, decisionTime: 1_000_000 }).score).toBeCloseTo(0.85, 15);
    expect(judgePerformance({ ...met, preservation: 0.475 }).score).toBeCloseTo(0.95, 15);
  });

  test('is null, not 0, when nothing was measured', () => {
    const nothing = Object.fromEntries(Object.keys(met).map((aspect) => [aspect, undefined]));
    const judged = judgePerformance({ ...met, ...nothing });
    expect(judged).toMatchObject({ score: null, scoredWeight: 0, targets: [] });
  });

  test('lies in [0, 1] and never rises when something gets worse', () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ ...Object.fromEntries(Object.keys(met).map((k) => [k, value])) }),
        value,
        (found, more) => {
          const measured = { ...met, ...found };
          const score = judgePerformance(measured).score ?? NaN;
          const decisionTime = measured.decisionTime + more;
          const preservation = Math.max(0, measured.preservation - more);
          const worse = judgePerformance({ ...measured, decisionTime, preservation }).score ?? NaN;
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-15);
          expect(worse).toBeLessThanOrEqual(score);
        },
      ),
    );
  });
});
