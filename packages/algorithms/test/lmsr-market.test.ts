import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LmsrMarket, lmsrCost, lmsrPrices } from '../src/index.ts';
import { finite, floats } from './arbitraries.ts';

const trades = fc.array(floats(4, -50, 50), { minLength: 1, maxLength: 20 });

// Gnosis, "LMSR Primer": b = 5, from (−10, 4) to (−5, 4) costs 4.765 − 4.295.
test('five of an outcome at b = 5, when −10 and 4 have been sold, cost 0.470', () => {
  const market = new LmsrMarket({ outcomes: 2, liquidity: 5 });
  market.trade([-10, 4]);
  expect(market.trade([5, 0])).toBeCloseTo(0.4697, 4);
});

test('prices and costs are those of the quantities sold, whatever the order', () => {
  fc.assert(
    fc.property(trades, finite(0.1, 100), (sequence, liquidity) => {
      const market = new LmsrMarket({ outcomes: 4, liquidity });
      for (const shares of sequence) market.trade(shares);
      const sold = market.sold();
      const collected = lmsrCost(sold, liquidity) - lmsrCost(new Float64Array(4), liquidity);
      expect(Math.abs(market.revenue - collected)).toBeLessThan(1e-10 * (1 + liquidity) * 1e3);
      lmsrPrices(sold, liquidity).forEach((price, i) =>
        expect(market.prices()[i]).toBeCloseTo(price, 9),
      );
    }),
  );
});

test('whatever is traded and whatever happens, at most b ln n is lost', () => {
  fc.assert(
    fc.property(trades, finite(0.1, 100), (sequence, liquidity) => {
      const market = new LmsrMarket({ outcomes: 4, liquidity });
      expect(market.largestLoss).toBeCloseTo(liquidity * Math.log(4), 10);
      for (const shares of sequence) {
        market.trade(shares);
        for (let outcome = 0; outcome < 4; outcome += 1) {
          expect(market.lossIf(outcome)).toBeLessThanOrEqual(market.largestLoss + 1e-9);
        }
      }
    }),
  );
});

test('C(q′) − C(q) − ⟨p, q′ − q⟩ is b times the divergence of the new prices from the old', () => {
  fc.assert(
    fc.property(floats(4, -20, 20), finite(1, 100), (shares, liquidity) => {
      const market = new LmsrMarket({ outcomes: 4, liquidity });
      market.trade([3, -1, 4, 1]);
      const before = market.prices();
      const cost = market.trade(shares);
      const after = market.prices();
      const linear = shares.reduce((sum, share, i) => sum + share * before[i], 0);
      const divergence = before.reduce((sum, p, i) => sum + p * Math.log(p / after[i]), 0);
      expect(cost - linear).toBeCloseTo(liquidity * divergence, 9);
    }),
  );
});

describe('bad input is refused and nothing is sold', () => {
  test.each([
    ['too few shares', [1], 'LENGTH_MISMATCH'],
    ['shares that are NaN', [1, NaN], 'OUT_OF_RANGE'],
    ['infinite shares', [1, Infinity], 'OUT_OF_RANGE'],
    ['more shares than can be kept', [1e300, 0], 'OUT_OF_RANGE'],
  ])('%s', (_, shares, code) => {
    const market = new LmsrMarket({ outcomes: 2, liquidity: 1 });
    market.trade([1e300, 0]);
    expect(() => market.trade(shares)).toThrow(expect.objectContaining({ code }));
    expect(market.sold()).toEqual(Float64Array.of(1e300, 0));
  });

  test.each([
    [0, 1],
    [1.5, 1],
    [2, 0],
    [2, NaN],
    [2, Infinity],
  ])('%s outcomes with liquidity %s', (outcomes, liquidity) => {
    expect(() => new LmsrMarket({ outcomes, liquidity })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  test('an outcome that there is not', () => {
    const market = new LmsrMarket({ outcomes: 2, liquidity: 1 });
    for (const outcome of [-1, 2, 0.5, NaN]) {
      expect(() => market.lossIf(outcome)).toThrow(
        expect.objectContaining({ code: 'OUT_OF_RANGE' }),
      );
    }
  });
});
