import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { PATTERN_LIFETIME_MS, PerformanceTracker, QuantumSignature } from '../src/index.ts';
import { codeOf, sum } from './expert-games.ts';

const DAY = 86_400_000;
const reading = (...measurements: number[]) => ({
  measurements,
  coherence: 1,
  successProbability: 0.5,
});

function tracker(history = 100): PerformanceTracker {
  return new PerformanceTracker({ history, measurements: 2 });
}

describe('a performance tracker', () => {
  test('knows accuracy, Brier score and time of a worked example', () => {
    const record = tracker();
    const outcomes = [
      [0.9, true],
      [0.8, false],
      [0.3, false],
      [0.5, true],
    ] as const;
    outcomes.forEach(([probability, happened], time) => {
      const executionNs = 100 * (time + 1);
      record.record({ time, probability, happened, executionNs, reading: reading(0.5, 0.5) });
    });
    expect(record.accuracy).toBe(2.5 / 4);
    expect(record.brierScore).toBeCloseTo((0.01 + 0.64 + 0.09 + 0.25) / 4, 15);
    expect(record.meanExecutionNs).toBe(250);
    expect(record.reliability(2)).toEqual([
      { meanForecast: 0.3, frequency: 0, count: 1 },
      { meanForecast: (0.9 + 0.8 + 0.5) / 3, frequency: 2 / 3, count: 3 },
    ]);
    expect(record.calibrationError(2)).toBeCloseTo(0.3 / 4 + (2.2 / 3 - 2 / 3) * 0.75, 15);
  });

  test('has nothing to say before the first outcome', () => {
    const record = tracker();
    expect(record.accuracy).toBeUndefined();
    expect(record.brierScore).toBeUndefined();
    expect(record.calibrationError(10)).toBeUndefined();
    expect(record.reliability(10)).toEqual([]);
    expect(record.signature.state).toBeUndefined();
  });

  test('finds a calibrated forecaster calibrated, and another not', () => {
    const random = mulberry32(8);
    const good = tracker(4000);
    const bold = tracker(4000);
    for (let time = 0; time < 4000; time += 1) {
      const probability = 0.2 + 0.6 * random.next();
      const happened = random.next() < probability;
      const other = { time, happened, executionNs: 1, reading: reading(1, 0) };
      good.record({ ...other, probability });
      bold.record({ ...other, probability: probability > 0.5 ? 0.95 : 0.05 });
    }
    // Ten bins of some 600: errors of 0.02 each, so 0.04 in the mean is beyond 1e-6 of the cases.
    expect(good.calibrationError(10)).toBeLessThan(0.04);
    expect(bold.calibrationError(10)).toBeGreaterThan(0.2);
  });

  test('keeps its history bounded, and success patterns for seven days of market time', () => {
    const record = tracker(10);
    for (let day = 0; day < 30; day += 1) {
      const right = day % 2 === 0;
      record.record({
        time: day * DAY,
        probability: 0.9,
        happened: right,
        executionNs: 1,
        reading: reading(right ? 1 : 0.5, right ? 0 : 0.5),
      });
    }
    expect(record.count).toBe(10);
    // Days 22, 24, 26 and 28 were right and lie within seven days before day 29.
    expect(record.successPatterns(29 * DAY)).toHaveLength(4);
    expect(record.successPatterns(28 * DAY + PATTERN_LIFETIME_MS)).toHaveLength(1);
    expect(record.successPatterns(28 * DAY + PATTERN_LIFETIME_MS + 1)).toEqual([]);
    expect(record.successPatterns(22 * DAY)[0]).toEqual(Float64Array.of(1, 0));
  });

  test('turns a state towards what successes looked like, and leaves it without successes', () => {
    const state = [Math.sqrt(0.5), Math.sqrt(0.5)];
    const probabilities = (record: PerformanceTracker, now: number) => {
      const { real, imaginary } = record.amplify(state, now);
      return real.map((re, i) => re * re + imaginary[i] * imaginary[i]);
    };
    const record = tracker();
    expect(probabilities(record, 0)[0]).toBeCloseTo(0.5, 15);
    for (let time = 0; time < 20; time += 1) {
      const other = { executionNs: 1, reading: reading(0.98, 0.02) };
      record.record({ time, probability: 0.8, happened: true, ...other });
    }
    const turned = probabilities(record, 20);
    expect(turned[0]).toBeGreaterThan(0.52);
    expect(sum(turned)).toBeCloseTo(1, 13);
    expect(probabilities(record, 20 + 2 * PATTERN_LIFETIME_MS)[0]).toBeCloseTo(0.5, 15);
  });

  test('continues bit for bit from a snapshot and refuses one that is none', () => {
    const record = tracker(5);
    const outcome = (time: number) => ({
      time,
      probability: 0.6,
      happened: time % 2 === 0,
      executionNs: time,
      reading: reading(0.25, 0.75),
    });
    for (let time = 0; time < 8; time += 1) record.record(outcome(time));
    const good = record.snapshot();
    const twin = PerformanceTracker.restore(good);
    record.record(outcome(9));
    twin.record(outcome(9));
    expect(twin.snapshot()).toStrictEqual(record.snapshot());
    const spoilt = good.rows.slice();
    spoilt[1] = 1.5;
    for (const broken of [
      null,
      { ...good, rows: spoilt },
      { ...good, rows: good.rows.slice(1) },
      { ...good, history: 4 },
      { ...good, signature: undefined },
    ]) {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => PerformanceTracker.restore(broken as typeof good));
      expect(code).toBe('INVALID_SNAPSHOT');
    }
  });

  test('refuses poisoned outcomes and keeps its state', () => {
    const record = tracker();
    const good = {
      time: 5,
      probability: 0.5,
      happened: true,
      executionNs: 1,
      reading: reading(0.5, 0.5),
    };
    record.record(good);
    const before = record.snapshot();
    for (const [bad, code] of [
      [{ ...good, time: 4 }, 'INVALID_TIME'],
      [{ ...good, time: NaN }, 'INVALID_TIME'],
      [{ ...good, probability: 1.01 }, 'INVALID_FORECAST'],
      [{ ...good, executionNs: -1 }, 'INVALID_FORECAST'],
      [{ ...good, reading: reading(0, 0) }, 'INVALID_FORECAST'],
      [{ ...good, reading: reading(NaN, 0) }, 'INVALID_FORECAST'],
      [{ ...good, reading: reading(1) }, 'LENGTH_MISMATCH'],
    ] as const) {
      expect(
        codeOf(() => {
          record.record(bad);
        }),
      ).toBe(code);
    }
    expect(record.snapshot()).toStrictEqual(before);
  });
});

describe('a quantum signature', () => {
  test('is the mean of what was read, and tells a usual run from a strange one', () => {
    const signature = new QuantumSignature({ size: 4, memory: 1000 });
    expect(signature.resemblance(reading(1, 0, 0, 0))).toBeUndefined();
    for (let run = 0; run < 10; run += 1) signature.record(reading(0.6, 0.4, 0, 0));
    expect(signature.resemblance(reading(0.6, 0.4, 0, 0))).toBeCloseTo(1, 14);
    expect(signature.resemblance(reading(0, 0, 0.5, 0.5))).toBe(0);
    expect(signature.state?.[0]).toBeCloseTo(Math.sqrt(0.6), 14);
    expect(signature.coherence).toBe(1);
    expect(signature.successProbability).toBe(0.5);
  });
});
