import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestAsset,
  bestConstantPortfolio,
  BuyAndHold,
  ConfidenceWeighted,
  ConstantRebalanced,
  ExponentialAverageReversion,
  ExponentiatedGradientPortfolio,
  MovingAverageReversion,
  PassiveAggressive,
  publishedStrategies,
  RobustMedianReversion,
  runAtCosts,
  runPortfolio,
  uniformWeights,
  UniversalPortfolio,
  universalLogWealthOfPair,
} from '../../src/portfolio.ts';
import { finite } from '../arbitraries.ts';

const FREE = { costRate: 0 };

function fresh(market: number[][]) {
  return Object.entries(publishedStrategies(market, { samples: 20, random: mulberry32(11) }));
}

/** Relatives spread evenly in their logarithm over as many decades each way. */
function anyMarket(decades: number): fc.Arbitrary<number[][]> {
  return fc
    .integer({ min: 1, max: 6 })
    .chain((assets) =>
      fc.array(fc.array(finite(-decades, decades), { minLength: assets, maxLength: assets }), {
        minLength: 1,
        maxLength: 30,
      }),
    )
    .map((rows) => rows.map((row) => row.map((exponent) => 10 ** exponent)));
}

describe('Cover’s example: cash, and a stock that doubles and halves in turn', () => {
  const market = Array.from({ length: 20 }, (_, t) => [1, t % 2 === 0 ? 2 : 0.5]);

  test('bought and held, half and half ends where it began', () => {
    expect(runPortfolio(new BuyAndHold(uniformWeights(2)), market, FREE).wealth).toBeCloseTo(1, 12);
  });

  test('rebalanced to half and half, every two periods gain 9/8', () => {
    const { wealth, logWealth } = runPortfolio(
      new ConstantRebalanced(uniformWeights(2)),
      market,
      FREE,
    );
    expect(wealth).toBeCloseTo((9 / 8) ** 10, 12);
    expect(logWealth).toBeCloseTo(10 * Math.log(9 / 8), 12);
  });

  test('costs take half the rate of what is traded, the first purchase included', () => {
    const { wealth, turnover } = runPortfolio(
      new ConstantRebalanced(uniformWeights(2)),
      market.slice(0, 3),
      { costRate: 0.01 },
    );
    // Bought: Σ|b| = 1. After ×2: shares 1/3 and 2/3, moved back: 1/3. After ×½: 2/3 and 1/3: 1/3.
    const moved = [1, 1 / 3, 1 / 3];
    const expected = moved.reduce((total, part) => total * (1 - 0.005 * part), 1.5 * 0.75 * 1.5);
    expect(wealth).toBeCloseTo(expected, 12);
    expect(turnover).toBeCloseTo((1 + 1 / 3 + 1 / 3) / 3, 12);
  });
});

test('one run tells wealth at several costs', () => {
  const market = [
    [1.2, 0.9],
    [0.8, 1.1],
    [1.3, 0.7],
  ];
  const rates = [0, 0.001, 0.5];
  const online = { threshold: 10, smoothing: 0.5 };
  const runs = runAtCosts(new ExponentialAverageReversion(2, online), market, rates);
  rates.forEach((costRate, k) => {
    const alone = runPortfolio(new ExponentialAverageReversion(2, online), market, { costRate });
    expect(runs[k]).toEqual(alone);
  });
});

test('PAMR moves to shares that would have gained ε, or as near as the simplex lets it', () => {
  const strategy = new PassiveAggressive(2, { threshold: 1, bound: 'none', aggressiveness: 500 });
  strategy.update([1.5, 0.9]);
  // b·x was 1.2; half the spread of 0.6 per unit moved: 1 = 1.5b + 0.9(1 − b).
  expect(strategy.weights[0]).toBeCloseTo(1 / 6, 12);
  strategy.update([0.8, 0.9]);
  expect(strategy.weights[0]).toBeCloseTo(1 / 6, 12);
});

test('OLMAR-2 with all weight on the last close predicts no change, and stays', () => {
  const strategy = new ExponentialAverageReversion(3, { threshold: 10, smoothing: 1 });
  strategy.update([2, 1, 0.5]);
  expect(Array.from(strategy.weights)).toEqual(Array.from(uniformWeights(3)));
});

test('RMR and OLMAR buy what fell below its usual price', () => {
  for (const strategy of [
    new RobustMedianReversion(2, { threshold: 5, window: 3 }),
    new MovingAverageReversion(2, { threshold: 10, window: 3 }),
  ]) {
    for (let t = 0; t < 6; t += 1) strategy.update([1, 1]);
    strategy.update([0.8, 1]);
    expect(strategy.weights[0]).toBeCloseTo(1, 12);
  }
});

describe('on any market', () => {
  test('every strategy holds shares that are ≥ 0 and sum to 1', () => {
    fc.assert(
      fc.property(anyMarket(0.3), (market) => {
        for (const [, strategy] of fresh(market)) {
          for (const row of market) {
            strategy.update(row);
            let sum = 0;
            for (const weight of strategy.weights) {
              expect(weight).toBeGreaterThanOrEqual(0);
              sum += weight;
            }
            expect(sum).toBeCloseTo(1, 12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('relatives of a million either way leave wealth a number', () => {
    fc.assert(
      fc.property(anyMarket(6), (market) => {
        for (const [, strategy] of fresh(market)) {
          const { logWealth } = runPortfolio(strategy, market, { costRate: 0.01 });
          expect(Number.isFinite(logWealth)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('prices that fall or rise without end leave wealth a number', () => {
    for (const relative of [1e-6, 1e6]) {
      const market = Array.from({ length: 120 }, () => [relative, 1]);
      for (const [, strategy] of fresh(market)) {
        const { logWealth } = runPortfolio(strategy, market, FREE);
        expect(Number.isFinite(logWealth)).toBe(true);
      }
    }
  });

  test('a strategy never looks ahead: a prefix is decided the same whatever follows', () => {
    fc.assert(
      fc.property(anyMarket(0.2), fc.nat(), (market, cut) => {
        const seen = market.slice(0, cut % market.length);
        const online = fresh(market).filter(([name]) => name !== 'best' && name !== 'bcrp');
        const again = new Map(fresh(market));
        for (const [name, strategy] of online) {
          const alone = again.get(name);
          for (const row of seen) alone?.update(row);
          for (const row of seen) strategy.update(row);
          expect(strategy.weights).toEqual(alone?.weights);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('costs never help', () => {
    fc.assert(
      fc.property(anyMarket(0.2), finite(0, 0.5), (market, costRate) => {
        const free = fresh(market);
        const charged = new Map(fresh(market));
        for (const [name, strategy] of free) {
          const before = runPortfolio(strategy, market, FREE).logWealth;
          const other = charged.get(name);
          if (other === undefined) throw new Error(name);
          expect(runPortfolio(other, market, { costRate }).logWealth).toBeLessThanOrEqual(before);
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('the best asset is the one that rose most, the first of equals', () => {
  expect(
    bestAsset([
      [1, 2, 2, 0.5],
      [1, 1, 1, 1.5],
    ]),
  ).toBe(1);
});

describe('bad input is refused', () => {
  const assets = 2;
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ['a market without periods', () => bestConstantPortfolio([]), 'EMPTY'],
    ['a period without assets', () => bestAsset([[]]), 'EMPTY'],
    ['a ragged market', () => bestAsset([[1, 1], [1]]), 'LENGTH_MISMATCH'],
    ['a relative of 0', () => bestConstantPortfolio([[1, 0]]), 'OUT_OF_RANGE'],
    ['a negative relative', () => bestAsset([[1, -1]]), 'OUT_OF_RANGE'],
    ['a relative that is NaN', () => universalLogWealthOfPair([[1, NaN]]), 'OUT_OF_RANGE'],
    ['an infinite relative', () => bestAsset([[1, Infinity]]), 'OUT_OF_RANGE'],
    ['three assets as a pair', () => universalLogWealthOfPair([[1, 1, 1]]), 'LENGTH_MISMATCH'],
    ['no assets', () => uniformWeights(0), 'OUT_OF_RANGE'],
    ['shares that do not sum to 1', () => new BuyAndHold([0.5, 0.4]), 'NOT_A_DISTRIBUTION'],
    ['a negative share', () => new ConstantRebalanced([1.5, -0.5]), 'NOT_A_DISTRIBUTION'],
    ['shares of nothing', () => new BuyAndHold([]), 'EMPTY'],
    ['a rate that is NaN', () => new ExponentiatedGradientPortfolio(assets, NaN), 'OUT_OF_RANGE'],
    [
      'a window of one',
      () => new MovingAverageReversion(assets, { threshold: 10, window: 1 }),
      'OUT_OF_RANGE',
    ],
    [
      'more samples than memory',
      () => new UniversalPortfolio(1000, { samples: 1_000_000, random: mulberry32(1) }),
      'OUT_OF_RANGE',
    ],
    [
      'a negative confidence',
      () =>
        new ConfidenceWeighted(assets, { confidence: -1, threshold: 0.5, constraint: 'variance' }),
      'OUT_OF_RANGE',
    ],
    ['no cost rates', () => runAtCosts(new BuyAndHold([1]), [[1]], []), 'EMPTY'],
    [
      'a cost of all',
      () => runPortfolio(new BuyAndHold([1]), [[1]], { costRate: 1 }),
      'OUT_OF_RANGE',
    ],
  ];
  test.each(refused)('%s', (_, attempt, code) => {
    expect(attempt).toThrow(expect.objectContaining({ name: 'AlgorithmError', code }));
  });

  test('and leaves a strategy as it was', () => {
    for (const [, strategy] of fresh([
      [1.1, 0.9],
      [0.9, 1.2],
    ])) {
      strategy.update([1.1, 0.9]);
      const before = strategy.weights.slice();
      for (const row of [[1], [1, 0], [1, NaN]]) {
        expect(() => {
          strategy.update(row);
        }).toThrow();
      }
      expect(strategy.weights).toEqual(before);
    }
  });
});
