import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramEntropyBits } from '../src/entropy.ts';

function entropyOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const into = new Float64Array(1);
  histogramEntropyBits(Float64Array.from(counts), total, into, 0);
  return into[0];
}

/** −Σ p log2 p, term by term, with the engine's logarithm. */
function naiveEntropyBits(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts
    .filter((count) => count > 0)
    .reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}

describe('entropy of a histogram', () => {
  test('the horse race of Cover & Thomas (2006), example 1.1.2, has 2 bits', () => {
    expect(entropyOf([32, 16, 8, 4, 1, 1, 1, 1])).toBe(2);
  });

  test('powers of two are exact: 2^k equal bins have k bits, one bin has none', () => {
    expect(entropyOf([8, 8, 8, 8])).toBe(2);
    expect(entropyOf([0, 1024, 0])).toBe(0);
    expect(entropyOf([1])).toBe(0);
  });

  test('one occupied bin never gives a negative entropy, whatever its count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (count) => {
        const entropy = entropyOf([0, count, 0]);
        expect(entropy).toBeGreaterThanOrEqual(0);
        // log2 N − (N log2 N)/N: both logarithms are the same, so two roundings of one below 53.
        expect(entropy).toBeLessThan(2e-14);
      }),
    );
  });

  test('it agrees with −Σ p log2 p, also for counts beyond 2^32', () => {
    const count = fc.oneof(fc.nat({ max: 1000 }), fc.nat({ max: 2 ** 46 }));
    fc.assert(
      fc.property(fc.array(count, { minLength: 1, maxLength: 50 }), (counts) => {
        fc.pre(counts.some((n) => n > 0));
        // Each logarithm is within 2^-46, and so is their mean weighted by p; log2 N < 53 rounds to
        // 2^-48, the 50 products and their sum by as much each.
        expect(Math.abs(entropyOf(counts) - naiveEntropyBits(counts))).toBeLessThan(1e-13);
      }),
      { numRuns: 2000 },
    );
  });

  test('beside each place of the table and each point halfway, at any size, it is as good', () => {
    for (let place = 512; place <= 1024; place += 1) {
      for (const scale of [1, 2 ** 10, 2 ** 21, 2 ** 22, 2 ** 23, 2 ** 35]) {
        for (const offset of [-1, 0, 1]) {
          const counts = [place * scale + offset, scale];
          expect(Math.abs(entropyOf(counts) - naiveEntropyBits(counts))).toBeLessThan(1e-13);
        }
      }
    }
  });

  test('every count up to 5000 beside the rest of 5000: the logarithm has no bad interval', () => {
    for (let count = 1; count < 5000; count += 1) {
      const counts = [count, 5000 - count];
      expect(Math.abs(entropyOf(counts) - naiveEntropyBits(counts))).toBeLessThan(1e-13);
    }
  });
});
