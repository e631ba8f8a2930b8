import type { ReturnDistribution } from '../return-bins.ts';

/**
 * A distribution over 2^k bins of returns, from one over as many or more: neighbours are merged.
 *
 * @param qubits - k.
 */
export function atResolution(finer: ReturnDistribution, qubits: number): ReturnDistribution {
  const count = 1 << qubits;
  const group = finer.probabilities.length / count;
  if (group === 1) return finer;
  const means = new Float64Array(count);
  const probabilities = merged(finer.probabilities, count);
  for (let i = 0; i < finer.means.length; i++) {
    means[Math.floor(i / group)] += finer.probabilities[i] * finer.means[i];
  }
  for (let bin = 0; bin < count; bin++) means[bin] /= probabilities[bin];
  return { probabilities, means };
}

/**
 * Prices of a market, over as many bins as `distribution` has: merged, or split as the window's own
 * returns are within a bin. A trade of the board multiplies all losses by one factor and all gains
 * by another, so both are what a market of that many bins would charge.
 *
 * @param prices - of 2^k bins, sum 1.
 * @param distribution - before the trade.
 */
export function pricesOver(prices: Float64Array, distribution: Float64Array): Float64Array {
  const { length } = distribution;
  if (length === prices.length) return prices;
  if (length < prices.length) return merged(prices, length);
  const before = merged(distribution, prices.length);
  const group = length / prices.length;
  return distribution.map((probability, i) => {
    const bin = Math.floor(i / group);
    return prices[bin] * (probability / before[bin]);
  });
}

function merged(probabilities: Float64Array, count: number): Float64Array {
  const group = probabilities.length / count;
  const sums = new Float64Array(count);
  for (let i = 0; i < probabilities.length; i++) sums[Math.floor(i / group)] += probabilities[i];
  return sums;
}
