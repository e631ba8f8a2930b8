import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEASUREMENT_LIMIT, ReusableSummary, WindowAggregator } from '../src/index.ts';
import type { WindowSummary } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { invalidEntries, wronglyTypedEntries } from './invalid-entries.ts';
import type { EntryArguments } from './invalid-entries.ts';
import { expectClose } from './naive-summary.ts';

function summaryOf(entries: readonly EntryArguments[]): WindowSummary | undefined {
  const window = new WindowAggregator();
  for (const entry of entries) window.add(...entry);
  return window.close();
}

describe('a window', () => {
  test('summarises its entries', () => {
    const summary = summaryOf([
      [1_000_000, [0.25, 0.5], 0.8, 2000],
      [1_250_000, [0.75], 1, 4000],
      [1_500_000, [0.5, 1, 0], 0.6, 3000],
    ]);
    expect(summary).toEqual({
      count: 3,
      firstNs: 1_000_000,
      lastNs: 1_500_000,
      meanCoherence: expect.closeTo(0.8, 15),
      maxCoherence: 1,
      // σ² = (0² + 0.2² + 0.2²)/3
      coherenceStability: expect.closeTo(1 / (1 + Math.sqrt(0.08 / 3)), 15),
      meanExecutionNs: 3000,
      // σ/μ = √(2/3)/3
      executionStability: expect.closeTo(1 / (1 + Math.sqrt(2 / 3) / 3), 15),
      meanMeasurements: Float64Array.of(0.5, 0.75, 0),
      // Six values in five bins: 0.5 occurs twice.
      entropyBits: expect.closeTo(Math.log2(6) - 2 / 6, 14),
      throughputPerSecond: 4000,
    });
  });

  test('without entries has no summary, before and after one that had some', () => {
    const window = new WindowAggregator();
    expect(window.close()).toBeUndefined();
    window.add(5, [0.5], 1, 1);
    expect(window.close()).toBeDefined();
    expect(window.close()).toBeUndefined();
  });

  test('without measurements has no entropy, and of one instant no throughput', () => {
    const summary = summaryOf([
      [5, [], 0, 0],
      [5, [], 0, 0],
    ]);
    expect(summary).toEqual({
      count: 2,
      firstNs: 5,
      lastNs: 5,
      meanCoherence: 0,
      maxCoherence: 0,
      coherenceStability: 1,
      meanExecutionNs: 0,
      executionStability: 1,
      meanMeasurements: new Float64Array(0),
      entropyBits: undefined,
      throughputPerSecond: undefined,
    });
  });

  test('entries without a channel do not pull its mean down', () => {
    const long = new Float64Array(MEASUREMENT_LIMIT).fill(0.75);
    const summary = summaryOf([
      [0, long, 1, 1],
      ...Array.from({ length: 9 }, (): EntryArguments => [1, [0.25], 1, 1]),
    ]);
    expect(summary?.meanMeasurements[0]).toBe((0.75 + 9 * 0.25) / 10);
    expect(summary?.meanMeasurements.slice(1)).toEqual(new Float64Array(15).fill(0.75));
  });

  test('puts 0 into the first and 1 into the last of 50 bins', () => {
    expect(summaryOf([[0, [0, 0.0199], 1, 1]])?.entropyBits).toBe(0);
    expect(summaryOf([[0, [1, 0.9801], 1, 1]])?.entropyBits).toBe(0);
    expect(summaryOf([[0, [0, 0.0201], 1, 1]])?.entropyBits).toBe(1);
    expect(summaryOf([[0, [1, 0.9799], 1, 1]])?.entropyBits).toBe(1);
  });

  test('takes rounding outside [0, 1] as 0 or 1, and −0 as 0', () => {
    const summary = summaryOf([[-0, [1 + 2 ** -24, -(2 ** -24), -0], -(2 ** -53), -0]]);
    expect(summary).toMatchObject({
      firstNs: 0,
      meanCoherence: 0,
      maxCoherence: 0,
      meanExecutionNs: 0,
      meanMeasurements: Float64Array.of(1, 0, 0),
    });
  });

  test('leaves nothing behind for the next one', () => {
    const window = new WindowAggregator();
    for (let time = 0; time < 100; time += 1) {
      window.add(time, new Float64Array(MEASUREMENT_LIMIT).fill(time / 100), 0.9, time);
    }
    window.close();
    window.add(100, [0.25], 0.5, 7);
    expect(window.close()).toEqual(summaryOf([[100, [0.25], 0.5, 7]]));
  });

  test('may not begin before the last entry of the window before', () => {
    const window = new WindowAggregator();
    window.add(1000, [], 1, 1);
    window.close();
    expectCode('TIME_RAN_BACKWARDS', () => window.add(999, [], 1, 1));
    window.add(1000, [], 1, 1);
    expect(window.close()?.firstNs).toBe(1000);
  });
});

describe('a summary that is used again', () => {
  test('says what a new one says, window after window, whatever was in it', () => {
    const into = new ReusableSummary();
    const [reusing, allocating] = [new WindowAggregator(), new WindowAggregator()];
    const windows: EntryArguments[][] = [
      [[0, new Float64Array(MEASUREMENT_LIMIT).fill(0.75), 1, 100]],
      [
        [1, [0.25], 0.5, 7],
        [3, [0.5, 1], 0.75, 9],
      ],
      [[4, [], 0, 0]],
      [[5, [0.125, 0.5, 0.75], 0.25, 1]],
    ];
    for (const entries of windows) {
      for (const entry of entries) {
        reusing.add(...entry);
        allocating.add(...entry);
      }
      expect(reusing.close(into)).toBe(into);
      expect(into.copy()).toEqual(allocating.close());
    }
  });

  test('is left as it was by a window without entries', () => {
    const into = new ReusableSummary();
    const window = new WindowAggregator();
    window.add(5, [0.5], 1, 1);
    window.close(into);
    const before = into.copy();
    expect(window.close(into)).toBeUndefined();
    expect(into.copy()).toEqual(before);
  });

  test('changes with the next window, and a copy does not', () => {
    const into = new ReusableSummary();
    const window = new WindowAggregator();
    window.add(5, [0.5], 1, 1);
    window.close(into);
    const { meanMeasurements } = into;
    const copy = into.copy();
    window.add(6, [0.25], 1, 1);
    window.close(into);
    expect(meanMeasurements).toEqual(Float64Array.of(0.25));
    expect(copy.meanMeasurements).toEqual(Float64Array.of(0.5));
  });
});

describe('what a window refuses', () => {
  test.each(invalidEntries)('%s, and nothing changes', (_name, code, entry) => {
    const valid: EntryArguments = [1000, [0.5, 0.25], 0.75, 5];
    const window = new WindowAggregator();
    window.add(...valid);
    expectCode(code, () => window.add(...entry));
    expect(window.close()).toEqual(summaryOf([valid]));
    expectCode(code, () => window.add(...entry));
    expect(window.close()).toBeUndefined();
  });

  test.each(wronglyTypedEntries)('%s, as a TypeError, and nothing changes', (_name, entry) => {
    const window = new WindowAggregator();
    expect(() => window.add(...entry)).toThrow(TypeError);
    expect(window.close()).toBeUndefined();
  });
});

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 0.5, 0.02, Number.MIN_VALUE) },
);
const step: fc.Arbitrary<EntryArguments> = fc.tuple(
  fc.nat(1_000_000),
  fc.array(unit, { maxLength: MEASUREMENT_LIMIT }),
  unit,
  // The squares of times below 1e-150 ns underflow, and with them the deviation.
  fc.oneof(fc.constant(0), fc.double({ min: 1e-100, max: Number.MAX_SAFE_INTEGER, noNaN: true })),
);

test('any windows, one after another, equal a recompute from their entries', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(step, { maxLength: 40 }), { minLength: 1, maxLength: 5 }),
      (windows) => {
        const aggregator = new WindowAggregator();
        let now = 0;
        for (const steps of windows) {
          const entries = steps.map(([elapsed, ...rest]): EntryArguments => {
            now += elapsed;
            return [now, ...rest];
          });
          for (const entry of entries) aggregator.add(...entry);
          const summary = aggregator.close();
          if (entries.length === 0) expect(summary).toBeUndefined();
          else if (summary === undefined) expect.fail('a window with entries has a summary');
          else expectClose(summary, entries);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('200 000 random entries in windows of 1 to 30 000 equal a recompute', () => {
  // A fixed linear congruential generator (Knuth's MMIX constants), high bits.
  let state = 20_240_229n;
  const random = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 11n) / 2 ** 53;
  };
  const aggregator = new WindowAggregator();
  let now = 0;
  for (const length of [1, 2, 9, 100, 988, 9_900, 30_000, 29_000, 30_000, 30_000, 30_000, 40_000]) {
    // A large mean with a small spread is what breaks Σx² − (Σx)²/n.
    const base = length % 3 === 0 ? 1e12 : 1000;
    const entries = Array.from({ length }, (): EntryArguments => {
      now += Math.floor(random() * 2000);
      const values = Array.from({ length: Math.floor(random() * 17) }, random);
      return [now, values, 0.9 + random() / 10, base + random()];
    });
    for (const entry of entries) aggregator.add(...entry);
    const summary = aggregator.close();
    if (summary === undefined) expect.fail('a window with entries has a summary');
    expectClose(summary, entries);
  }
});
