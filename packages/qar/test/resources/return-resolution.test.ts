import { settleTrade } from '@sema/algorithms';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalEdges, normalMeans } from '../../src/normal-bins.ts';
import { atResolution, pricesOver } from '../../src/resources/return-resolution.ts';
import { gainProbability, ReturnBins } from '../../src/return-bins.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { syntheticCandles } from '../synthetic-candles.ts';

const QUBITS = [2, 3, 4, 5, 6];
const window = windowAt(syntheticCandles(300, 3), 299, 256);

function distributionOf(qubits: number) {
  const bins = new ReturnBins(256, qubits);
  for (let index = 0; index < 256; index++) bins.take(window, index);
  return bins.distribution();
}

/** Φ by its series around 0. */
function cumulative(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= -(x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

describe.each(QUBITS)('2^%i bins', (qubits) => {
  const edges = normalEdges(qubits);
  const count = 1 << qubits;

  test('have the same probability under a standard normal', () => {
    expect(edges).toHaveLength(count - 1);
    // The series loses a digit or two to cancellation at 2.15 σ.
    edges.forEach((edge, k) => {
      expect(Math.abs(cumulative(edge) - (k + 1) / count)).toBeLessThan(1e-14);
    });
  });

  test('have the means of a standard normal within them', () => {
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const at = [0, ...Array.from(edges, density), 0];
    normalMeans(qubits).forEach((mean, bin) => {
      expect(Math.abs(mean - (at[bin] - at[bin + 1]) * count)).toBeLessThan(1e-13);
    });
  });

  test('count what the neighbours of more bins count together', () => {
    const coarse = distributionOf(qubits);
    const merged = atResolution(distributionOf(6), qubits);
    for (let bin = 0; bin < count; bin++) {
      expect(merged.probabilities[bin]).toBeCloseTo(coarse.probabilities[bin], 14);
      expect(merged.means[bin]).toBeCloseTo(coarse.means[bin], 12);
    }
  });
});

test('as many bins are left as they are', () => {
  const distribution = distributionOf(3);
  expect(atResolution(distribution, 3)).toBe(distribution);
});

const shares = fc.double({ min: -3, max: 3, noNaN: true });

test('prices merged or split are those that a market of that many bins would charge', () => {
  const finest = distributionOf(6);
  const priceAt = (qubits: number, down: number, up: number) => {
    const { probabilities: prior } = atResolution(finest, qubits);
    const bought = prior.map((_, bin) => (bin < prior.length / 2 ? down : up));
    return settleTrade({ prior, shares: bought, liquidity: 1.5 }).prices;
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...QUBITS),
      fc.constantFrom(...QUBITS),
      shares,
      shares,
      (from, to, down, up) => {
        const prices = priceAt(from, down, up);
        const expected = priceAt(to, down, up);
        const converted = pricesOver(prices, atResolution(finest, to).probabilities);
        expected.forEach((price, bin) => {
          expect(Math.abs(converted[bin] - price)).toBeLessThan(1e-14);
        });
        // So the probability of a gain does not depend on how many bins there are.
        expect(Math.abs(gainProbability(prices) - gainProbability(expected))).toBeLessThan(1e-14);
      },
    ),
  );
});
