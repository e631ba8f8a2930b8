import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { mulberry32 } from '@sema/simulator';
import { log } from '@sema/simulator/elementary';
import {
  LearningOrchestrator,
  REGIME_CHARACTERISTICS,
  REGIMES,
  SnapshotHistory,
  type LearningQuestion,
  type OrchestratorSnapshot,
  type UpdateForm,
} from '../src/index.ts';
import { codeOf, sum } from './expert-games.ts';

const HERE = { regimes: [1, 0, 0, 0], contexts: [1, 0, 0, 0] };
const FORMS: readonly UpdateForm[] = ['rotation', 'first-order', 'ancilla'];

function orchestrator(form: UpdateForm = 'rotation', openDecisions = 8): LearningOrchestrator {
  return new LearningOrchestrator({ experts: 3, learningRate: 0.3, form, seed: 1, openDecisions });
}

function question(time: number, probabilities = [0.9, 0.5, NaN]): LearningQuestion {
  return { time, regime: 'stable', presence: HERE, probabilities };
}

/** A stream of questions in all regimes and contexts, some experts silent, with outcomes. */
function stream(seed: number, rounds: number) {
  const random = mulberry32(seed);
  return Array.from({ length: rounds }, (_, t) => {
    const regimes = [0, 0, 0, 0];
    const first = Math.floor(random.next() * 4);
    const part = random.next();
    regimes[first] += part;
    regimes[(first + 1) % 4] += 1 - part;
    const contexts = [0, 0, 0, 0];
    contexts[Math.floor(random.next() * 4)] = 1;
    const outcome = random.next() < 0.6 ? 1 : 0;
    const probabilities = [0.6, 0.5 + 0.3 * (random.next() - 0.5), random.next()].map((p) =>
      random.next() < 0.1 ? NaN : p,
    );
    const regime = REGIMES[part > 0.5 ? first : (first + 1) % 4];
    return { time: t, regime, presence: { regimes, contexts }, probabilities, outcome };
  });
}

function play(learner: LearningOrchestrator, rounds: ReturnType<typeof stream>): void {
  for (const { outcome, ...asked } of rounds) {
    const { decision } = learner.decide(asked);
    learner.learn({ decision, time: asked.time + 0.5, outcome });
  }
}

describe('a learning orchestrator', () => {
  test('answers with the pooled probability of those who spoke', () => {
    using learner = orchestrator();
    const answer = learner.decide(question(0));
    expect(answer.decision).toBe(0);
    expect(answer.weights[2]).toBe(0);
    expect(sum(answer.weights)).toBeCloseTo(1, 15);
    expect(answer.probability).toBeCloseTo(0.7, 14);
    expect(learner.decide(question(1, [NaN, NaN, NaN])).probability).toBeUndefined();
  });

  test('trusts the better expert after its outcomes, where it learned them', () => {
    using learner = orchestrator();
    for (let t = 0; t < 60; t += 1) {
      const { decision } = learner.decide(question(t));
      expect(learner.learn({ decision, time: t + 1, outcome: 1 }).kind).toBe('learned');
    }
    // The third never spoke and has kept its third.
    expect(learner.weights(HERE)[0]).toBeGreaterThan(0.63);
    expect(learner.weights(HERE)[2]).toBeGreaterThan(0.3);
    const elsewhere = learner.weights({ regimes: [0, 0, 0, 1], contexts: [1, 0, 0, 0] });
    expect(elsewhere[0]).toBeCloseTo(1 / 3, 12);
  });

  test('shares as the coherence time of the regime says: a crisis forgets first', () => {
    const trustIn = (regime: (typeof REGIMES)[number]): number => {
      using learner = orchestrator();
      for (let t = 0; t < 300; t += 1) {
        const { decision } = learner.decide({ ...question(t, [1, 0, 0.5]), regime });
        learner.learn({ decision, time: t + 1, outcome: 1 });
      }
      return 1 - learner.weights(HERE)[0];
    };
    const doubts = REGIMES.map(trustIn);
    for (let i = 1; i < doubts.length; i += 1) expect(doubts[i]).toBeGreaterThan(doubts[i - 1]);
    const times = REGIMES.map((regime) => REGIME_CHARACTERISTICS[regime].coherenceTime);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test.each(FORMS)('keeps the regret bound with sharing at every prefix, by %s', (form) => {
    for (let seed = 0; seed < (form === 'ancilla' ? 1 : 4); seed += 1) {
      using learner = orchestrator(form);
      const random = mulberry32(seed);
      let suffered = 0;
      let best = [0, 0, 0];
      const { coherenceTime } = REGIME_CHARACTERISTICS.stable;
      for (let t = 1; t <= 250; t += 1) {
        const outcome = random.next() < 0.7 ? 1 : 0;
        const probabilities = [0.7, random.next(), 0.5];
        const { decision, weights } = learner.decide(question(t, probabilities));
        const losses = probabilities.map((p) => (p - outcome) * (p - outcome));
        suffered += sum(losses.map((loss, e) => learner.weights(HERE)[e] * loss));
        expect(sum(weights)).toBeCloseTo(1, 12);
        best = best.map((total, e) => total + losses[e]);
        learner.learn({ decision, time: t + 0.5, outcome });
        const perRound = form === 'first-order' ? 0.75 * 0.3 : 0.3 / 8;
        const shared = -log(1 - 1 / coherenceTime) / 0.3;
        const bound = Math.min(...best) + log(16 * 3) / 0.3 + t * (perRound + shared);
        expect(suffered, `seed ${seed}, round ${t}`).toBeLessThan(bound);
      }
    }
  });
});

describe('a snapshot as of candle t', () => {
  test.each(FORMS)('continues bit for bit, by %s', (form) => {
    const rounds = stream(3, form === 'ancilla' ? 40 : 160);
    const middle = rounds.length / 2;
    using learner = orchestrator(form);
    const history = new SnapshotHistory<OrchestratorSnapshot>(1000);
    rounds.forEach((one, t) => {
      play(learner, [one]);
      history.record(t, learner.snapshot());
    });
    const then = history.asOf(middle + 0.7);
    if (then === undefined) throw new Error('there is no snapshot');
    expect(then.asOf).toBe(middle + 0.5);
    using twin = LearningOrchestrator.restore(then);
    expect(twin.snapshot()).toStrictEqual(then);
    play(twin, rounds.slice(middle + 1));
    expect(twin.snapshot()).toStrictEqual(learner.snapshot());
  });

  test('is the newest that is not later, and the oldest are forgotten', () => {
    const history = new SnapshotHistory<string>(2);
    expect(history.asOf(5)).toBeUndefined();
    history.record(1, 'a');
    history.record(2, 'b');
    history.record(4, 'c');
    expect(history.count).toBe(2);
    expect([history.asOf(1), history.asOf(3), history.asOf(4)]).toEqual([undefined, 'b', 'c']);
    for (const time of [4, 3, NaN, Infinity]) {
      expect(
        codeOf(() => {
          history.record(time, 'd');
        }),
      ).toBe('INVALID_TIME');
    }
  });

  test('is refused when it could not be one', () => {
    using learner = orchestrator();
    play(learner, stream(5, 50));
    const good = learner.snapshot();
    const { register, synergy, ledger } = good;
    const rows = ledger.rows.slice();
    rows[2] = 7;
    const counts = good.counts.slice();
    counts[0] = 0.5;
    const couplings = synergy.couplings.slice();
    couplings[1] += 1;
    for (const broken of [
      null,
      { ...good, asOf: 3 },
      { ...good, register: { ...register, experts: 2 } },
      { ...good, register: { ...register, learningRate: 0.2 } },
      { ...good, ledger: { ...ledger, rows } },
      { ...good, ledger: { ...ledger, width: 3 } },
      { ...good, ledger: undefined },
      { ...good, counts },
      { ...good, synergy: { ...synergy, couplings } },
      { ...good, synergy: { ...synergy, gains: { ...synergy.gains, experts: 4 } } },
    ]) {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => LearningOrchestrator.restore(broken as typeof good));
      expect(code).toBe('INVALID_SNAPSHOT');
    }
  });
});

describe('poisoned feedback', () => {
  /** Everything but the counters. */
  const substance = ({ register, synergy, ledger }: OrchestratorSnapshot) => ({
    register,
    synergy,
    ledger,
  });

  test('is refused by its rule and moves nothing but a counter', () => {
    using learner = orchestrator();
    for (let t = 0; t < 12; t += 1) learner.decide(question(t));
    learner.learn({ decision: 10, time: 20, outcome: 1 });
    const before = substance(learner.snapshot());
    const poison = [
      [{ decision: 10, time: 21, outcome: 1 }, 'DUPLICATE'],
      [{ decision: 12, time: 21, outcome: 1 }, 'UNKNOWN_DECISION'],
      [{ decision: -1, time: 21, outcome: 1 }, 'UNKNOWN_DECISION'],
      [{ decision: 10.5, time: 21, outcome: 1 }, 'UNKNOWN_DECISION'],
      [{ decision: NaN, time: 21, outcome: 1 }, 'UNKNOWN_DECISION'],
      // Eight decisions wait at most: 0 to 3 are forgotten.
      [{ decision: 3, time: 21, outcome: 1 }, 'UNKNOWN_DECISION'],
      [{ decision: 11, time: 11, outcome: 1 }, 'OUT_OF_ORDER'],
      [{ decision: 11, time: 19, outcome: 1 }, 'OUT_OF_ORDER'],
      [{ decision: 11, time: 21, outcome: NaN }, 'NOT_A_NUMBER'],
      [{ decision: 11, time: 21, outcome: Infinity }, 'NOT_A_NUMBER'],
      [{ decision: 11, time: NaN, outcome: 1 }, 'NOT_A_NUMBER'],
      [{ decision: 11, time: -Infinity, outcome: 1 }, 'NOT_A_NUMBER'],
    ] as const;
    for (const [outcome, reason] of poison) {
      expect(learner.learn(outcome)).toEqual({ kind: 'refused', reason });
    }
    expect(substance(learner.snapshot())).toStrictEqual(before);
    expect(learner.counts).toEqual({
      learned: 1,
      clipped: 0,
      UNKNOWN_DECISION: 5,
      DUPLICATE: 1,
      OUT_OF_ORDER: 2,
      NOT_A_NUMBER: 4,
    });
    expect(learner.learn({ decision: 11, time: 20, outcome: 0 }).kind).toBe('learned');
  });

  test('that is an outlier is clipped, and teaches what the end of the range teaches', () => {
    using clipped = orchestrator();
    using plain = orchestrator();
    for (const learner of [clipped, plain]) learner.decide(question(0));
    expect(clipped.learn({ decision: 0, time: 1, outcome: 1e300 })).toEqual({
      kind: 'learned',
      clipped: true,
    });
    plain.learn({ decision: 0, time: 1, outcome: 1 });
    expect(substance(clipped.snapshot())).toStrictEqual(substance(plain.snapshot()));
  });

  test('of any kind leaves a snapshot that can be restored', () => {
    const anything = fc.record({
      decision: fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double()),
      time: fc.oneof(fc.integer({ min: -2, max: 60 }), fc.double()),
      outcome: fc.oneof(fc.double(), fc.constantFrom(0, 1, -0, 0.5)),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (outcomes) => {
        using learner = orchestrator();
        outcomes.forEach((outcome, t) => {
          learner.decide(question(t));
          learner.learn(outcome);
        });
        const snapshot = learner.snapshot();
        using twin = LearningOrchestrator.restore(snapshot);
        expect(twin.snapshot()).toStrictEqual(snapshot);
      }),
      { numRuns: 40 },
    );
  });

  test('in a question is an error, and the question is not asked', () => {
    using learner = orchestrator();
    learner.decide(question(5));
    const before = learner.snapshot();
    for (const [bad, code] of [
      [question(4), 'INVALID_TIME'],
      [question(NaN), 'INVALID_TIME'],
      [question(6, [0.5, 0.5]), 'LENGTH_MISMATCH'],
      [question(6, [0.5, 1.5, 0.5]), 'INVALID_FORECAST'],
      [question(6, [0.5, Infinity, 0.5]), 'INVALID_FORECAST'],
      [{ ...question(6), presence: { ...HERE, regimes: [0, 0, 0, 0] } }, 'INVALID_MEMBERSHIPS'],
    ] as const) {
      expect(codeOf(() => learner.decide(bad))).toBe(code);
    }
    expect(learner.snapshot()).toStrictEqual(before);
  });
});
