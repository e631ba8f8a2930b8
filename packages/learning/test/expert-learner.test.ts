import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Hedge } from '@sema/algorithms';
import { mulberry32, probabilities, StateVector } from '@sema/simulator';
import { exp, log } from '@sema/simulator/elementary';
import { effectiveLosses, ExpertLearner } from '../src/index.ts';
import {
  allAwake,
  codeOf,
  dot,
  largestDifference,
  sleepyGames,
  sum,
  wakefulGames,
  type Game,
} from './expert-games.ts';

function learnerFor({ experts, learningRate }: Game): ExpertLearner {
  return new ExpertLearner({ experts, learningRate });
}

/** Largest excess of the learner's loss over a bound on it, over all prefixes. */
function largestExcess(
  experts: number,
  learningRate: number,
  rounds: number,
  lossesAt: (round: number, weights: Float64Array) => readonly number[],
  bound: (bestLoss: number, rounds: number) => number,
): number {
  const learner = new ExpertLearner({ experts, learningRate });
  const cumulative = new Float64Array(experts);
  let suffered = 0;
  let excess = -Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const weights = learner.weights;
    const losses = lossesAt(round, weights);
    suffered += dot(weights, losses);
    let best = Infinity;
    for (let i = 0; i < experts; i += 1) {
      cumulative[i] += losses[i];
      best = Math.min(best, cumulative[i]);
    }
    learner.update(losses, allAwake(experts));
    excess = Math.max(excess, suffered - bound(best, round + 1));
  }
  return excess;
}

describe('the weights of an ExpertLearner', () => {
  test('are market prices when losses are shares sold: LMSR with b = 1/η', () => {
    // Shares (3, 1, 0, −2) at b = 2 give these prices; Hanson (2003) with Chen & Vaughan (2010).
    const learner = new ExpertLearner({ experts: 4, learningRate: 0.5 });
    for (let round = 0; round < 5; round += 1) learner.update([0, 0.4, 0.6, 1], allAwake(4));
    const prices = [0.597695, 0.21988, 0.133364, 0.049062];
    expect(largestDifference(learner.weights, prices)).toBeLessThan(5e-7);
  });

  test('are uniform before the first round and stay in place for equal losses', () => {
    const learner = new ExpertLearner({ experts: 14, learningRate: 0.1 });
    const before = learner.weights;
    expect(largestDifference(before, new Array<number>(14).fill(1 / 14))).toBeLessThan(1e-16);
    learner.update(new Array<number>(14).fill(0.7), allAwake(14));
    expect(largestDifference(learner.weights, before)).toBeLessThan(1e-16);
  });

  test('equal those of Hedge in every round', () => {
    fc.assert(
      fc.property(wakefulGames, (game) => {
        const learner = learnerFor(game);
        const hedge = new Hedge(game);
        for (const { losses, awake } of game.rounds) {
          learner.update(losses, awake);
          hedge.update(losses);
          expect(largestDifference(learner.weights, hedge.weights())).toBeLessThan(1e-12);
        }
      }),
    );
  });

  test('equal those of Hedge with the effective losses when experts sleep', () => {
    fc.assert(
      fc.property(sleepyGames, (game) => {
        const learner = learnerFor(game);
        const hedge = new Hedge(game);
        for (const { losses, awake } of game.rounds) {
          const effective = effectiveLosses(learner.weights, losses, awake, game.learningRate);
          learner.update(losses, awake);
          if (effective !== undefined) hedge.update(effective);
          expect(largestDifference(learner.weights, hedge.weights())).toBeLessThan(1e-12);
        }
      }),
    );
  });

  test('of sleeping experts stay, and the awake share what they had', () => {
    fc.assert(
      fc.property(sleepyGames, (game) => {
        const learner = learnerFor(game);
        for (const { losses, awake } of game.rounds) {
          const before = learner.weights;
          learner.update(losses, awake);
          const after = learner.weights;
          // The specialists' rule, written without a mix loss.
          const shrunk = before.map((w, i) =>
            awake[i] ? w * exp(-game.learningRate * losses[i]) : 0,
          );
          const awakeShare = sum(before.filter((_, i) => awake[i]));
          const expected = before.map((w, i) =>
            awake[i] ? (shrunk[i] / sum(shrunk)) * awakeShare : w,
          );
          expect(largestDifference(after, expected)).toBeLessThan(1e-14);
        }
      }),
    );
  });

  test('equal those of Hedge over 2000 random rounds', () => {
    const random = mulberry32(1);
    const learner = new ExpertLearner({ experts: 8, learningRate: 0.1 });
    const hedge = new Hedge({ experts: 8, learningRate: 0.1 });
    for (let round = 0; round < 2000; round += 1) {
      const losses = Array.from({ length: 8 }, () => random.next());
      learner.update(losses, allAwake(8));
      hedge.update(losses);
    }
    expect(largestDifference(learner.weights, hedge.weights())).toBeLessThan(1e-12);
  });

  test('are the Born weights of a quantum state, and unused basis states stay empty', () => {
    const learner = new ExpertLearner({ experts: 5, learningRate: 0.5 });
    for (const losses of [
      [0, 1, 0.5, 0.2, 0.9],
      [1, 0, 0.25, 0.2, 0.1],
    ]) {
      learner.update(losses, [true, true, false, true, true]);
    }
    using state = StateVector.from(learner.amplitudes);
    expect(probabilities(state).slice(0, 5)).toEqual(learner.weights);
    expect([...learner.amplitudes.slice(5)]).toEqual([0, 0, 0]);
  });

  test('of a single expert stay 1', () => {
    const learner = new ExpertLearner({ experts: 1, learningRate: 1 });
    learner.update([1], [true]);
    expect([...learner.weights]).toEqual([1]);
  });

  test('of a hopeless expert stop at 2^−1000, from where it comes back', () => {
    const learner = new ExpertLearner({ experts: 2, learningRate: 8 });
    for (let round = 0; round < 1000; round += 1) learner.update([0, 1], allAwake(2));
    expect([...learner.weights]).toEqual([1, 9.332636185032189e-302]);
    // 693 nats at 8 a round.
    for (let round = 0; round < 88; round += 1) learner.update([1, 0], allAwake(2));
    expect(learner.weights[1]).toBeGreaterThan(0.99);
  });

  test('keep the norm at 1 within 1e-12 over 100 000 rounds', () => {
    const random = mulberry32(7);
    const learner = new ExpertLearner({ experts: 14, learningRate: 0.05 });
    const losses = new Float64Array(14);
    const awake = allAwake(14);
    let drift = 0;
    for (let round = 0; round < 100_000; round += 1) {
      for (let i = 0; i < 14; i += 1) {
        losses[i] = random.next();
        awake[i] = random.next() < 0.7;
      }
      learner.update(losses, awake);
      if (round % 100 === 0) drift = Math.max(drift, Math.abs(sum(learner.weights) - 1));
    }
    expect(drift).toBeLessThan(1e-12);
    expect(learner.rounds).toBe(100_000);
  });
});

describe('the regret of an ExpertLearner', () => {
  const bound = (experts: number, rate: number) => (best: number, rounds: number) =>
    best + log(experts) / rate + (rate * rounds) / 8;

  test('is at most ln N/η + ηT/8 after every round of every game', () => {
    fc.assert(
      fc.property(wakefulGames, ({ experts, learningRate, rounds }) => {
        const excess = largestExcess(
          experts,
          learningRate,
          rounds.length,
          (round) => rounds[round].losses,
          bound(experts, learningRate),
        );
        // The bound holds with equality at N = 1 and losses of 0: leave room for rounding.
        expect(excess).toBeLessThan(1e-12);
      }),
    );
  });

  test('is at most that when an adversary punishes the heaviest expert', () => {
    for (const [experts, rate] of [
      [2, 0.1],
      [14, 0.05],
      [14, 1],
    ]) {
      const punishing = (_: number, weights: Float64Array) => {
        const heaviest = weights.indexOf(Math.max(...weights));
        return Array.from(weights, (_weight, i) => (i === heaviest ? 1 : 0));
      };
      const excess = largestExcess(experts, rate, 2000, punishing, bound(experts, rate));
      expect(excess, `${experts} experts at ${rate}`).toBeLessThan(0);
    }
  });

  test('is at most that when two experts are right in turn and the leader always errs', () => {
    const turns = (round: number) => [round % 2, 1 - (round % 2)];
    expect(largestExcess(2, 0.2, 1000, turns, bound(2, 0.2))).toBeLessThan(0);
  });

  test('is small when one expert is nearly perfect: (η L* + ln N)/(1 − e^{−η})', () => {
    const random = mulberry32(3);
    const nearlyPerfect = () =>
      Array.from({ length: 8 }, (_, i) => (i === 3 ? 0.01 * random.next() : random.next()));
    const firstOrder = (best: number) => (0.5 * best + log(8)) / (1 - exp(-0.5));
    expect(largestExcess(8, 0.5, 1000, nearlyPerfect, firstOrder)).toBeLessThan(1e-12);
  });

  test('against a specialist counts only its waking rounds', () => {
    fc.assert(
      fc.property(sleepyGames, (game) => {
        const learner = learnerFor(game);
        const regret = new Float64Array(game.experts);
        const wakingRounds = new Float64Array(game.experts);
        for (const { losses, awake } of game.rounds) {
          const weights = learner.weights.map((w, i) => (awake[i] ? w : 0));
          const suffered = dot(weights, losses) / sum(weights);
          learner.update(losses, awake);
          for (let i = 0; i < game.experts; i += 1) {
            if (!awake[i]) continue;
            regret[i] += suffered - losses[i];
            wakingRounds[i] += 1;
            // Hoeffding is paid in waking rounds only; Freund et al. (1997), theorem 1.
            const limit =
              log(game.experts) / game.learningRate + (game.learningRate * wakingRounds[i]) / 8;
            expect(regret[i]).toBeLessThan(limit + 1e-12);
          }
        }
      }),
    );
  });
});

describe('an ExpertLearner given bad input', () => {
  test('refuses it by code and keeps its state', () => {
    const learner = new ExpertLearner({ experts: 3, learningRate: 0.5 });
    learner.update([0, 0.5, 1], allAwake(3));
    const before = learner.snapshot();
    for (const bad of [NaN, Infinity, -Infinity, -1e-12, 1 + 1e-12, 1e300]) {
      const code = codeOf(() => {
        learner.update([0, bad, 1], allAwake(3));
      });
      expect(code, `loss ${bad}`).toBe('INVALID_LOSS');
    }
    for (const [losses, awake] of [
      [[], []],
      [[0, 1], allAwake(3)],
      [[0, 1, 0], allAwake(2)],
      [[0, 1, 0, 1], allAwake(4)],
    ] as const) {
      const code = codeOf(() => {
        learner.update(losses, awake);
      });
      expect(code).toBe('LENGTH_MISMATCH');
    }
    const holed = new Array<boolean>(3);
    holed[0] = holed[2] = true;
    expect(() => {
      learner.update([0, 1, 0], holed);
    }).toThrow(TypeError);
    expect(learner.snapshot()).toEqual(before);
  });

  test('takes −0 for a loss of 0', () => {
    const [a, b] = [0, -0].map((loss) => {
      const learner = new ExpertLearner({ experts: 2, learningRate: 1 });
      learner.update([loss, 1], allAwake(2));
      return learner.weights;
    });
    expect(a).toEqual(b);
  });

  test('does not read the loss of a sleeping expert and does nothing when all sleep', () => {
    const learner = new ExpertLearner({ experts: 2, learningRate: 1 });
    learner.update([0.5, NaN], [true, false]);
    expect(largestDifference(learner.weights, [0.5, 0.5])).toBeLessThan(1e-15);
    const before = learner.snapshot();
    learner.update([NaN, Infinity], [false, false]);
    expect(learner.snapshot()).toEqual(before);
    expect(learner.rounds).toBe(1);
  });

  test('refuses impossible options', () => {
    for (const experts of [0, -1, 1.5, NaN, Infinity, 32_769]) {
      const code = codeOf(() => new ExpertLearner({ experts, learningRate: 1 }));
      expect(code, `${experts} experts`).toBe('INVALID_OPTION');
    }
    for (const learningRate of [0, -0, -1, NaN, Infinity, 8.1, 1e-10]) {
      const code = codeOf(() => new ExpertLearner({ experts: 2, learningRate }));
      expect(code, `rate ${learningRate}`).toBe('INVALID_OPTION');
    }
  });
});

describe('a restored ExpertLearner', () => {
  test('continues bit for bit', () => {
    fc.assert(
      fc.property(sleepyGames, fc.nat(), (game, cut) => {
        const learner = learnerFor(game);
        const middle = cut % game.rounds.length;
        let twin: ExpertLearner | undefined;
        game.rounds.forEach(({ losses, awake }, round) => {
          if (round === middle) twin = ExpertLearner.restore(learner.snapshot());
          learner.update(losses, awake);
          twin?.update(losses, awake);
        });
        expect(twin?.snapshot()).toStrictEqual(learner.snapshot());
      }),
    );
  });

  test('shares no memory with the snapshot', () => {
    const learner = new ExpertLearner({ experts: 2, learningRate: 1 });
    const snapshot = learner.snapshot();
    const twin = ExpertLearner.restore(snapshot);
    snapshot.amplitudes.fill(0);
    learner.weights.fill(0);
    learner.amplitudes.fill(0);
    expect(twin.weights).toEqual(learner.weights);
    expect(sum(twin.weights)).toBeCloseTo(1, 15);
  });

  test('is refused when the snapshot could not be one', () => {
    const learner = new ExpertLearner({ experts: 3, learningRate: 0.5 });
    learner.update([0, 0.5, 1], allAwake(3));
    const good = learner.snapshot();
    const spoilt = (index: number, value: number) => {
      const amplitudes = good.amplitudes.slice();
      amplitudes[index] = value;
      return { ...good, amplitudes };
    };
    const broken: unknown[] = [
      undefined,
      null,
      7,
      {},
      { ...good, experts: 4 },
      { ...good, experts: '3' },
      { ...good, experts: 1e9 },
      { ...good, learningRate: NaN },
      { ...good, learningRate: 0 },
      { ...good, rounds: -1 },
      { ...good, rounds: 1.5 },
      { ...good, rounds: Infinity },
      { ...good, amplitudes: [...good.amplitudes] },
      { ...good, amplitudes: good.amplitudes.slice(0, 3) },
      { ...good, amplitudes: Float64Array.of(...good.amplitudes, 0) },
      { ...good, amplitudes: Float64Array.of(1, 0, 0, 0) },
      { ...good, amplitudes: good.amplitudes.map((amplitude) => amplitude * (1 + 1e-11)) },
      { ...good, amplitudes: good.amplitudes.map((amplitude) => -amplitude) },
      spoilt(0, NaN),
      spoilt(0, Infinity),
      spoilt(0, 0),
      spoilt(3, 1e-300),
      spoilt(3, -0),
    ];
    broken.forEach((snapshot, i) => {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => ExpertLearner.restore(snapshot as typeof good));
      expect(code, `broken snapshot ${i}`).toBe('INVALID_SNAPSHOT');
    });
  });
});
