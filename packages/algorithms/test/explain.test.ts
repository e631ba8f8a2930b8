import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  explainRound,
  explainTrade,
  Hedge,
  hedgeUpdate,
  LmsrMarket,
  lmsrPrices,
  QuantumHedge,
  QuantumLmsr,
} from '../src/index.ts';
import { finite, floats, positiveDistribution } from './arbitraries.ts';

test('a trade of two of the last outcome, in words and numbers', () => {
  using market = new QuantumLmsr(2);
  const trade = {
    prior: lmsrPrices([3, 1, 0, -2], 2),
    shares: Float64Array.of(0, 0, 0, 2),
    liquidity: 2,
  };
  const { text, reasons } = market.explain(trade);
  expect(text.split('\n')).toEqual([
    'The trade costs 0.1619 at liquidity 2.0000, ' +
      'which takes 0.0809 from the logarithm of every price.',
    'Outcome 3 goes from 0.0491 to 0.1230: buying 2.0000 of it adds 1.0000.',
    'Outcome 0 goes from 0.5977 to 0.5512: none of it is traded.',
    'Outcome 1 goes from 0.2199 to 0.2028: none of it is traded.',
    'Outcome 2 goes from 0.1334 to 0.1230: none of it is traded.',
  ]);
  expect(reasons[0].ownPush).toBe(1);
});

test('own push and common pull make up every move of a price', () => {
  fc.assert(
    fc.property(
      positiveDistribution(4),
      floats(4, -20, 20),
      finite(0.1, 100),
      (prior, shares, liquidity) => {
        for (const reason of explainTrade({ prior, shares, liquidity }).reasons) {
          const { before, after, ownPush, commonPull } = reason;
          const move = Math.log(after) - Math.log(before);
          expect(Math.abs(move - (ownPush + commonPull))).toBeLessThan(1e-10);
        }
      },
    ),
  );
});

test('selling is called selling', () => {
  const market = new LmsrMarket({ outcomes: 2, liquidity: 1 });
  const { text } = market.explain(Float64Array.of(-1, 0));
  expect(text).toContain('selling 1.0000 of it takes 1.0000.');
  expect(market.sold()).toEqual(new Float64Array(2));
});

test('a learner says who has lost how much more than the best', () => {
  const hedge = new Hedge({ experts: 2, learningRate: 2 * Math.LN2 });
  hedge.update([0, 1]);
  const { text, reasons } = hedge.explain();
  expect(text.split('\n')).toEqual([
    'Expert 0 weighs 0.8000: nobody has lost less.',
    'Expert 1 weighs 0.2000: it lost 1.0000 more than the best, ' +
      'which at rate 1.3863 leaves 0.250 of the best weight.',
  ]);
  expect(reasons[1].factor).toBeCloseTo(0.25, 14);
});

test('the reasons of a learner are its weights, for any losses', () => {
  fc.assert(
    fc.property(fc.array(floats(4, 0, 1), { maxLength: 30 }), (rounds) => {
      const hedge = new Hedge({ experts: 4, learningRate: 0.7 });
      for (const losses of rounds) hedge.update(losses);
      const { reasons } = hedge.explain();
      const best = reasons[0].weight;
      for (const { weight, factor, lossBehindBest } of reasons) {
        expect(weight).toBeCloseTo(factor * best, 12);
        expect(lossBehindBest).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a round says how far each loss was from the mixture’s', () => {
  using hedge = new QuantumHedge(1);
  const { text, reasons } = hedge.explain([0.5, 0.5], [0, 1], 2 * Math.LN2);
  expect(text.split('\n')).toEqual([
    'The mixture lost 0.3390; the rate is 1.3863.',
    'Expert 0 goes from 0.5000 to 0.8000: it lost 0.0000, which adds 0.4700.',
    'Expert 1 goes from 0.5000 to 0.2000: it lost 1.0000, which takes 0.9163.',
  ]);
  const { mixLoss } = hedgeUpdate([0.5, 0.5], [0, 1], 2 * Math.LN2);
  expect(explainRound([0.5, 0.5], [0, 1], 2 * Math.LN2).mixLoss).toBe(mixLoss);
  for (const { before, after, push } of reasons) {
    expect(Math.log(after / before)).toBeCloseTo(push, 12);
  }
});
