import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  liquiditySensitiveCost,
  liquiditySensitivePrices,
  lmsrPrices,
  sensitivityFor,
} from '../src/index.ts';
import { finite } from './arbitraries.ts';

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

const market = fc.record({
  quantities: fc.array(finite(0.1, 100), { minLength: 2, maxLength: 10 }),
  sensitivity: finite(0.01, 2),
});

// Computed from the formulas of Othman et al. and checked against finite differences.
test('α = 0.05: (100, 100) costs 106.93147, and its prices sum to 1 + α n ln n', () => {
  expect(liquiditySensitiveCost([100, 100], 0.05)).toBeCloseTo(106.93147, 5);
  const prices = liquiditySensitivePrices([100, 100], 0.05);
  expect(prices[0]).toBeCloseTo(0.534657, 6);
  expect(prices[1]).toBeCloseTo(0.534657, 6);
  expect(sum(prices)).toBeCloseTo(1 + 0.05 * 2 * Math.LN2, 14);
});

test('α = 0.05: (100, 50) costs 100.00954 at prices 0.999216 and 0.001758', () => {
  expect(liquiditySensitiveCost([100, 50], 0.05)).toBeCloseTo(100.00954, 5);
  const prices = liquiditySensitivePrices([100, 50], 0.05);
  expect(prices[0]).toBeCloseTo(0.999216, 6);
  expect(prices[1]).toBeCloseTo(0.001758, 6);
});

test('prices are the gradient of the cost', () => {
  fc.assert(
    fc.property(market, ({ quantities, sensitivity }) => {
      const prices = liquiditySensitivePrices(quantities, sensitivity);
      quantities.forEach((quantity, i) => {
        const h = 1e-5 * quantity;
        const at = (shift: number) =>
          liquiditySensitiveCost(
            quantities.map((q, j) => (j === i ? q + shift : q)),
            sensitivity,
          );
        // Central differences: h² of the third derivative, and the rounding of C over h.
        expect(Math.abs((at(h) - at(-h)) / (2 * h) - prices[i])).toBeLessThan(1e-5);
      });
    }),
  );
});

test('prices equal the formula of the paper', () => {
  fc.assert(
    fc.property(market, ({ quantities, sensitivity }) => {
      const total = quantities.reduce((a, b) => a + b, 0);
      const b = sensitivity * total;
      const largest = Math.max(...quantities);
      const powers = quantities.map((q) => Math.exp((q - largest) / b));
      const mass = powers.reduce((a, c) => a + c, 0);
      const mean = quantities.reduce((a, q, i) => a + q * powers[i], 0);
      const prices = liquiditySensitivePrices(quantities, sensitivity);
      prices.forEach((price, i) => {
        const logSum = largest / b + Math.log(mass);
        const rest = (total * powers[i] - mean) / (total * mass);
        expect(Math.abs(price - (sensitivity * logSum + rest))).toBeLessThan(1e-12);
      });
    }),
  );
});

test('prices sum to between 1 and 1 + α n ln n, and the cost grows in proportion', () => {
  fc.assert(
    fc.property(market, finite(0.01, 100), ({ quantities, sensitivity }, scale) => {
      const n = quantities.length;
      const prices = liquiditySensitivePrices(quantities, sensitivity);
      expect(sum(prices)).toBeGreaterThanOrEqual(1 - 1e-12);
      expect(sum(prices)).toBeLessThanOrEqual(1 + sensitivity * n * Math.log(n) + 1e-12);
      const cost = liquiditySensitiveCost(quantities, sensitivity);
      const scaled = liquiditySensitiveCost(
        quantities.map((q) => scale * q),
        sensitivity,
      );
      expect(scaled / (scale * cost)).toBeCloseTo(1, 12);
      // Euler's theorem on homogeneous functions.
      const euler = quantities.reduce((a, q, i) => a + q * prices[i], 0);
      expect(euler / cost).toBeCloseTo(1, 12);
    }),
  );
});

test('however far apart quantities are, nothing overflows', () => {
  const prices = liquiditySensitivePrices([1e290, 1], 1e-6);
  expect(prices[0]).toBe(1);
  expect(prices[1]).toBe(0);
  expect(liquiditySensitiveCost([1e290, 1], 1e-6)).toBe(1e290);
});

test('a margin of 5 % on three even outcomes is a sum of 1.05', () => {
  const alpha = sensitivityFor(3, 0.05);
  expect(sum(liquiditySensitivePrices([7, 7, 7], alpha))).toBeCloseTo(1.05, 14);
  expect(sum(lmsrPrices([7, 7, 7], alpha * 21))).toBeCloseTo(1, 14);
});

describe('bad input is refused', () => {
  test.each([
    ['nothing sold', [0, 0], 1, 'OUT_OF_RANGE'],
    ['no outcomes', [], 1, 'EMPTY'],
    ['a negative quantity', [1, -1], 1, 'OUT_OF_RANGE'],
    ['NaN', [NaN, 1], 1, 'OUT_OF_RANGE'],
    ['no sensitivity', [1, 1], 0, 'OUT_OF_RANGE'],
    ['a sensitivity that is NaN', [1, 1], NaN, 'OUT_OF_RANGE'],
  ])('%s', (_, quantities, sensitivity, code) => {
    for (const f of [liquiditySensitiveCost, liquiditySensitivePrices]) {
      expect(() => f(quantities, sensitivity)).toThrow(expect.objectContaining({ code }));
    }
  });

  test.each([
    [1, 0.05],
    [2.5, 0.05],
    [2, 0],
    [2, NaN],
  ])('%s outcomes with margin %s', (outcomes, margin) => {
    expect(() => sensitivityFor(outcomes, margin)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
