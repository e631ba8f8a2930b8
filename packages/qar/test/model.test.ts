import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REGIME_CHARACTERISTICS, REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';
import { encodeSnapshot } from '@sema/serializer';
import { mulberry32 } from '@sema/simulator';
import { ACTIONS } from '../src/actions.ts';
import type { Seat } from '../src/board.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { EXPERTS } from '../src/experts/board.ts';
import { FusionCircuit } from '../src/fusion-circuit.ts';
import { fuseAmplitudes } from '../src/fusion.ts';
import { Model } from '../src/model.ts';

const REQUIRED = {
  pair: 'BTC/USDT',
  intervalMs: 60_000,
  periodsPerYear: 525_600,
  path: 'twin',
} as const;
const configuration = engineConfiguration(REQUIRED, { learningRate: 0.3 });
const SILENT: Seat = { kind: 'abstention', reason: 'NO_SIGNAL', direction: undefined };

/** The first experts vote as given, the others are silent. */
function seatsOf(probabilities: readonly (number | null)[]): Seat[] {
  return EXPERTS.map((_, index): Seat => {
    const probabilityUp = probabilities[index] ?? null;
    if (probabilityUp === null) return SILENT;
    return { kind: 'vote', direction: probabilityUp > 0.5 ? 1 : -1, probabilityUp };
  });
}

interface Round {
  readonly regime: Regime;
  readonly context: number;
  readonly probabilities: readonly (number | null)[];
  readonly change: number;
}

/** Plays rounds one after another; round k is weighed at time k and settled at k + ½. */
function play(model: Model, rounds: readonly Round[], from = 0): Model {
  rounds.forEach(({ regime, context, probabilities, change }, k) => {
    const seats = seatsOf(probabilities);
    const { lesson } = model.weigh({ time: from + k, ...purely(regime, context), seats });
    const directions = Int8Array.from(seats, (seat) => seat.direction ?? 0);
    model.open(100, { lesson, time: from + k + 0.5, directions, regime, change });
  });
  return model;
}

function purely(regime: Regime, context: number) {
  return {
    regimes: Float64Array.from(REGIMES, (one) => Number(one === regime)),
    contexts: Float64Array.from({ length: 4 }, (_, one) => Number(one === context)),
  };
}

/** Rounds in one regime in which the first expert is right, the second wrong, and nothing pays. */
function taught(regime: Regime, rounds: number, context = 0): Model {
  const round = { regime, context, probabilities: [0.9, 0.1], change: 1e-6 };
  return play(Model.create(configuration), Array<Round>(rounds).fill(round));
}

/** Weights of the first experts when the market is there. */
function weightsAt(model: Model, regime: Regime, context: number, time: number): Float64Array {
  model.weigh({ time, ...purely(regime, context), seats: seatsOf([]) });
  return model.weights;
}

describe('a model', () => {
  test('trusts by regime and context: what was learned in one cell holds in that one only', () => {
    const model = taught('trending', 100, 2);
    const here = weightsAt(model, 'trending', 2, 200);
    expect(here[0]).toBeGreaterThan(5 * here[1]);
    for (const [regime, context] of [
      ['trending', 1],
      ['stable', 2],
      ['crisis', 3],
    ] as const) {
      const elsewhere = weightsAt(model, regime, context, 200);
      // Equal up to the rounding of a hundred rotations.
      for (const weight of elsewhere) expect(weight).toBeCloseTo(1 / EXPERTS.length, 10);
    }
  });

  test('weighs the voters by it: silent experts get nothing, the others sum to one', () => {
    const model = taught('stable', 50);
    const seats = seatsOf([0.6, 0.4, 0.55]);
    const { weights } = model.weigh({ time: 60, ...purely('stable', 0), seats });
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[0]).toBeGreaterThan(weights[2]);
    expect(weights[2]).toBeGreaterThan(weights[1]);
    expect(weights.subarray(3).every((weight) => weight === 0)).toBe(true);
  });

  test('leaves the weight of an expert that abstained as it was, but for what fades', () => {
    const model = taught('volatile', 40);
    const before = model.weights;
    const one = { regime: 'volatile', context: 0, probabilities: [null, 0.8, 0.3], change: -0.01 };
    play(model, [one as Round], 40);
    const fades = 1 / REGIME_CHARACTERISTICS.volatile.coherenceTime;
    const kept = (1 - fades) * before[0] + fades / EXPERTS.length;
    // Rounding of one rotation over 256 amplitudes.
    expect(Math.abs(model.weights[0] - kept)).toBeLessThan(1e-12);
  });

  test('refuses poisoned outcomes: nothing moves but a counter and the hash', () => {
    const model = taught('stable', 5);
    const directions = new Int8Array(EXPERTS.length).fill(1);
    const { lesson } = model.weigh({ time: 10, ...purely('stable', 0), seats: seatsOf([0.7]) });
    const outcome = { lesson, time: 10.5, directions, regime: 'stable', change: 0.01 } as const;
    const { model: _, learner: __, 'learner.counts': ___, ...learned } = model.sections();
    // The slots of positions move on with each candle, and are empty here.
    const { selection: ____, ...before } = learned;
    const poisoned = [
      [{ ...outcome, change: NaN }, 'NOT_A_NUMBER'],
      [{ ...outcome, change: Infinity }, 'NOT_A_NUMBER'],
      [{ ...outcome, time: NaN }, 'NOT_A_NUMBER'],
      [{ ...outcome, time: 10 }, 'OUT_OF_ORDER'],
      [{ ...outcome, lesson: 77 }, 'UNKNOWN_DECISION'],
      [{ ...outcome, lesson: 0.5 }, 'UNKNOWN_DECISION'],
      [{ ...outcome, lesson: lesson - 1, time: 11 }, 'DUPLICATE'],
    ] as const;
    for (const [poison, reason] of poisoned) {
      const { hash } = model;
      expect(model.open(100, poison)).toEqual({ kind: 'refused', reason });
      expect(model.hash).not.toBe(hash);
      expect(model.sections()).toMatchObject(before);
    }
    expect(model.learning.counts).toEqual({
      learned: 5,
      clipped: 0,
      NOT_A_NUMBER: 3,
      OUT_OF_ORDER: 1,
      UNKNOWN_DECISION: 2,
      DUPLICATE: 1,
    });
    expect(model.open(100, outcome)).toEqual({ kind: 'learned', clipped: false });
  });

  test('learns nothing from a move of exactly zero', () => {
    const model = taught('stable', 5);
    const { model: _, learner: __, 'learner.ledger.rows': ___, ...learned } = model.sections();
    const { selection: ____, ...before } = learned;
    play(model, [{ regime: 'stable', context: 0, probabilities: [0.9], change: 0 }], 5);
    expect(model.sections()).toMatchObject(before);
  });
});

/** Errors of experts 0 and 1, 2 and 3, and of any two from different pairs cancel in part. */
function complementary(regime: Regime, count: number): Round[] {
  const random = mulberry32(7);
  return Array.from({ length: count }, (): Round => {
    const up = random.next() < 0.5;
    const errors = Array.from({ length: 6 }, () => 0.7 * (random.next() - 0.5));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const probabilities = errors.map((error) =>
      Math.min(0.99, Math.max(0.01, (up ? 0.62 : 0.38) + error - mean)),
    );
    return { regime, context: 0, probabilities, change: up ? 0.01 : -0.01 };
  });
}

/** Size of the largest group of experts that couplings tie together. */
function largestGroup(couplings: Float64Array): number {
  const size = EXPERTS.length;
  const group = Array.from({ length: size }, (_, expert) => expert);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const [from, to] = [group[i], group[j]];
      if (couplings[i * size + j] > 0) group.forEach((g, k) => (group[k] = g === from ? to : g));
    }
  }
  return Math.max(...group.map((one) => group.filter((other) => other === one).length));
}

describe('the regime sets', () => {
  test('how long learning lasts: the shorter its coherence time, the less it trusts', () => {
    const trust = REGIMES.map((regime) => taught(regime, 200).weights[0]);
    for (let k = 1; k < trust.length; k++) expect(trust[k]).toBeLessThan(trust[k - 1]);
  });

  test('how many experts may be tied together', () => {
    for (const regime of ['stable', 'volatile', 'crisis'] as const) {
      const depth = REGIME_CHARACTERISTICS[regime].entanglementDepth;
      // Pairs are proven one after another, so a few rounds show the first groups that form.
      const model = Model.create(configuration);
      let largest = 0;
      for (const [time, round] of complementary(regime, 90).entries()) {
        play(model, [round], time);
        largest = Math.max(largest, largestGroup(model.learning.synergy.couplings));
      }
      expect([regime, largest]).toEqual([regime, depth]);
    }
  });

  test('how often it is measured what ties are worth', () => {
    for (const regime of REGIMES) {
      const count = 200;
      const held = play(
        Model.create(configuration),
        complementary(regime, count),
      ).learning.synergy.heldBackDifference().count;
      const { measurementFrequency: frequency } = REGIME_CHARACTERISTICS[regime];
      // Five standard deviations of a binomial: false alarm 6e-7, and the seed is fixed.
      const spread = 5 * Math.sqrt(count * frequency * (1 - frequency));
      expect(Math.abs(held - count * frequency)).toBeLessThan(spread);
    }
  });
});

const round: fc.Arbitrary<Round> = fc.record({
  regime: fc.constantFrom(...REGIMES),
  context: fc.nat({ max: 3 }),
  probabilities: fc.array(
    fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { nil: null }),
    { minLength: 3, maxLength: 3 },
  ),
  change: fc.double({ min: -0.2, max: 0.2, noNaN: true }).map((change) => change + 0),
});
const history = fc.array(round, { minLength: 1, maxLength: 12 });

describe('the hash of a model', () => {
  test('is the same for the same history, and then the models are the same bit for bit', () => {
    fc.assert(
      fc.property(history, (rounds) => {
        const one = play(Model.create(configuration), rounds);
        const other = play(Model.create(configuration), rounds);
        expect(other.hash).toBe(one.hash);
        expect(encodeSnapshot(other.sections())).toEqual(encodeSnapshot(one.sections()));
      }),
      { numRuns: 10 },
    );
  });

  test('is another for any other outcome, opinion, order or number of rounds', () => {
    fc.assert(
      fc.property(history, fc.nat(), round, (rounds, place, other) => {
        const at = place % rounds.length;
        const { hash } = play(Model.create(configuration), rounds);
        const hashOf = (changed: Partial<Round>) => {
          const model = Model.create(configuration);
          play(
            model,
            rounds.map((one, k) => (k === at ? { ...one, ...changed } : one)),
          );
          return model.hash;
        };
        const { regime, context, probabilities, change } = rounds[at];
        if (other.change !== change) expect(hashOf({ change: other.change })).not.toBe(hash);
        if (other.regime !== regime) expect(hashOf({ regime: other.regime })).not.toBe(hash);
        if (other.context !== context) expect(hashOf({ context: other.context })).not.toBe(hash);
        if (other.probabilities.join() !== probabilities.join()) {
          expect(hashOf({ probabilities: other.probabilities })).not.toBe(hash);
        }
        expect(play(Model.create(configuration), [...rounds, other]).hash).not.toBe(hash);
        expect(play(Model.create(configuration), rounds.slice(1)).hash).not.toBe(hash);
      }),
      { numRuns: 30 },
    );
  });

  test('begins with the configuration', () => {
    const other = engineConfiguration(REQUIRED, { learningRate: 0.31 });
    expect(Model.create(other).hash).not.toBe(Model.create(configuration).hash);
  });

  test('goes on from a snapshot as if nothing had happened', () => {
    const rounds = complementary('volatile', 60);
    const whole = play(Model.create(configuration), rounds);
    const half = play(Model.create(configuration), rounds.slice(0, 30));
    const restored = Model.restore(half.sections(), configuration);
    expect(restored.weights).toEqual(half.weights);
    play(restored, rounds.slice(30), 30);
    expect(restored.hash).toBe(whole.hash);
    expect(encodeSnapshot(restored.sections())).toEqual(encodeSnapshot(whole.sections()));
  });

  test('is refused on a snapshot of another model', () => {
    const sections = taught('stable', 5).sections();
    const other = taught('stable', 6).sections();
    const refused = expect.objectContaining({ code: 'BAD_SNAPSHOT' }) as Error;
    const mixtures = [
      { model: other.model },
      { 'record.right': other['record.right'] },
      { model: { ...(sections.model as object), hash: 'f'.repeat(64) } },
      { model: { ...(sections.model as object), hash: 5 } },
      { learner: 1 },
      { selection: 1 },
      { 'selection.calibrators.long': new Float64Array(6).fill(0.5) },
      { 'selection.controls.crisis': new Float64Array(3) },
      { presence: { regimes: [1, 1, 0, 0], contexts: [1, 0, 0, 0] } },
      { presence: null },
      { 'learner.register.amplitudes': new Float64Array(256) },
    ];
    for (const mixture of mixtures) {
      expect(() => Model.restore({ ...sections, ...mixture }, configuration)).toThrow(refused);
    }
    const { 'learner.synergy.couplings': _, ...incomplete } = sections;
    expect(() => Model.restore(incomplete, configuration)).toThrow(refused);
  });
});

describe('feedback', () => {
  test('holds positions back in a crisis when they did not pay, by circuit as by twin', () => {
    const { feedback } = taught('crisis', 5);
    const filters = [Float64Array.of(0.2, 0.3, 0.5)];
    const before = fuseAmplitudes(filters);
    const twin = feedback.crisis.apply(before).map((amplitude) => amplitude * amplitude);
    expect(twin[1]).toBeGreaterThan(0.3 + 0.05);
    expect(twin[0]).toBeLessThan(0.2);
    expect(twin[2]).toBeLessThan(0.5);
    using circuit = new FusionCircuit();
    const { preferences } = circuit.fuse(filters, feedback.crisis, { qubits: [0, 1, 2] });
    // Rounding of some twenty gates.
    for (const action of ACTIONS.keys()) {
      expect(Math.abs(preferences[action] - twin[action])).toBeLessThan(1e-13);
    }
  });

  test('is not restored from feedback that holds other actions back', () => {
    const sections = taught('crisis', 5).sections();
    expect(Model.restore(sections, configuration).sections()).toEqual(sections);
    // The section is a list of four plain objects.
    const feedback = (sections.feedback as object[]).map((one, k) =>
      k === 3 ? { ...one, risky: [0] } : one,
    );
    expect(() =>
      Model.restore({ ...sections, feedback: feedback as never }, configuration),
    ).toThrow('feedback 3 is not of the crisis regime');
  });
});
