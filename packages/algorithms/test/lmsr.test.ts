import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlgorithmError, lmsrCost, lmsrPrices, lmsrTradeCost, settleTrade } from '../src/index.ts';
import { finite, floats, positiveDistribution } from './arbitraries.ts';

const market = fc
  .integer({ min: 1, max: 9 })
  .chain((count) =>
    fc.record({ q: floats(count, -50, 50), shares: floats(count, -50, 50), b: finite(0.5, 200) }),
  );

function moved(q: Float64Array, outcome: number, by: number): Float64Array {
  return q.map((quantity, i) => (i === outcome ? quantity + by : quantity));
}

test('the Gnosis primer: two outcomes at b = 5, a trade from (−10, 4) to (−5, 4)', () => {
  expect(lmsrCost([-10, 4], 5)).toBeCloseTo(4.295, 3);
  expect(lmsrCost([-5, 4], 5)).toBeCloseTo(4.765, 3);
  expect(lmsrTradeCost([-10, 4], [5, 0], 5)).toBeCloseTo(0.47, 3);
});

test('prices at q = (3, 1, 0, −2), b = 2', () => {
  const expected = [0.597695, 0.21988, 0.133364, 0.049062];
  lmsrPrices([3, 1, 0, -2], 2).forEach((price, i) => expect(price).toBeCloseTo(expected[i], 6));
});

test('an untouched market holds the subsidy b ln n', () => {
  expect(lmsrCost([0, 0, 0, 0], 2)).toBeCloseTo(2.772589, 6);
});

test('prices are the gradient of the cost', () => {
  fc.assert(
    fc.property(market, ({ q, b }) => {
      const step = 1e-4 * b;
      lmsrPrices(q, b).forEach((price, i) => {
        const slope =
          (lmsrCost(moved(q, i, step), b) - lmsrCost(moved(q, i, -step), b)) / (2 * step);
        // Truncation is (1e-4)²/6 at most; rounding |C|·1e-16 / 1e-4.
        expect(Math.abs(slope - price)).toBeLessThan(1e-8);
      });
    }),
  );
});

test('a trade costs its value at the old prices and b × their divergence from the new', () => {
  fc.assert(
    fc.property(market, ({ q, shares, b }) => {
      const before = lmsrPrices(q, b);
      const { prices, cost } = settleTrade({ prior: before, shares, liquidity: b });
      const paid = shares.reduce((sum, share, i) => sum + before[i] * share, 0);
      const divergence = before.reduce(
        (sum, price, i) => sum + price * Math.log(price / prices[i]),
        0,
      );
      expect(Math.abs(cost - paid - b * divergence)).toBeLessThan(1e-10 * (b + 50));
    }),
  );
});

test('a trader earns b ln of the factor by which the price of what happens rose', () => {
  fc.assert(
    fc.property(market, ({ q, shares, b }) => {
      const prior = lmsrPrices(q, b);
      const { prices, cost } = settleTrade({ prior, shares, liquidity: b });
      shares.forEach((share, i) => {
        expect(Math.abs(share - cost - b * Math.log(prices[i] / prior[i]))).toBeLessThan(
          1e-10 * (b + 50),
        );
      });
    }),
  );
});

test('the market maker never loses more than b ln n, whatever is traded or happens', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }).chain((count) =>
        fc.record({
          trades: fc.array(floats(count, -300, 300), { maxLength: 20 }),
          b: finite(0.01, 100),
        }),
      ),
      ({ trades, b }) => {
        const count = trades[0]?.length ?? 2;
        const sold = new Float64Array(count);
        let income = 0;
        for (const shares of trades) {
          income += lmsrTradeCost(sold, shares, b);
          shares.forEach((share, i) => (sold[i] += share));
        }
        const loss = Math.max(...sold) - income;
        expect(loss).toBeLessThanOrEqual(b * Math.log(count) + 1e-9);
      },
    ),
  );
});

test('the way to a position does not matter', () => {
  fc.assert(
    fc.property(market, floats(9, -50, 50), ({ q, shares, b }, more) => {
      const second = more.slice(0, q.length);
      const prior = lmsrPrices(q, b);
      const first = settleTrade({ prior, shares, liquidity: b });
      fc.pre(first.prices.every((price) => price >= 1e-300));
      const then = settleTrade({ prior: first.prices, shares: second, liquidity: b });
      const both = shares.map((share, i) => share + second[i]);
      const atOnce = settleTrade({ prior, shares: both, liquidity: b });
      expect(Math.abs(first.cost + then.cost - atOnce.cost)).toBeLessThan(1e-10 * (b + 100));
      then.prices.forEach((price, i) =>
        expect(Math.abs(price - atOnce.prices[i])).toBeLessThan(1e-12),
      );
    }),
  );
});

test('settling from prices is trading from quantities', () => {
  fc.assert(
    fc.property(market, ({ q, shares, b }) => {
      const { prices, cost } = settleTrade({ prior: lmsrPrices(q, b), shares, liquidity: b });
      const after = lmsrPrices(
        q.map((quantity, i) => quantity + shares[i]),
        b,
      );
      prices.forEach((price, i) => expect(Math.abs(price - after[i])).toBeLessThan(1e-12));
      expect(Math.abs(cost - lmsrTradeCost(q, shares, b))).toBeLessThan(1e-11 * (b + 100));
    }),
  );
});

test('one share of everything costs 1 and moves no price', () => {
  fc.assert(
    fc.property(
      positiveDistribution(5),
      finite(0.01, 1e6),
      finite(-1e6, 1e6),
      (prior, liquidity, amount) => {
        const shares = new Float64Array(5).fill(amount);
        const { prices, cost } = settleTrade({ prior, shares, liquidity });
        expect(Math.abs(cost - amount)).toBeLessThan(1e-12 * (liquidity + Math.abs(amount)));
        prices.forEach((price, i) => expect(price / prior[i]).toBeCloseTo(1, 12));
      },
    ),
  );
});

describe('at the edges of floating point', () => {
  test('a price of 1e-12 rises to ½ when e^{Δq/b} is 1e12', () => {
    const trade = {
      prior: Float64Array.of(1e-12, 1 - 1e-12),
      shares: Float64Array.of(36 * Math.LN10, 0),
      liquidity: 3,
    };
    const { prices, cost } = settleTrade(trade);
    expect(prices[0]).toBeCloseTo(0.5, 12);
    expect(cost).toBeCloseTo(3 * Math.LN2, 11);
  });

  test('quantities of a million liquidities neither overflow nor lose the small difference', () => {
    expect(lmsrCost([1e6, 0], 1)).toBe(1e6);
    expect(lmsrPrices([-1e6, 0, 1e6], 1)).toEqual(Float64Array.of(0, 0, 1));
    const [low, high] = lmsrPrices([1e12, 1e12 + 1], 1);
    expect(high / low).toBeCloseTo(Math.E, 12);
  });

  test('the largest quantities with the smallest and the largest liquidity stay finite', () => {
    for (const liquidity of [1e-300, 1, 1e300]) {
      const q = [1e300, -1e300, 0];
      expect(Number.isFinite(lmsrCost(q, liquidity))).toBe(true);
      expect(lmsrPrices(q, liquidity).reduce((sum, price) => sum + price, 0)).toBeCloseTo(1, 12);
    }
  });

  test('minus zero is zero', () => {
    expect(lmsrCost([-0, -0], 1)).toBe(lmsrCost([0, 0], 1));
  });
});

describe('bad input is refused', () => {
  const good = { prior: Float64Array.of(0.5, 0.5), shares: Float64Array.of(1, 0), liquidity: 1 };
  test.each([
    ['prices that do not sum to 1', { prior: Float64Array.of(0.5, 0.6) }, 'NOT_A_DISTRIBUTION'],
    ['a negative price', { prior: Float64Array.of(-0.5, 1.5) }, 'NOT_A_DISTRIBUTION'],
    ['a price that is NaN', { prior: Float64Array.of(NaN, 1) }, 'NOT_A_DISTRIBUTION'],
    ['an infinite price', { prior: Float64Array.of(Infinity, 0) }, 'NOT_A_DISTRIBUTION'],
    ['a price of 0', { prior: Float64Array.of(0, 1) }, 'OUT_OF_RANGE'],
    ['no outcome', { prior: new Float64Array(0), shares: new Float64Array(0) }, 'EMPTY'],
    ['too few shares', { shares: Float64Array.of(1) }, 'LENGTH_MISMATCH'],
    ['too many shares', { shares: Float64Array.of(1, 0, 0) }, 'LENGTH_MISMATCH'],
    ['shares that are NaN', { shares: Float64Array.of(NaN, 0) }, 'OUT_OF_RANGE'],
    ['infinite shares', { shares: Float64Array.of(-Infinity, 0) }, 'OUT_OF_RANGE'],
    ['more shares than the limit', { shares: Float64Array.of(1.1e300, 0) }, 'OUT_OF_RANGE'],
    ['no liquidity', { liquidity: 0 }, 'OUT_OF_RANGE'],
    ['negative liquidity', { liquidity: -1 }, 'OUT_OF_RANGE'],
    ['liquidity that is NaN', { liquidity: NaN }, 'OUT_OF_RANGE'],
    ['infinite liquidity', { liquidity: Infinity }, 'OUT_OF_RANGE'],
  ])('settleTrade: %s', (_, wrong, code) => {
    expect(() => settleTrade({ ...good, ...wrong })).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test('the message gives the value and the rule', () => {
    expect(() => settleTrade({ ...good, liquidity: 0 })).toThrow(
      'liquidity 0 is not in [1e-300, 1e+300]',
    );
    expect(() => settleTrade({ ...good, liquidity: 0 })).toThrow(AlgorithmError);
  });

  test('lmsrCost, lmsrPrices and lmsrTradeCost', () => {
    expect(() => lmsrCost([], 1)).toThrow(expect.objectContaining({ code: 'EMPTY' }));
    expect(() => lmsrPrices([1, NaN], 1)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
    expect(() => lmsrPrices([1], 0)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
    expect(() => lmsrTradeCost([1, 2], [1], 1)).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
    expect(() => lmsrTradeCost([1e300], [1e300], 1)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
