import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Hedge } from '@sema/algorithms';
import { mulberry32 } from '@sema/simulator';
import { log } from '@sema/simulator/elementary';
import { ExperienceRegister, type UpdateForm } from '../src/index.ts';
import { allAwake, codeOf, dot, largestDifference, sum } from './expert-games.ts';

const FORMS: readonly UpdateForm[] = ['rotation', 'first-order', 'ancilla'];
/** One cell of the sixteen: the register is then an expert learner for that cell. */
const HERE = { regimes: [0, 1, 0, 0], contexts: [0, 0, 1, 0] };
const ELSEWHERE = { regimes: [0, 1, 0, 0], contexts: [1, 0, 0, 0] };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const memberships = fc.tuple(share, share, share, share).map((raw) => {
  const total = sum(raw);
  return total > 1e-3 ? raw.map((x) => x / total) : [0.25, 0.25, 0.25, 0.25];
});
const round = (experts: number) =>
  fc.record({
    losses: fc.array(share, { minLength: experts, maxLength: experts }),
    awake: fc.array(fc.boolean(), { minLength: experts, maxLength: experts }),
    presence: fc.record({ regimes: memberships, contexts: memberships }),
  });

describe('an ExperienceRegister in one cell', () => {
  test('has the weights of Hedge by rotation and by ancilla, over 500 rounds', () => {
    for (const form of ['rotation', 'ancilla'] as const) {
      using register = new ExperienceRegister({ experts: 8, learningRate: 0.1, form });
      const hedge = new Hedge({ experts: 8, learningRate: 0.1 });
      const random = mulberry32(1);
      for (let t = 0; t < 500; t += 1) {
        const losses = Array.from({ length: 8 }, () => random.next());
        register.update(losses, allAwake(8), HERE, 0);
        hedge.update(losses);
      }
      expect(largestDifference(register.weights(HERE), hedge.weights()), form).toBeLessThan(1e-12);
    }
  });

  test('stays within 2 % of the weights of Hedge in the first-order form at η = 0.1', () => {
    using register = new ExperienceRegister({ experts: 8, learningRate: 0.1, form: 'first-order' });
    const hedge = new Hedge({ experts: 8, learningRate: 0.1 });
    const random = mulberry32(1);
    let gap = 0;
    for (let t = 0; t < 1000; t += 1) {
      const losses = Array.from({ length: 8 }, () => random.next());
      register.update(losses, allAwake(8), HERE, 0);
      hedge.update(losses);
      gap = Math.max(gap, largestDifference(register.weights(HERE), hedge.weights()));
    }
    // A round's error is O(η²); the sum of losses that nearly cancel brings it to about 1 %.
    expect(gap).toBeGreaterThan(1e-4);
    expect(gap).toBeLessThan(0.02);
  });

  test('says nothing about another cell', () => {
    using register = new ExperienceRegister({ experts: 3, learningRate: 1, form: 'rotation' });
    for (let t = 0; t < 20; t += 1) register.update([0, 0.5, 1], allAwake(3), HERE, 0);
    expect(register.weights(HERE)[0]).toBeGreaterThan(0.99);
    expect(largestDifference(register.weights(ELSEWHERE), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(
      1e-14,
    );
  });
});

describe('the regret of an ExperienceRegister', () => {
  const cells = Array.from({ length: 16 }, (_, cell) => [cell & 3, cell >> 2] as const);

  /** Checks the bound for every regime, context and expert after every round. */
  function checkGame(
    form: UpdateForm,
    learningRate: number,
    experts: number,
    rounds: readonly {
      readonly losses: readonly number[];
      readonly awake: readonly boolean[];
      readonly presence: {
        readonly regimes: readonly number[];
        readonly contexts: readonly number[];
      };
    }[],
  ): void {
    using register = new ExperienceRegister({ experts, learningRate, form });
    const regret = new Float64Array(16 * experts);
    const presentRounds = new Float64Array(16 * experts);
    const slack = form === 'first-order' ? 0.75 * learningRate : 0;
    rounds.forEach(({ losses, awake, presence }, t) => {
      const weights = register.weights(presence).map((w, e) => (awake[e] ? w : 0));
      register.update(losses, awake, presence, 0);
      if (!awake.includes(true)) return;
      const suffered = dot(weights, losses) / sum(weights);
      for (const [regime, context] of cells) {
        const present = presence.regimes[regime] * presence.contexts[context];
        for (let e = 0; e < experts; e += 1) {
          if (!awake[e]) continue;
          const at = (4 * context + regime) * experts + e;
          regret[at] += present * (suffered - losses[e]);
          presentRounds[at] += present;
          const paid = slack > 0 ? slack * (t + 1) : (learningRate / 8) * presentRounds[at];
          const bound = log(16 * experts) / learningRate + paid;
          // Rounding in the weights over at most 60 rounds.
          expect(regret[at], `${form}, round ${t}`).toBeLessThanOrEqual(bound + 1e-10);
        }
      }
    });
  }

  test.each(['rotation', 'first-order'] as const)(
    'keeps its bound by %s, for every regime, context and expert at every prefix',
    (form) => {
      const most = form === 'first-order' ? 0.5 : 4;
      const game = fc.integer({ min: 1, max: 6 }).chain((experts) =>
        fc.record({
          experts: fc.constant(experts),
          rate: fc.double({ min: 0.01, max: most, noNaN: true }),
          rounds: fc.array(round(experts), { minLength: 1, maxLength: 40 }),
        }),
      );
      fc.assert(
        fc.property(game, ({ experts, rate, rounds }) => {
          checkGame(form, rate, experts, rounds);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('keeps its bound by the ancilla', () => {
    const rounds = fc.sample(round(5), { numRuns: 60, seed: 11 });
    checkGame('ancilla', 0.5, 5, rounds);
  });

  test.each(FORMS)('by %s is that of Hedge, ln N/η + ηT/8, over 1000 rounds', (form) => {
    using register = new ExperienceRegister({ experts: 8, learningRate: 0.13, form });
    const random = mulberry32(5);
    const cumulative = new Float64Array(8);
    let suffered = 0;
    const rounds = form === 'ancilla' ? 300 : 1000;
    for (let t = 1; t <= rounds; t += 1) {
      const losses = Array.from({ length: 8 }, (_, e) => random.next() * (e === 2 ? 0.9 : 1));
      suffered += dot(register.weights(HERE), losses);
      losses.forEach((loss, e) => (cumulative[e] += loss));
      register.update(losses, allAwake(8), HERE, 0);
      const regret = suffered - Math.min(...cumulative);
      expect(regret).toBeLessThan(log(8) / 0.13 + (0.13 * t) / 8);
    }
  });
});

describe('an ExperienceRegister that shares', () => {
  /** The best expert changes every 100 rounds. */
  function lossesAt(t: number, random: { next(): number }): number[] {
    const best = Math.floor(t / 100) % 4;
    return Array.from({ length: 4 }, (_, e) => (e === best ? 0.2 : 0.6) + 0.3 * random.next());
  }

  function play(seed: number, part: number): { suffered: number; best: number; bound: number } {
    using register = new ExperienceRegister({ experts: 4, learningRate: 0.5, form: 'rotation' });
    const random = mulberry32(seed);
    let suffered = 0;
    let best = 0;
    let bound = log(4) / 0.5;
    let comparator = 0;
    for (let t = 0; t < 800; t += 1) {
      const losses = lossesAt(t, random);
      const leader = Math.floor(t / 100) % 4;
      if (leader !== comparator) bound += log(4 / part) / 0.5;
      comparator = leader;
      suffered += dot(register.weights(HERE), losses);
      best += losses[leader];
      bound += 0.5 / 8 - log(1 - part) / 0.5;
      register.update(losses, allAwake(4), HERE, part);
      if (part > 0) expect(suffered - best, `seed ${seed}, round ${t}`).toBeLessThan(bound);
    }
    return { suffered, best, bound };
  }

  test('follows shifting experts within its bound and better than plain Hedge, on 20 seeds', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const shared = play(seed, 7 / 799);
      const plain = play(seed, 0);
      expect(shared.suffered).toBeLessThan(plain.suffered);
    }
  });

  test('keeps the weight of each cell', () => {
    using register = new ExperienceRegister({ experts: 4, learningRate: 0.5, form: 'rotation' });
    register.update([0, 1, 1, 1], allAwake(4), HERE, 0);
    const before = register.weights(HERE);
    register.update([0.5, 0.5, 0.5, 0.5], allAwake(4), HERE, 0.2);
    const expected = before.map((w) => 0.8 * w + 0.2 / 4);
    expect(largestDifference(register.weights(HERE), expected)).toBeLessThan(1e-14);
    expect(largestDifference(register.weights(ELSEWHERE), [0.25, 0.25, 0.25, 0.25])).toBeLessThan(
      1e-14,
    );
  });
});

describe('an ExperienceRegister given bad input', () => {
  test('refuses it and keeps its state', () => {
    using register = new ExperienceRegister({ experts: 2, learningRate: 1, form: 'rotation' });
    register.update([0, 1], allAwake(2), HERE, 0.1);
    const before = register.snapshot();
    const tries: readonly (readonly [() => void, string])[] = [
      [() => register.update([NaN, 0], allAwake(2), HERE, 0), 'INVALID_LOSS'],
      [() => register.update([1 + 1e-9, 0], allAwake(2), HERE, 0), 'INVALID_LOSS'],
      [() => register.update([0], allAwake(2), HERE, 0), 'LENGTH_MISMATCH'],
      [() => register.update([0, 1], allAwake(2), HERE, 0.6), 'INVALID_OPTION'],
      [() => register.update([0, 1], allAwake(2), HERE, NaN), 'INVALID_OPTION'],
      [
        () => register.update([0, 1], allAwake(2), { ...HERE, regimes: [1, 1, 0, 0] }, 0),
        'INVALID_MEMBERSHIPS',
      ],
      [
        () => register.update([0, 1], allAwake(2), { ...HERE, contexts: [NaN, 0, 0, 1] }, 0),
        'INVALID_MEMBERSHIPS',
      ],
    ];
    for (const [attempt, code] of tries) expect(codeOf(attempt)).toBe(code);
    expect(register.snapshot()).toStrictEqual(before);
    for (const options of [
      { experts: 17, learningRate: 1, form: 'rotation' as const },
      { experts: 2, learningRate: 0.6, form: 'first-order' as const },
      { experts: 2, learningRate: NaN, form: 'ancilla' as const },
      { experts: 2, learningRate: 1, form: 'diagonal' as UpdateForm },
    ]) {
      expect(codeOf(() => new ExperienceRegister(options))).toBe('INVALID_OPTION');
    }
  });

  test('refuses snapshots that are none, and continues bit for bit from those that are', () => {
    for (const form of FORMS) {
      using register = new ExperienceRegister({ experts: 5, learningRate: 0.4, form });
      const rounds = fc.sample(round(5), { numRuns: 12, seed: 3 });
      for (const { losses, awake, presence } of rounds.slice(0, 6)) {
        register.update(losses, awake, presence, 0.01);
      }
      const good = register.snapshot();
      using twin = ExperienceRegister.restore(good);
      for (const { losses, awake, presence } of rounds.slice(6)) {
        register.update(losses, awake, presence, 0.01);
        twin.update(losses, awake, presence, 0.01);
      }
      expect(twin.snapshot()).toStrictEqual(register.snapshot());
      const spoilt = good.amplitudes.slice();
      spoilt[0] = NaN;
      for (const broken of [
        null,
        { ...good, form: 'other' },
        { ...good, experts: 4 },
        { ...good, rounds: -1 },
        { ...good, amplitudes: spoilt },
        { ...good, amplitudes: new Float64Array(256) },
      ]) {
        // What comes back from storage has whatever type it has.
        expect(codeOf(() => ExperienceRegister.restore(broken as typeof good))).toBe(
          'INVALID_SNAPSHOT',
        );
      }
    }
  });
});
