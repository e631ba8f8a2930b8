import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MEASUREMENT_LIMIT,
  ReusableSummary,
  SlidingWindow,
  WindowAggregator,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { invalidEntries, wronglyTypedEntries } from './invalid-entries.ts';
import type { EntryArguments } from './invalid-entries.ts';
import { expectClose } from './naive-summary.ts';

const GRID = 2 ** 31;

/** The entry as a sliding window keeps it. */
function kept([time, measurements, ...rest]: EntryArguments): EntryArguments {
  return [time, Array.from(measurements, (value) => Math.round(value * GRID) / GRID), ...rest];
}

describe('a window of 100 ns', () => {
  test('holds what is less than 100 ns old', () => {
    const window = new SlidingWindow({ spanNs: 100, capacityEntries: 8 });
    window.add(1000, [0.25], 0.5, 10);
    window.add(1050, [0.75], 1, 30);
    expect(window.summary()).toMatchObject({ count: 2, maxCoherence: 1, meanExecutionNs: 20 });
    window.advance(1099);
    expect(window.size).toBe(2);
    window.add(1100, [0.25], 0.5, 50);
    expect(window.summary()).toMatchObject({
      count: 2,
      firstNs: 1050,
      lastNs: 1100,
      maxCoherence: 1,
      meanCoherence: 0.75,
      coherenceStability: 0.8,
      meanExecutionNs: 40,
      meanMeasurements: Float64Array.of(0.5),
      entropyBits: 1,
      throughputPerSecond: 2e7,
    });
    window.advance(1150);
    expect(window.summary()).toMatchObject({ count: 1, maxCoherence: 0.5, entropyBits: 0 });
    window.advance(5000);
    expect(window.summary()).toBeUndefined();
    expect(window.displaced).toBe(0);
  });

  test('displaces the oldest when full, and counts it', () => {
    const window = new SlidingWindow({ spanNs: Infinity, capacityEntries: 3 });
    for (let time = 0; time < 5; time += 1) window.add(time, [], 1 - time / 10, time);
    expect(window.summary()).toMatchObject({ count: 3, firstNs: 2, lastNs: 4, maxCoherence: 0.8 });
    expect(window.displaced).toBe(2);
  });

  test('may not go back in time', () => {
    const window = new SlidingWindow({ spanNs: 100, capacityEntries: 8 });
    window.advance(1000);
    expectCode('TIME_RAN_BACKWARDS', () => window.add(999, [], 1, 1));
    expectCode('TIME_RAN_BACKWARDS', () => window.advance(999));
  });
});

test('a window that nothing has left is that of an aggregator', () => {
  const sliding = new SlidingWindow({ spanNs: Infinity, capacityEntries: 1000 });
  const tumbling = new WindowAggregator();
  for (let i = 0; i < 1000; i += 1) {
    // Powers of two are on the grid.
    const entry: EntryArguments = [i, [2 ** -(i % 20), 1], (i % 7) / 7, i % 50];
    sliding.add(...entry);
    tumbling.add(...entry);
  }
  const { meanCoherence, coherenceStability, meanExecutionNs, executionStability, ...rest } =
    tumbling.close() ?? expect.fail('a window with entries has a summary');
  expect(sliding.summary()).toEqual({
    ...rest,
    // These are merged in another order.
    meanCoherence: expect.closeTo(meanCoherence, 13),
    coherenceStability: expect.closeTo(coherenceStability, 13),
    meanExecutionNs: expect.closeTo(meanExecutionNs, 11),
    executionStability: expect.closeTo(executionStability, 13),
  });
});

describe('what a sliding window refuses', () => {
  test.each([0, -1, NaN])('a span of %d', (spanNs) => {
    expectCode('SPAN_OUT_OF_RANGE', () => new SlidingWindow({ spanNs, capacityEntries: 4 }));
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 20 + 1])('a capacity of %d', (capacityEntries) => {
    expectCode('CAPACITY_OUT_OF_RANGE', () => new SlidingWindow({ spanNs: 1, capacityEntries }));
  });

  test.each(invalidEntries)('%s, and nothing changes', (_name, code, entry) => {
    const window = new SlidingWindow({ spanNs: 1500, capacityEntries: 1 });
    window.add(1000, [0.5, 0.25], 0.75, 5);
    const before = window.summary();
    expectCode(code, () => window.add(...entry));
    expect(window.summary()).toEqual(before);
  });

  test.each(wronglyTypedEntries)('%s, as a TypeError, and nothing changes', (_name, entry) => {
    const window = new SlidingWindow({ spanNs: 100, capacityEntries: 4 });
    expect(() => window.add(...entry)).toThrow(TypeError);
    expect(window.summary()).toBeUndefined();
  });
});

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 0.5, 0.02, Number.MIN_VALUE) },
);
const step = fc.tuple(
  fc.oneof(fc.nat(30), fc.nat(1000)),
  fc.array(unit, { maxLength: MEASUREMENT_LIMIT }),
  unit,
  // The squares of times below 1e-150 ns underflow, and with them the deviation.
  fc.oneof(fc.constant(0), fc.double({ min: 1e-100, max: Number.MAX_SAFE_INTEGER, noNaN: true })),
);

test('after every step, any window equals a recompute from the entries in it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(step, { maxLength: 150 }),
      (spanNs, capacityEntries, steps) => {
        const window = new SlidingWindow({ spanNs, capacityEntries });
        const reused = new ReusableSummary();
        const all: EntryArguments[] = [];
        let now = 0;
        for (const [elapsed, ...rest] of steps) {
          now += elapsed;
          all.push(kept([now, ...rest]));
          window.add(now, ...rest);
          const within = all.filter(([time]) => time > now - spanNs).slice(-capacityEntries);
          const summary = window.summary();
          if (summary === undefined) expect.fail('the newest entry is in the window');
          expectClose(summary, within);
          expect(window.summary(reused)?.copy()).toEqual(summary);
        }
      },
    ),
    { numRuns: 200 },
  );
});
