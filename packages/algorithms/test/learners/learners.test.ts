import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AdaHedge,
  AnytimeHedge,
  ExponentiatedGradient,
  FixedShare,
  Hedge,
  LmsrMarket,
  NormalHedge,
  Squint,
} from '../../src/index.ts';
import { finite, floats } from '../arbitraries.ts';
import { play, SEQUENCES } from './loss-sequences.ts';

const rounds = fc.array(floats(4, 0, 1), { minLength: 1, maxLength: 50 });

const LEARNERS = [
  ['Hedge', (experts: number) => new Hedge({ experts, learningRate: 0.5 })],
  ['AnytimeHedge', (experts: number) => new AnytimeHedge(experts)],
  ['AdaHedge', (experts: number) => new AdaHedge(experts)],
  ['NormalHedge', (experts: number) => new NormalHedge(experts)],
  ['Squint', (experts: number) => new Squint(experts)],
  [
    'FixedShare',
    (experts: number) => new FixedShare({ experts, learningRate: 0.5, switching: 0.01 }),
  ],
  [
    'ExponentiatedGradient',
    (experts: number) =>
      new ExponentiatedGradient({ experts, learningRate: 0.5, gradientBound: 1 }),
  ],
] as const;

describe.each(LEARNERS)('%s', (_, make) => {
  test('weighs evenly at first, and its weights always sum to 1', () => {
    expect(make(4).weights()).toEqual(new Float64Array(4).fill(0.25));
    fc.assert(
      fc.property(rounds, (sequence) => {
        const learner = make(4);
        for (const losses of sequence) {
          learner.update(losses);
          const weights = learner.weights();
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
          weights.forEach((weight) => expect(weight).toBeGreaterThanOrEqual(0));
        }
      }),
    );
  });

  test('comes to follow the one expert that is always right', () => {
    const learner = make(4);
    for (let round = 0; round < 2000; round += 1) learner.update([1, 1, 0, 1]);
    expect(learner.weights()[2]).toBeGreaterThan(0.95);
  });

  test('20 000 rounds leave it finite', () => {
    const learner = make(2);
    for (let round = 0; round < 20_000; round += 1) learner.update([1, round % 2]);
    expect(learner.weights()[1]).toBeGreaterThan(0.95);
  });

  test.each([
    ['too few losses', [0, 1], 'LENGTH_MISMATCH'],
    ['a loss above 1', [0, 1, 2, 0], 'OUT_OF_RANGE'],
    ['a loss that is NaN', [0, 1, NaN, 0], 'OUT_OF_RANGE'],
    ['an infinite loss', [0, 1, -Infinity, 0], 'OUT_OF_RANGE'],
  ])('refuses %s and is left as it was', (_, losses, code) => {
    const learner = make(4);
    learner.update([0, 0.5, 1, 0.25]);
    const before = learner.weights();
    expect(() => learner.update(losses)).toThrow(expect.objectContaining({ code }));
    expect(learner.weights()).toEqual(before);
  });

  test.each([0, -1, 1.5, NaN, 2 ** 21])('refuses %s experts', (experts) => {
    expect(() => make(experts)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

test('a market maker with b = 1/η is a Hedge learner', () => {
  fc.assert(
    fc.property(rounds, finite(0.01, 10), (sequence, learningRate) => {
      const hedge = new Hedge({ experts: 4, learningRate });
      const market = new LmsrMarket({ outcomes: 4, liquidity: 1 / learningRate });
      for (const losses of sequence) {
        const mixLoss = hedge.update(losses);
        const cost = market.trade(losses.map((loss) => -loss));
        expect(cost).toBeCloseTo(-mixLoss, 12);
        market.prices().forEach((price, i) => expect(price).toBeCloseTo(hedge.weights()[i], 12));
      }
    }),
  );
});

test('on linear losses exponentiated gradient is Hedge, to the last bit', () => {
  fc.assert(
    fc.property(rounds, (sequence) => {
      const hedge = new Hedge({ experts: 4, learningRate: 0.7 });
      const descent = new ExponentiatedGradient({
        experts: 4,
        learningRate: 0.7,
        gradientBound: 1,
      });
      for (const losses of sequence) {
        hedge.update(losses);
        descent.update(losses);
        expect(descent.weights()).toEqual(hedge.weights());
      }
    }),
  );
});

test('without switching fixed share is Hedge; where the best expert shifts it loses less', () => {
  const hedge = new Hedge({ experts: 4, learningRate: 0.7 });
  const still = new FixedShare({ experts: 4, learningRate: 0.7, switching: 0 });
  for (const losses of [
    [0, 1, 0.5, 0.2],
    [0.3, 0.1, 0.9, 1],
  ]) {
    expect(still.update(losses)).toBeCloseTo(hedge.update(losses), 14);
    still.weights().forEach((weight, i) => expect(weight).toBeCloseTo(hedge.weights()[i], 14));
  }
  const shifting = SEQUENCES.find(([name]) => name === 'shifting');
  if (shifting === undefined) throw new Error('there is no shifting sequence');
  const total = (learner: Hedge | FixedShare) => {
    let final = 0;
    play(learner, [10, 2000], shifting[1], ({ loss }) => (final = loss));
    return final;
  };
  const fixed = total(new Hedge({ experts: 10, learningRate: 0.3 }));
  const sharing = total(new FixedShare({ experts: 10, learningRate: 0.3, switching: 0.01 }));
  expect(sharing).toBeLessThan(0.8 * fixed);
});

test('AdaHedge pays next to nothing where following the leader is enough', () => {
  const learner = new AdaHedge(3);
  for (let round = 0; round < 10_000; round += 1) learner.update([0, 0.5, 1]);
  expect(learner.mixabilityGaps).toBeLessThan(2);
});

test('NormalHedge gives an expert that is behind nothing, and its mean exponential is e', () => {
  const learner = new NormalHedge(4);
  learner.update([0, 1, 0.5, 0.25]);
  learner.update([0, 1, 0.5, 0.25]);
  const weights = learner.weights();
  expect(weights[1]).toBe(0);
  expect(weights[0]).toBeGreaterThan(weights[3]);
  expect(learner.scale).toBeGreaterThan(0);
});

describe('rates that are refused', () => {
  test.each([
    () => new FixedShare({ experts: 2, learningRate: 1, switching: 0.6 }),
    () => new FixedShare({ experts: 2, learningRate: 1, switching: NaN }),
    () => new FixedShare({ experts: 2, learningRate: 0, switching: 0.1 }),
    () => new ExponentiatedGradient({ experts: 2, learningRate: 1, gradientBound: 0 }),
    () => new ExponentiatedGradient({ experts: 2, learningRate: NaN, gradientBound: 1 }),
  ])('%s', (make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'AlgorithmError', code: 'OUT_OF_RANGE' }));
  });
});
