import { describe, expect, test } from 'vitest';
import { mulberry32, type RandomSource } from '@sema/simulator';
import { ExperienceReservoir, PairGains, REGIME_CHARACTERISTICS, Synergy } from '../src/index.ts';
import { codeOf, largestDifference } from './expert-games.ts';

const { stable } = REGIME_CHARACTERISTICS;

/** 0 and 1 err in opposite directions, 2 errs as much as either by itself. */
function complementary(random: RandomSource) {
  const outcome = random.next() < 0.5 ? 1 : 0;
  const error = 0.7 * (random.next() - 0.5);
  const centre = outcome === 1 ? 0.62 : 0.38;
  return {
    outcome,
    probabilities: Float64Array.of(
      centre + error,
      centre - error,
      centre + 0.5 * (random.next() - 0.5) + (outcome === 1 ? -0.1 : 0.1),
    ),
  };
}

/** Three who say the same but for noise that nobody else corrects. */
function alike(random: RandomSource) {
  const outcome = random.next() < 0.5 ? 1 : 0;
  const p = 0.3 + 0.4 * random.next();
  return { outcome, probabilities: Float64Array.of(p, p, p) };
}

const heavy = Float64Array.of(0.9, 0.08, 0.02);

describe('the gain of a pair', () => {
  test('is the loss of the better less the loss of the joint forecast, with its error', () => {
    const gains = new PairGains({ experts: 2, memory: 1_000_000 });
    gains.record([0.8, 0.6], 1);
    gains.record([0.6, 0.8], 1);
    // Losses .04 and .16, then .16 and .04; the joint forecast is .7 with loss .09 each time.
    // Expert 0 leads from the first round on: gains −.05 at first, as nobody leads, then .16 − .09.
    const pair = gains.pair(0, 1);
    expect(pair?.gain).toBeCloseTo((-0.05 + 0.07) / 2, 6);
    expect(pair?.uncertainty).toBeCloseTo(0.06, 6);
    expect(pair?.observations).toBeCloseTo(2, 6);
  });

  test('is positive beyond its error for errors that cancel, and not for a mere copy', () => {
    const random = mulberry32(1);
    const gains = new PairGains({ experts: 3, memory: 250 });
    for (let t = 0; t < 300; t += 1) {
      const { probabilities, outcome } = complementary(random);
      gains.record(probabilities, outcome);
    }
    const both = gains.pair(0, 1);
    if (both === undefined) throw new Error('no evidence');
    expect(both.gain).toBeGreaterThan(5 * both.uncertainty);
    expect(gains.pair(1, 0)?.gain).toBe(both.gain);
    const copies = new PairGains({ experts: 3, memory: 250 });
    for (let t = 0; t < 300; t += 1) {
      const { probabilities, outcome } = alike(random);
      copies.record(probabilities, outcome);
    }
    expect(Math.abs(copies.pair(0, 1)?.gain ?? NaN)).toBeLessThan(1e-15);
  });

  test('is proven where it exceeds twice its error after 30 rounds, and only there', () => {
    const random = mulberry32(3);
    const gains = new PairGains({ experts: 5, memory: 250 });
    for (let t = 0; t < 80; t += 1) {
      const { probabilities, outcome } = complementary(random);
      const fourth = random.next() < 0.3 ? random.next() : NaN;
      gains.record([...probabilities, fourth, random.next()], outcome);
      const proven = [];
      for (let i = 1; i < 5; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const pair = gains.pair(i, j);
          if (pair === undefined || pair.observations < 30) continue;
          if (pair.gain > 2 * pair.uncertainty) proven.push(pair);
        }
      }
      expect(gains.provenPairs(30, 2)).toEqual(proven);
    }
    expect(gains.provenPairs(30, 2).map(({ i, j }) => [i, j])).toContainEqual([1, 0]);
    expect(gains.provenPairs(30, 2).length).toBeLessThan(10);
  });

  test('is unknown without evidence, and an abstention gives none', () => {
    const gains = new PairGains({ experts: 2, memory: 100 });
    for (let t = 0; t < 10; t += 1) gains.record([0.5, NaN], 1);
    expect(gains.pair(0, 1)).toBeUndefined();
    expect(codeOf(() => gains.pair(0, 0))).toBe('INDEX_OUT_OF_RANGE');
    expect(codeOf(() => gains.pair(0, 2))).toBe('INDEX_OUT_OF_RANGE');
  });
});

describe('synergy', () => {
  test('couples complementary experts and lowers the loss of the pool, on 10 seeds', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const random = mulberry32(100 + seed);
      const synergy = new Synergy({ experts: 3, learningRate: 0.3, seed });
      let plain = 0;
      let coupled = 0;
      for (let t = 0; t < 1500; t += 1) {
        const { probabilities, outcome } = complementary(random);
        const weights = synergy.weights(heavy);
        const pool = (w: Float64Array) => w.reduce((p, x, e) => p + x * probabilities[e], 0);
        plain += (pool(heavy) - outcome) ** 2;
        coupled += (pool(weights) - outcome) ** 2;
        synergy.record(heavy, probabilities, outcome, stable);
      }
      expect(synergy.engaged, `seed ${seed}`).toBe(true);
      expect(coupled, `seed ${seed}`).toBeLessThan(plain);
      // Moved towards the pair, away from the single favourite.
      expect(synergy.weights(heavy)[1]).toBeGreaterThan(0.1);
    }
  });

  test('leaves the weights exactly as they were as long as nothing is proven', () => {
    const random = mulberry32(4);
    const synergy = new Synergy({ experts: 3, learningRate: 0.3, seed: 2 });
    for (let t = 0; t < 600; t += 1) {
      const { probabilities, outcome } = alike(random);
      synergy.record(heavy, probabilities, outcome, stable);
      expect(synergy.weights(heavy)).toEqual(heavy);
    }
    expect(synergy.engaged).toBe(false);
  });

  test('is dropped when what was learned turns harmful', () => {
    const random = mulberry32(6);
    const synergy = new Synergy({ experts: 3, learningRate: 0.3, seed: 3 });
    const even = Float64Array.of(0.45, 0.45, 0.1);
    for (let t = 0; t < 1200; t += 1) {
      const { probabilities, outcome } = complementary(random);
      synergy.record(heavy, probabilities, outcome, stable);
    }
    expect(synergy.engaged).toBe(true);
    // From now on the favourite knows, and its partner is wrong.
    for (let t = 0; t < 2500 && synergy.engaged; t += 1) {
      const outcome = random.next() < 0.5 ? 1 : 0;
      const probabilities = Float64Array.of(
        outcome === 1 ? 0.9 : 0.1,
        outcome === 1 ? 0.2 : 0.8,
        0.5,
      );
      synergy.record(heavy, probabilities, outcome, stable);
    }
    expect(synergy.engaged).toBe(false);
    expect(synergy.weights(even)).toEqual(even);
  });

  test('ties no more experts together than the entanglement depth allows, at every round', () => {
    const random = mulberry32(9);
    const mostPartners = (synergy: Synergy, depth: number, rounds: number) => {
      let most = 0;
      for (let t = 0; t < rounds; t += 1) {
        const outcome = random.next() < 0.5 ? 1 : 0;
        const centre = outcome === 1 ? 0.6 : 0.4;
        const probabilities = Float64Array.from(
          { length: 4 },
          () => centre + 0.6 * (random.next() - 0.5),
        );
        const characteristics = { ...stable, entanglementDepth: depth, measurementFrequency: 0 };
        synergy.record(new Float64Array(4).fill(0.25), probabilities, outcome, characteristics);
        for (let i = 0; i < 4; i += 1) {
          const partners = synergy.couplings.subarray(4 * i, 4 * i + 4).filter((c) => c > 0).length;
          most = Math.max(most, partners);
        }
      }
      return most;
    };
    const make = () => new Synergy({ experts: 4, learningRate: 0.3, seed: 1 });
    expect(mostPartners(make(), 1, 400)).toBe(0);
    expect(mostPartners(make(), 2, 800)).toBe(1);
    const synergy = make();
    expect(mostPartners(synergy, 4, 800)).toBe(3);
    // A wilder regime breaks the group up at its first round, and the strongest pair stays.
    const strongest = Math.max(...synergy.couplings);
    expect(mostPartners(synergy, 2, 1)).toBe(1);
    expect(Math.max(...synergy.couplings)).toBeGreaterThan(0.99 * strongest);
    const { couplings } = synergy;
    expect(couplings).toEqual(couplings.map((_, k) => couplings[(k % 4) * 4 + Math.floor(k / 4)]));
  });
});

describe('a reservoir of experience', () => {
  test('holds at most its capacity and is a function of its seed', () => {
    const make = (seed: number) => {
      const reservoir = new ExperienceReservoir({ capacity: 16, width: 1, seed });
      for (let t = 0; t < 500; t += 1) reservoir.offer([t]);
      return reservoir;
    };
    expect(make(1).count).toBe(16);
    expect(make(1).snapshot()).toStrictEqual(make(1).snapshot());
    expect(make(1).snapshot()).not.toStrictEqual(make(2).snapshot());
  });

  test('prefers the recent: the age of what it holds is its capacity in the mean', () => {
    let age = 0;
    for (let seed = 0; seed < 50; seed += 1) {
      const reservoir = new ExperienceReservoir({ capacity: 40, width: 1, seed });
      for (let t = 0; t < 1000; t += 1) reservoir.offer([t]);
      for (let k = 0; k < 40; k += 1) age += (999 - reservoir.row(k)[0]) / 40 / 50;
    }
    // 2000 ages of standard deviation 40, weakly dependent: beyond ±5 in 1e-6 of the cases.
    expect(Math.abs(age - 39)).toBeLessThan(5);
  });

  test('continues bit for bit from a snapshot and refuses one that is none', () => {
    const reservoir = new ExperienceReservoir({ capacity: 4, width: 2, seed: 7 });
    for (let t = 0; t < 9; t += 1) reservoir.offer([t, -t]);
    const good = reservoir.snapshot();
    const twin = ExperienceReservoir.restore(good);
    for (let t = 0; t < 9; t += 1) {
      reservoir.offer([t, t]);
      twin.offer([t, t]);
    }
    expect(twin.snapshot()).toStrictEqual(reservoir.snapshot());
    for (const broken of [
      null,
      { ...good, count: 5 },
      { ...good, count: 2 },
      { ...good, width: 3 },
    ]) {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => ExperienceReservoir.restore(broken as typeof good));
      expect(code).toBe('INVALID_SNAPSHOT');
    }
    expect(codeOf(() => reservoir.offer([NaN, 0]))).toBe('INVALID_SERIES');
    expect(largestDifference(reservoir.row(0), twin.row(0))).toBe(0);
  });
});
