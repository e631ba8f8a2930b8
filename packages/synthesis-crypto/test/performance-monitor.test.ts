import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram, PerformanceMonitor } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

describe('LatencyHistogram', () => {
  test('gives percentiles within one part in 32 above the true ones', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.01, 0.5, 0.95, 1), (values, share) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const truth = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
        const found = histogram.percentile(share) ?? NaN;
        expect(found).toBeGreaterThanOrEqual(Math.min(truth, histogram.maximum));
        expect(found).toBeLessThanOrEqual(Math.max(1, truth) * (1 + 1 / 32));
        expect(histogram.maximum).toBe(sorted.at(-1));
      }),
    );
  });

  test('has nothing to say before the first, and takes durations alone', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.percentile(0.5)).toBeUndefined();
    expect(histogram.mean).toBeUndefined();
    for (const value of [NaN, -1, Infinity, 2 ** 53]) {
      expectCode('OBSERVATION_INVALID', () => histogram.record(value));
    }
    expect(histogram.count).toBe(0);
  });
});

describe('PerformanceMonitor', () => {
  const well = {
    caches: {},
    pools: {},
    queue: { depth: 0, capacity: 10, rejected: 0 },
    memory: { heapUsedBytes: 1, heapLimitBytes: 10 },
  };
  function monitorOf(sampleEvery: number): { monitor: PerformanceMonitor; reads: () => number } {
    let time = 0;
    const clock = { nowNs: () => (time += 1000) };
    const options = { clock, sampleEvery, targetsNs: { sign: 500, verify: 5000 } };
    return { monitor: new PerformanceMonitor(options), reads: () => time / 1000 };
  }

  test('counts all calls and reads the clock for one in so many', () => {
    const { monitor, reads } = monitorOf(10);
    for (let call = 0; call < 100; call += 1) {
      expect(monitor.measure('verify', () => call)).toBe(call);
    }
    expect(reads()).toBe(20);
    const [summary] = monitor.report(well).operations;
    expect(summary).toMatchObject({ count: 100, sampled: 10, errors: 0, meanNs: 1000 });
    expect(monitor.report(well).recommendations).toEqual([]);
  });

  test('recommends what the figures call for', () => {
    const { monitor } = monitorOf(1);
    for (let call = 0; call < 100; call += 1) {
      const action = (): void => {
        if (call % 10 === 0) throw new Error('refused');
      };
      if (call % 10 === 0) expect(() => monitor.measure('sign', action)).toThrow('refused');
      else monitor.measure('sign', action);
    }
    const { recommendations } = monitor.report({
      caches: { results: { hits: 40, misses: 60, entries: 10 } },
      pools: { Ed25519: { taken: 100, misses: 50, ready: 0 } },
      queue: { depth: 10, capacity: 10, rejected: 3 },
      memory: { heapUsedBytes: 95, heapLimitBytes: 100 },
    });
    expect(recommendations).toEqual([
      'sign: its 95th percentile is 2.0 times the target; add workers',
      'sign: 10 of 100 calls failed; look at their codes',
      'cache results: fewer than half of the look-ups hit; enlarge it or leave it out',
      'pool Ed25519: 50 of 100 keys were made on the spot; raise its marks',
      'queue: 3 jobs were refused; add workers',
      'memory: over nine tenths of the heap are in use; lower the limits of the caches',
    ]);
  });

  test('keeps to its limits', () => {
    const { monitor } = monitorOf(1);
    for (let index = 0; index < 64; index += 1) monitor.measure(`op ${index}`, () => 1);
    expectCode('LIMIT_INVALID', () => monitor.measure('one more', () => 1));
    expectCode('LIMIT_INVALID', () => monitorOf(0));
  });
});
