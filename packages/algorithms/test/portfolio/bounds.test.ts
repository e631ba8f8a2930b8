import { log } from '@sema/simulator/elementary';
import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestConstantPortfolio,
  ConstantRebalanced,
  ExponentiatedGradientPortfolio,
  runPortfolio,
  UniversalPortfolio,
  universalLogWealthOfPair,
} from '../../src/portfolio.ts';
import type { PriceRelatives } from '../../src/portfolio.ts';
import { finite } from '../arbitraries.ts';
import { ABSENT, marketRows } from './portfolio-data.ts';

function markets(assets: number, smallest: number): fc.Arbitrary<number[][]> {
  const relatives = fc.array(finite(smallest, 1), { minLength: assets, maxLength: assets });
  return fc.array(relatives, { minLength: 1, maxLength: 40 });
}

function pair(market: PriceRelatives, first: number, second: number): number[][] {
  return market.map((row) => [row[first], row[second]]);
}

/** ln S* − ln S of the universal portfolio may be (m − 1) ln(T + 1), on every prefix. */
function expectCoverBound(market: PriceRelatives, prefixes: Iterable<number>): void {
  const universal = universalLogWealthOfPair(market);
  for (const periods of prefixes) {
    const { logWealth, gap } = bestConstantPortfolio(market.slice(0, periods));
    const regret = logWealth - universal[periods - 1];
    expect(regret).toBeLessThanOrEqual(log(periods + 1) + 1e-9);
    // The mean of all portfolios is not better than the best of them.
    expect(regret).toBeGreaterThanOrEqual(-gap - 1e-9);
  }
}

describe('Cover’s bound (m − 1) ln(T + 1) on the regret of the universal portfolio', () => {
  test('on every prefix of any sequence of two assets', () => {
    fc.assert(
      fc.property(markets(2, 1e-4), (market) => {
        expectCoverBound(
          market,
          market.map((_, t) => t + 1),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is reached where one asset takes all', () => {
    // ∫ bᵀ db = 1/(T + 1) while the best portfolio holds the asset alone. The worthless asset is
    // worth 1e-6, which keeps the integral 1e-6 above.
    const market = Array.from({ length: 50 }, () => [1, 1e-6]);
    expect(-universalLogWealthOfPair(market)[49]).toBeCloseTo(log(51), 4);
  });

  test('on sequences that alternate', () => {
    const market = Array.from({ length: 200 }, (_, t) => (t % 2 === 0 ? [1, 0.01] : [0.01, 1]));
    expectCoverBound(market, [1, 2, 3, 10, 99, 100, 199, 200]);
  });

  test.skipIf(ABSENT !== '')(`on pairs of real stocks${ABSENT}`, () => {
    const nyse = marketRows('nyse_o').slice(0, 2000);
    for (const [first, second] of [
      [0, 1],
      [12, 30],
      [16, 5],
    ]) {
      expectCoverBound(pair(nyse, first, second), [1, 10, 100, 1000, 2000]);
    }
  });

  test.skipIf(ABSENT !== '')(`with samples, on all assets of real markets${ABSENT}`, () => {
    for (const name of ['tse', 'sp500'] as const) {
      const market = marketRows(name);
      const assets = market[0].length;
      const universal = new UniversalPortfolio(assets, { samples: 300, random: mulberry32(1991) });
      const { logWealth } = runPortfolio(universal, market, { costRate: 0 });
      const regret = bestConstantPortfolio(market).logWealth - logWealth;
      expect(regret).toBeGreaterThan(0);
      expect(regret).toBeLessThanOrEqual((assets - 1) * log(market.length + 1));
    }
  });
});

test('samples approach the exact universal portfolio', () => {
  const market = Array.from({ length: 100 }, (_, t) => [t % 2 === 0 ? 2 : 0.5, 1]);
  const random = mulberry32(7);
  const sampled = runPortfolio(new UniversalPortfolio(2, { samples: 20_000, random }), market, {
    costRate: 0,
  });
  // Wealth of a portfolio varies less than twofold around its mean: five standard errors of the
  // logarithm are 5 · 1 / √20000 at most, a chance below 1e-6.
  expect(Math.abs(sampled.logWealth - universalLogWealthOfPair(market)[99])).toBeLessThan(0.036);
});

test('the universal portfolio earns the mean wealth of its portfolios, to the last period', () => {
  const market = [
    [1.2, 0.9, 1],
    [0.7, 1.3, 1],
    [1.1, 1.4, 0.6],
  ];
  const samples = 5;
  const universal = new UniversalPortfolio(3, { samples, random: mulberry32(3) });
  // One portfolio at a time, from the same draws.
  const random = mulberry32(3);
  let total = 0;
  for (let k = 0; k < samples; k += 1) {
    const alone = new UniversalPortfolio(3, { samples: 1, random });
    total += runPortfolio(alone, market, { costRate: 0 }).wealth;
  }
  const { wealth } = runPortfolio(universal, market, { costRate: 0 });
  expect(wealth).toBeCloseTo(total / samples, 12);
});

test('EG is within √(T ln m / 2) / r of the best constant portfolio, on any sequence', () => {
  const smallest = 0.2;
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }).chain((m) => markets(m, smallest)),
      (market) => {
        const [assets, periods] = [market[0].length, market.length];
        let ratio = 1;
        for (const row of market) ratio = Math.min(ratio, Math.min(...row) / Math.max(...row));
        const rate = 2 * ratio * Math.sqrt((2 * log(assets)) / periods);
        const { logWealth } = runPortfolio(
          new ExponentiatedGradientPortfolio(assets, rate),
          market,
          {
            costRate: 0,
          },
        );
        const bound = Math.sqrt((periods * log(assets)) / 2) / ratio;
        expect(bestConstantPortfolio(market).logWealth - logWealth).toBeLessThanOrEqual(
          bound + 1e-9,
        );
      },
    ),
    { numRuns: 200 },
  );
});

describe('the best constant rebalanced portfolio', () => {
  test('of two assets that take turns is half and half', () => {
    const market = Array.from({ length: 10 }, (_, t) => (t % 2 === 0 ? [2, 0.5] : [0.5, 2]));
    const { weights, logWealth, gap } = bestConstantPortfolio(market);
    expect(weights[0]).toBeCloseTo(0.5, 6);
    expect(logWealth).toBeCloseTo(10 * log(1.25), 9);
    expect(gap).toBeLessThan(1e-8);
  });

  test('of assets of which one is always best holds it alone', () => {
    const { weights, gap } = bestConstantPortfolio([
      [1.1, 1, 0.9],
      [1.01, 1, 1],
    ]);
    expect(weights[0]).toBeCloseTo(1, 6);
    expect(gap).toBeLessThan(1e-8);
  });

  test('proves its gap on any market, and no portfolio beats it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((assets) =>
          fc.record({
            market: markets(assets, 1e-3),
            other: fc.array(finite(1e-3, 1), { minLength: assets, maxLength: assets }),
          }),
        ),
        ({ market, other }) => {
          const best = bestConstantPortfolio(market);
          // Within 1e-9, and rounding of a gradient that sums T ratios of up to 1e3.
          expect(best.gap).toBeLessThan(1e-8);
          const sum = other.reduce((total, part) => total + part, 0);
          const rival = new ConstantRebalanced(other.map((part) => part / sum));
          const { logWealth } = runPortfolio(rival, market, { costRate: 0 });
          expect(logWealth).toBeLessThanOrEqual(best.logWealth + best.gap + 1e-9);
        },
      ),
      { numRuns: 200 },
    );
  });
});
