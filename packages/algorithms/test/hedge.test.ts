import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hedge, hedgeUpdate, lmsrCost, lmsrPrices, mixtureProbability } from '../src/index.ts';
import { distribution, finite, floats } from './arbitraries.ts';

type Losses = (round: number, weights: Float64Array) => Float64Array;

/** Whoever leads loses everything, all others nothing. */
const adversarial: Losses = (_, weights) => {
  const heaviest = weights.indexOf(Math.max(...weights));
  return weights.map((_, i) => (i === heaviest ? 1 : 0));
};

/** Two camps are right by turns. */
const alternating: Losses = (round, weights) => weights.map((_, i) => (i + round) % 2);

/** Another expert is the good one every `period` rounds. */
function shifting(period: number): Losses {
  return (round, weights) => {
    const good = Math.floor(round / period) % weights.length;
    return weights.map((_, i) => (i === good ? 0.1 : 0.8));
  };
}

function independent(table: readonly Float64Array[]): Losses {
  return (round) => table[round % table.length];
}

const game = fc.integer({ min: 1, max: 12 }).chain((experts) =>
  fc.record({
    experts: fc.constant(experts),
    learningRate: fc.oneof(finite(1e-3, 5), fc.constantFrom(1e-9, 100, 500)),
    losses: fc.oneof(
      fc.constant(adversarial),
      fc.constant(alternating),
      fc.integer({ min: 1, max: 60 }).map(shifting),
      fc.array(floats(experts, 0, 1), { minLength: 1, maxLength: 50 }).map(independent),
    ),
  }),
);

function best(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

test('the regret bound ln N/η + ηT/8 holds on every prefix of every sequence', () => {
  fc.assert(
    fc.property(game, ({ experts, learningRate, losses }) => {
      const hedge = new Hedge({ experts, learningRate });
      const cumulative = new Float64Array(experts);
      let own = 0;
      for (let round = 0; round < 200; round += 1) {
        const weights = hedge.weights();
        const suffered = losses(round, weights);
        suffered.forEach((loss, i) => {
          own += weights[i] * loss;
          cumulative[i] += loss;
        });
        hedge.update(suffered);
        const bound =
          best(cumulative) + Math.log(experts) / learningRate + (learningRate * (round + 1)) / 8;
        // 200 sums of numbers up to 200 round to 1e-11 at most.
        expect(own).toBeLessThanOrEqual(bound + 1e-10);
        const firstOrder =
          (learningRate * best(cumulative) + Math.log(experts)) / -Math.expm1(-learningRate);
        expect(own).toBeLessThanOrEqual(firstOrder * (1 + 1e-6) + 1e-10);
      }
    }),
    { numRuns: 150 },
  );
});

test('at η = √(8 ln N / T) an opponent who punishes the leader stays below √(T ln N / 2)', () => {
  const rounds = 10_000;
  const experts = 2;
  const hedge = new Hedge({ experts, learningRate: Math.sqrt((8 * Math.log(experts)) / rounds) });
  const cumulative = new Float64Array(experts);
  let own = 0;
  for (let round = 0; round < rounds; round += 1) {
    const weights = hedge.weights();
    const suffered = adversarial(round, weights);
    suffered.forEach((loss, i) => {
      own += weights[i] * loss;
      cumulative[i] += loss;
    });
    hedge.update(suffered);
  }
  const bound = Math.sqrt((rounds * Math.log(experts)) / 2);
  expect(own - best(cumulative)).toBeLessThanOrEqual(bound);
  expect(own - best(cumulative)).toBeGreaterThan(bound / 4);
});

test('the mix losses add up to −(1/η) ln of the mean of e^{−ηL}', () => {
  fc.assert(
    fc.property(game, ({ experts, learningRate, losses }) => {
      const hedge = new Hedge({ experts, learningRate });
      const cumulative = new Float64Array(experts);
      let mixed = 0;
      for (let round = 0; round < 100; round += 1) {
        const weights = hedge.weights();
        const suffered = losses(round, weights);
        const average = weights.reduce((sum, weight, i) => sum + weight * suffered[i], 0);
        const mixLoss = hedge.update(suffered);
        mixed += mixLoss;
        suffered.forEach((loss, i) => (cumulative[i] += loss));
        // A mix loss is a difference of two logarithms over η, each right to 1e-15.
        const tolerance = 1e-12 + 1e-14 / learningRate;
        expect(mixLoss).toBeLessThanOrEqual(average + tolerance);
        expect(mixLoss).toBeGreaterThanOrEqual(best(suffered) - tolerance);
      }
      const least = best(cumulative);
      const mean =
        cumulative.reduce((sum, loss) => sum + Math.exp(learningRate * (least - loss)), 0) /
        experts;
      expect(Math.abs(mixed - least + Math.log(mean) / learningRate)).toBeLessThan(
        1e-10 + 1e-13 / learningRate,
      );
    }),
  );
});

test('a learner is a market maker: q is minus the cumulative loss, b is 1/η', () => {
  fc.assert(
    fc.property(
      fc.array(floats(5, 0, 1), { minLength: 1, maxLength: 30 }),
      finite(0.01, 10),
      (rounds, learningRate) => {
        const hedge = new Hedge({ experts: 5, learningRate });
        const q = new Float64Array(5);
        for (const losses of rounds) {
          const before = lmsrCost(q, 1 / learningRate);
          const mixLoss = hedge.update(losses);
          losses.forEach((loss, i) => (q[i] -= loss));
          expect(mixLoss).toBeCloseTo(before - lmsrCost(q, 1 / learningRate), 10);
          const prices = lmsrPrices(q, 1 / learningRate);
          hedge.weights().forEach((weight, i) => expect(weight).toBeCloseTo(prices[i], 12));
        }
      },
    ),
  );
});

test('a round from given weights is a round of the learner', () => {
  fc.assert(
    fc.property(
      fc.array(floats(4, 0, 1), { maxLength: 30 }),
      floats(4, 0, 1),
      finite(0.01, 10),
      (past, losses, rate) => {
        const hedge = new Hedge({ experts: 4, learningRate: rate });
        for (const earlier of past) hedge.update(earlier);
        const round = hedgeUpdate(hedge.weights(), losses, rate);
        expect(hedge.update(losses)).toBeCloseTo(round.mixLoss, 11);
        hedge.weights().forEach((weight, i) => expect(weight).toBeCloseTo(round.weights[i], 12));
      },
    ),
  );
});

test('after a million rounds a written-off expert comes back, and nothing has underflowed', () => {
  const hedge = new Hedge({ experts: 3, learningRate: 2 });
  const first = Float64Array.of(0, 1, 1);
  const second = Float64Array.of(1, 0, 1);
  let mixed = 0;
  for (let round = 0; round < 500_000; round += 1) mixed += hedge.update(first);
  expect(hedge.weights()).toEqual(Float64Array.of(1, 0, 0));
  for (let round = 0; round < 500_000; round += 1) mixed += hedge.update(second);
  expect(hedge.weights()).toEqual(Float64Array.of(0.5, 0.5, 0));
  expect(mixed).toBeCloseTo(500_000 + Math.log(3 / 2) / 2, 6);
});

test('a mixture is the weighted mean of the opinions', () => {
  expect(mixtureProbability([0.25, 0.75], [1, 0.2])).toBeCloseTo(0.4, 15);
  fc.assert(
    fc.property(distribution(6), floats(6, 0, 1), (weights, probabilities) => {
      const mixed = mixtureProbability(weights, probabilities);
      expect(mixed).toBeGreaterThanOrEqual(Math.min(...probabilities) - 1e-15);
      expect(mixed).toBeLessThanOrEqual(Math.max(...probabilities) + 1e-15);
    }),
  );
});

test('experts who are all sure are believed: the mixture is never above 1', () => {
  fc.assert(
    fc.property(distribution(7), (weights) => {
      expect(mixtureProbability(weights, new Float64Array(7).fill(1))).toBe(1);
    }),
  );
});

test('weights are a copy', () => {
  const hedge = new Hedge({ experts: 2, learningRate: 1 });
  hedge.weights()[0] = 9;
  expect(hedge.weights()).toEqual(Float64Array.of(0.5, 0.5));
});

describe('bad input is refused', () => {
  test.each([
    ['no experts', { experts: 0, learningRate: 1 }],
    ['half an expert', { experts: 1.5, learningRate: 1 }],
    ['too many experts', { experts: 2 ** 20 + 1, learningRate: 1 }],
    ['experts that are NaN', { experts: NaN, learningRate: 1 }],
    ['no learning rate', { experts: 2, learningRate: 0 }],
    ['a negative learning rate', { experts: 2, learningRate: -1 }],
    ['a learning rate that is NaN', { experts: 2, learningRate: NaN }],
    ['an infinite learning rate', { experts: 2, learningRate: Infinity }],
  ])('%s', (_, options) => {
    expect(() => new Hedge(options)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });

  test.each([
    ['no losses', [], 'LENGTH_MISMATCH'],
    ['too many losses', [0, 0, 0], 'LENGTH_MISMATCH'],
    ['a negative loss', [0, -1e-9], 'OUT_OF_RANGE'],
    ['a loss above 1', [1.000001, 0], 'OUT_OF_RANGE'],
    ['a loss that is NaN', [0, NaN], 'OUT_OF_RANGE'],
  ])('%s, and the learner is as it was', (_, losses, code) => {
    const hedge = new Hedge({ experts: 2, learningRate: 1 });
    hedge.update([0, 1]);
    const before = hedge.weights();
    expect(() => hedge.update(losses)).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
    expect(hedge.weights()).toEqual(before);
  });

  test('weights that are no distribution, opinions that are no probabilities', () => {
    expect(() => hedgeUpdate([0.5, 0.6], [0, 1], 1)).toThrow(
      expect.objectContaining({ code: 'NOT_A_DISTRIBUTION' }),
    );
    expect(() => hedgeUpdate([0.5, 0.5], [0], 1)).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
    expect(() => hedgeUpdate([], [], 1)).toThrow(expect.objectContaining({ code: 'EMPTY' }));
    expect(() => hedgeUpdate([1], [0], 0)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
    expect(() => mixtureProbability([0.5, 0.5], [1])).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
    expect(() => mixtureProbability([0.5, 0.5], [1, 1.1])).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
    expect(() => mixtureProbability([NaN, 1], [1, 1])).toThrow(
      expect.objectContaining({ code: 'NOT_A_DISTRIBUTION' }),
    );
  });
});
