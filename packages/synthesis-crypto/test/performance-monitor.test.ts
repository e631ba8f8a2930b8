import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram, PerformanceMonitor, SynthesisCryptoError } from '../src/index.ts';
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

  test('is data: buckets that hold each duration once, and their sum', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 100 });
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.record(value);
        const { buckets } = histogram;
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(histogram.sum).toBe(values.reduce((sum, value) => sum + value, 0));
        let from = 0;
        for (const { belowNs, count } of buckets) {
          const inside = values.filter((value) => value >= from && value < belowNs);
          expect(inside).toHaveLength(count);
          from = belowNs;
        }
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
  function monitorOf(sampleEvery: number) {
    let time = 0;
    const clock = { nowNs: () => (time += 1000) };
    const options = { clock, sampleEvery, targetsNs: { sign: 500, verify: 5000 } };
    const advance = (ns: number): void => {
      time += ns;
    };
    return { monitor: new PerformanceMonitor(options), reads: () => time / 1000, advance };
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

  test('gives everything as data: histogram, errors by code, caches, queue', async () => {
    const { monitor } = monitorOf(1);
    monitor.measure('sign', () => 1);
    expectCode('LIMIT_INVALID', () =>
      monitor.measure('sign', () => {
        throw new SynthesisCryptoError('LIMIT_INVALID', 'too many');
      }),
    );
    await expect(
      monitor.measureAsync('verify', () => Promise.reject(new Error('gone'))),
    ).rejects.toThrow('gone');
    expect(await monitor.measureAsync('verify', () => Promise.resolve(true))).toBe(true);
    const caches = { verified: { hits: 3, misses: 1, entries: 1 } };
    const queue = { depth: 4, capacity: 10, rejected: 0 };
    const report = monitor.report({ ...well, caches, queue });
    // What an exporter writes is what it reads again.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({ caches, queue });
    const [sign, verify] = report.operations;
    // The clock goes on by 1000 ns with every look at it.
    expect(sign).toMatchObject({ operation: 'sign', count: 2, sampled: 2, sumNs: 2000 });
    expect(sign.errorCodes).toEqual({ LIMIT_INVALID: 1 });
    expect(sign.latencies).toEqual([{ belowNs: 1008, count: 2 }]);
    expect(verify).toMatchObject({ operation: 'verify', errors: 1, errorCodes: { other: 1 } });
  });

  test('a call that waits is timed until its answer is there', async () => {
    const { monitor, advance } = monitorOf(1);
    const answer = monitor.measureAsync('sign', async () => {
      await Promise.resolve();
      advance(1_000_000);
      return 1;
    });
    expect(await answer).toBe(1);
    expect(monitor.report(well).operations[0].maximumNs).toBe(1_001_000);
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
