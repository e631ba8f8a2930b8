import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lmsrPrices, QuantumLmsr, settleTrade } from '../src/index.ts';
import { finite, floats, positiveDistribution, qubitCount, register } from './arbitraries.ts';

/**
 * Prices down to 1e-12 and trades of up to 40 liquidities, enough to lift such a price to 1 or push
 * one to 1e-29.
 */
const trade = fc
  .record({ qubits: qubitCount, liquidity: finite(1e-3, 1e6) })
  .chain(({ qubits, liquidity }) =>
    fc.record({
      qubits: fc.constant(qubits),
      prior: positiveDistribution(2 ** qubits),
      shares: floats(2 ** qubits, -40 * liquidity, 40 * liquidity),
      liquidity: fc.constant(liquidity),
    }),
  );

test('the market q = (3, 1, 0, −2), b = 2 buys two of the last outcome', () => {
  using market = new QuantumLmsr(2);
  const before = lmsrPrices([3, 1, 0, -2], 2);
  const shares = Float64Array.of(0, 0, 0, 2);
  const { prices, cost } = market.settle({ prior: before, shares, liquidity: 2 }, register(3));
  const after = lmsrPrices([3, 1, 0, 0], 2);
  prices.forEach((price, i) => expect(price).toBeCloseTo(after[i], 14));
  expect(cost).toBeCloseTo(2 * Math.log(1 + before[3] * (Math.E - 1)), 14);
});

test('the circuit and its twin agree on every trade', () => {
  fc.assert(
    fc.property(trade, ({ qubits, prior, shares, liquidity }) => {
      using market = new QuantumLmsr(qubits);
      const quantum = market.settle({ prior, shares, liquidity }, register(market.requiredQubits));
      const twin = settleTrade({ prior, shares, liquidity });
      twin.prices.forEach((price, i) =>
        expect(Math.abs(quantum.prices[i] - price)).toBeLessThan(1e-10),
      );
      expect(Math.abs(quantum.cost - twin.cost)).toBeLessThan(1e-10 * liquidity);
    }),
    { numRuns: 300 },
  );
});

test('prices agree to 1e-12 of themselves, also one of 1e-290 that is lifted to ½', () => {
  const prior = Float64Array.of(0.25, 1e-290, 0.7, 0.05 - 1e-290);
  const shares = Float64Array.of(0, 290 * Math.LN10, 0, -5);
  using market = new QuantumLmsr(2);
  const quantum = market.settle({ prior, shares, liquidity: 1 }, register(3));
  const twin = settleTrade({ prior, shares, liquidity: 1 });
  expect(twin.prices[1]).toBeGreaterThan(0.4);
  twin.prices.forEach((price, i) => expect(quantum.prices[i] / price).toBeCloseTo(1, 12));
});

test('the filter succeeds with probability e^{(C(q′) − C(q) − max Δq)/b}', () => {
  fc.assert(
    fc.property(trade, ({ qubits, prior, shares, liquidity }) => {
      using market = new QuantumLmsr(qubits);
      const { trace } = market.settle({ prior, shares, liquidity }, register(qubits + 1));
      const { cost } = settleTrade({ prior, shares, liquidity });
      const expected = Math.exp((cost - Math.max(...shares)) / liquidity);
      // The exponent is right to some 1e-14, relative to the 40 liquidities it comes from.
      expect(trace.successProbability / expected).toBeCloseTo(1, 10);
      expect(trace.coherence).toBeGreaterThanOrEqual(0.5 - 1e-12);
      expect(trace.coherence).toBeLessThanOrEqual(1);
    }),
  );
});

test('share differences of a million liquidities decide the market at once', () => {
  using market = new QuantumLmsr(1);
  const trade = {
    prior: Float64Array.of(1e-12, 1 - 1e-12),
    shares: Float64Array.of(1e6, -1e6),
    liquidity: 1,
  };
  const { prices, cost, trace } = market.settle(trade, register(2));
  expect(prices).toEqual(Float64Array.of(1, 0));
  expect(cost).toBeCloseTo(1e6 - 12 * Math.LN10, 9);
  expect(trace.successProbability).toBeCloseTo(1e-12, 24);
});

test('a trade of nothing, or of one share of everything, leaves the state whole', () => {
  using market = new QuantumLmsr(2);
  const prior = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  for (const amount of [0, -0, 5]) {
    const shares = new Float64Array(4).fill(amount);
    const { prices, cost, trace } = market.settle({ prior, shares, liquidity: 3 }, register(3));
    prices.forEach((price, i) => expect(price).toBeCloseTo(prior[i], 14));
    expect(cost).toBeCloseTo(amount, 14);
    expect(trace.successProbability).toBeCloseTo(1, 14);
    expect(trace.coherence).toBeCloseTo(1, 14);
    expect(trace.measurements).toEqual(prices);
  }
});

test('of more than 16 outcomes the trace shows 16 groups of neighbours', () => {
  using market = new QuantumLmsr(5);
  const prior = new Float64Array(32).fill(1 / 32);
  const { prices, trace } = market.settle(
    { prior, shares: prior.map((_, i) => i), liquidity: 10 },
    register(6),
  );
  expect(trace.measurements).toHaveLength(16);
  expect(trace.measurements[3]).toBe(prices[6] + prices[7]);
});

test('a settlement does not depend on the one before, to the last bit', () => {
  const prior = new Float64Array(8).fill(0.125);
  const shares = Float64Array.of(3, -1, 4, 1, -5, 9, 2, 6);
  using fresh = new QuantumLmsr(3);
  using used = new QuantumLmsr(3);
  const skewed = prior.map((_, i) => (i + 1) / 36);
  used.settle({ prior: skewed, shares: skewed, liquidity: 0.1 }, register(4));
  const trade = { prior, shares, liquidity: 2 };
  expect(used.settle(trade, register(4))).toEqual(fresh.settle(trade, register(4)));
});

test('what is returned belongs to the caller', () => {
  using market = new QuantumLmsr(1);
  const trade = { prior: Float64Array.of(0.5, 0.5), shares: Float64Array.of(1, 0), liquidity: 1 };
  const first = market.settle(trade, register(2));
  const kept = structuredClone(first);
  market.settle({ ...trade, shares: Float64Array.of(0, 9) }, register(2));
  expect(first).toEqual(kept);
});

describe('bad input is refused', () => {
  const good = { prior: Float64Array.of(0.5, 0.5), shares: Float64Array.of(1, 0), liquidity: 1 };

  test('a register that is too small', () => {
    using market = new QuantumLmsr(1);
    expect(market.requiredQubits).toBe(2);
    for (const size of [0, 1]) {
      expect(() => market.settle(good, register(size))).toThrow(
        expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
      );
    }
  });

  test.each([
    [
      'another number of outcomes',
      { prior: new Float64Array(4).fill(0.25), shares: new Float64Array(4) },
      'LENGTH_MISMATCH',
    ],
    ['too few shares', { shares: Float64Array.of(1) }, 'LENGTH_MISMATCH'],
    ['prices that do not sum to 1', { prior: Float64Array.of(0.5, 0.4) }, 'NOT_A_DISTRIBUTION'],
    ['a price of 0', { prior: Float64Array.of(0, 1) }, 'OUT_OF_RANGE'],
    ['no liquidity', { liquidity: 0 }, 'OUT_OF_RANGE'],
    ['shares that are NaN', { shares: Float64Array.of(0, NaN) }, 'OUT_OF_RANGE'],
  ])('%s', (_, wrong, code) => {
    using market = new QuantumLmsr(1);
    expect(() => market.settle({ ...good, ...wrong }, register(2))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
    expect(market.settle(good, register(2)).prices[0]).toBeGreaterThan(0.5);
  });

  test.each([0, -1, 15, 1.5, NaN, Infinity])('%s outcome qubits', (qubits) => {
    expect(() => new QuantumLmsr(qubits)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  test('use after disposal, which may be repeated', () => {
    const market = new QuantumLmsr(1);
    market[Symbol.dispose]();
    market[Symbol.dispose]();
    expect(() => market.settle(good, register(2))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
