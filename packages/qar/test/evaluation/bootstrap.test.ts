import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optimalMeanBlock, pairedInterval, stationaryBootstrap } from '../../src/evaluation.ts';
import golden from './vectors/golden.json' with { type: 'json' };

describe('the stationary bootstrap', () => {
  test('draws rows that exist', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.nat(),
        (count, meanBlock, seed) => {
          const rows = new Uint32Array(count);
          stationaryBootstrap(meanBlock, mulberry32(seed))(rows);
          for (const row of rows) expect(row).toBeLessThan(count);
        },
      ),
    );
  });

  test('has blocks of the mean length that was asked for', () => {
    const count = 100_000;
    const rows = new Uint32Array(count);
    stationaryBootstrap(10, mulberry32(4))(rows);
    let blocks = 1;
    for (let i = 1; i < count; i++) if (rows[i] !== (rows[i - 1] + 1) % count) blocks++;
    // Blocks are binomial with deviation √(n·0.1·0.9) ≈ 95: four of these, false once in 16 000.
    expect(Math.abs(blocks - count / 10)).toBeLessThan(380);
  });

  test('gives the same rows from the same seed', () => {
    const [first, second] = [7, 7].map((seed) => {
      const rows = new Uint32Array(30);
      stationaryBootstrap(3, mulberry32(seed))(rows);
      return rows;
    });
    expect(first).toEqual(second);
  });

  test('is refused for blocks shorter than a row', () => {
    for (const block of [0.5, 0, NaN, Infinity]) {
      expect(() => stationaryBootstrap(block, mulberry32(1))).toThrow(/meanBlock/);
    }
  });
});

describe('the optimal mean block', () => {
  test.each(golden.blocks.map(({ values, block }, index) => [index, values, block] as const))(
    'is that of arch on series %i',
    (_, values, block) => {
      // Where arch asks for less than one row, a block is one row.
      expect(optimalMeanBlock(values)).toBeCloseTo(Math.max(1, block), 9);
    },
  );

  test('is 1 for what does not vary', () => {
    expect(optimalMeanBlock(new Float64Array(20).fill(0.25))).toBe(1);
  });

  test('is refused for fewer than nine values', () => {
    expect(() => optimalMeanBlock([1, 2, 3, 4, 5, 6, 7, 8])).toThrow(/9 are needed/);
  });
});

describe('a paired interval', () => {
  const { left, right, rows, confidence, low, high } = golden.interval;

  test('is the percentile interval of arch on the resamples that arch drew', () => {
    let next = 0;
    const resample = (into: Uint32Array) => into.set(rows[next++]);
    const options = { resample, replications: rows.length };
    const found = pairedInterval(left, right, confidence, options);
    expect(found.low).toBeCloseTo(low, 14);
    expect(found.high).toBeCloseTo(high, 14);
  });

  test('of a series with itself is nothing', () => {
    const resample = stationaryBootstrap(2, mulberry32(1));
    const found = pairedInterval(left, left, 0.95, { resample, replications: 20 });
    expect(found).toEqual({ difference: 0, low: 0, high: 0, shareAbove: 0 });
  });

  test('turns around with its two series', () => {
    const options = () => ({
      resample: stationaryBootstrap(4, mulberry32(2)),
      replications: 101,
    });
    const one = pairedInterval(left, right, 0.9, options());
    const other = pairedInterval(right, left, 0.9, options());
    expect(other.low).toBeCloseTo(-one.high, 14);
    expect(other.high).toBeCloseTo(-one.low, 14);
  });

  test('is refused for series of unequal length and shares that are none', () => {
    const options = { resample: stationaryBootstrap(2, mulberry32(1)), replications: 5 };
    expect(() => pairedInterval([1, 2], [1, 2, 3], 0.9, options)).toThrow(/cannot pair/);
    expect(() => pairedInterval([1, 2], [1, 2], 1, options)).toThrow(/between 0 and 1/);
    expect(() => pairedInterval([1], [1], 0.5, options)).toThrow(/2 are needed/);
  });
});
