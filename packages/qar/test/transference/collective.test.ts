import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { breakthroughOf } from '../../src/transference/amplification.ts';
import {
  collectiveByCircuits,
  collectiveQubits,
  PHYSICAL_QUBITS,
  VIRTUAL_QUBITS,
} from '../../src/transference/collective-circuits.ts';
import { collectiveByTwin, INTELLIGENCE_TYPES } from '../../src/transference/collective-twin.ts';
import type { IntelligenceType } from '../../src/transference/collective-twin.ts';
import type { Component } from '../../src/transference/components.ts';
import { GROUP_OF_EXPERT, GROUPS } from '../../src/transference/groups.ts';
import { countingClock } from '../counting-clock.ts';

/** Components from probabilities, one for each group in turn, of equal weight. */
function inTurn(probabilities: readonly number[]): Component[] {
  return probabilities.map((probabilityUp, i) => ({
    group: i % GROUPS.length,
    weight: 1 / probabilities.length,
    probabilityUp,
  }));
}

/** The voices a decision can have: any of the fourteen experts, and the three algorithms. */
const collectives = fc
  .array(
    fc.record({
      speaks: fc.boolean(),
      raw: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      probabilityUp: fc.oneof(
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        fc.double({ min: 0.4, max: 0.6, noNaN: true }),
        fc.constantFrom(1e-6, 0.5, 1 - 1e-6),
      ),
    }),
    { minLength: 17, maxLength: 17 },
  )
  .map((voices) => {
    const speaking = voices.flatMap(({ speaks, raw, probabilityUp }, i) => {
      const group = GROUP_OF_EXPERT[i] ?? GROUPS.indexOf('algorithms');
      return speaks || i >= GROUP_OF_EXPERT.length ? [{ group, raw, probabilityUp }] : [];
    });
    const total = speaking.reduce((sum, { raw }) => sum + raw, 0);
    return speaking.map(({ group, raw, probabilityUp }): Component => {
      return { group, weight: raw / total, probabilityUp };
    });
  });

describe('what each type of intelligence says', () => {
  test('consensus: the weighted geometric mean of the odds', () => {
    // Odds 4, 1 and 1/2 in equal shares: their geometric mean is ∛2.
    const { consensus } = collectiveByTwin(inTurn([0.8, 0.5, 1 / 3]));
    expect(consensus).toBeCloseTo(Math.cbrt(2) / (1 + Math.cbrt(2)), 14);
  });

  test('divergent: one group against four is heard above them', () => {
    const { consensus, divergent } = collectiveByTwin(inTurn([0.8, 0.8, 0.2, 0.8, 0.8]));
    // Alone up: 0.2·0.2·0.2 with two agreeing neighbours, and so on round the ring.
    const up = 2 * 0.8 * 0.04 + 2 * 0.8 * 0.2 * 0.8 + 0.2 * 0.04;
    const down = 2 * 0.2 * 0.64 + 2 * 0.2 * 0.8 * 0.2 + 0.8 * 0.64;
    expect(divergent).toBeCloseTo(up / (up + down), 14);
    expect(divergent).toBeLessThan(0.5);
    expect(consensus).toBeGreaterThan(0.6);
  });

  test('divergent needs three groups to stand against two', () => {
    expect(collectiveByTwin(inTurn([0.8, 0.3])).divergent).toBeUndefined();
    expect(collectiveByTwin(inTurn([0.8, 0.3, 0.4])).divergent).toBeDefined();
  });

  test('breakthrough: a quarter of the weight becomes all of it in one round', () => {
    const components = inTurn([0.55, 0.55, 0.55, 0.02]);
    expect(breakthroughOf(components)).toMatchObject({ rounds: 1, weight: 0.25 });
    // sin²(3·π/6) = 1: the strong one alone is left.
    expect(collectiveByTwin(components).breakthrough).toBeCloseTo(0.02, 14);
  });

  test('nothing breaks through where evidence is weak, or held by the many', () => {
    for (const voices of [
      [0.55, 0.55, 0.55, 0.45],
      [0.55, 0.02, 0.02, 0.02],
      [0.9, 0.9, 0.9, 0.9],
      [0.5, 0.5, 0.5, 0.5],
    ]) {
      expect(collectiveByTwin(inTurn(voices)).breakthrough).toBeUndefined();
    }
  });

  test('no more rounds than turn the few into the whole, and never more than eight', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 0.25, noNaN: true }), (weight) => {
        const many = { group: 0, weight: 1 - weight, probabilityUp: 0.51 };
        const found = breakthroughOf([many, { group: 1, weight, probabilityUp: 0.001 }]);
        const rounds = found?.rounds ?? 0;
        const angle = Math.asin(Math.sqrt(weight));
        expect(rounds).toBeGreaterThanOrEqual(1);
        expect(rounds).toBeLessThanOrEqual(8);
        // A round turns by 2θ; the first is always made, at most to the very top.
        expect((2 * rounds + 1) * angle).toBeLessThan(Math.PI / 2 + 1e-12);
        if (rounds < 8) expect((2 * rounds + 3) * angle).toBeGreaterThan(Math.PI / 2);
      }),
    );
  });
});

describe('where it was made to help', () => {
  /** Mean Brier loss of each type over worlds, less that of the plain weighted mean. */
  function losses(world: (random: RandomSource) => { voices: number[]; wentUp: boolean }) {
    const random = mulberry32(21);
    const sums = { consensus: 0, divergent: 0, breakthrough: 0 };
    const counts = { consensus: 0, divergent: 0, breakthrough: 0 };
    for (let t = 0; t < 4000; t++) {
      const { voices, wentUp } = world(random);
      const loss = (p: number) => (p - Number(wentUp)) ** 2;
      const mean = voices.reduce((sum, p) => sum + p, 0) / voices.length;
      const opinions = collectiveByTwin(inTurn(voices));
      for (const type of INTELLIGENCE_TYPES) {
        const up = opinions[type];
        if (up === undefined) continue;
        sums[type] += loss(up) - loss(mean);
        counts[type]++;
      }
    }
    const per = (type: IntelligenceType) => sums[type] / counts[type];
    return {
      consensus: per('consensus'),
      divergent: per('divergent'),
      breakthrough: per('breakthrough'),
    };
  }
  const noise = (random: RandomSource) => 0.5 + 0.1 * (random.next() - 0.5);

  test('breakthrough: one in ten knows, the others guess', () => {
    const { breakthrough, consensus } = losses((random) => {
      const wentUp = random.next() < 0.5;
      const knows = wentUp === random.next() < 0.9 ? 0.9 : 0.1;
      return { voices: [knows, ...Array.from({ length: 9 }, () => noise(random))], wentUp };
    });
    expect(breakthrough).toBeLessThan(-0.1);
    expect(breakthrough).toBeLessThan(consensus);
  });

  test('divergent: the herd is wrong more often than not', () => {
    const { divergent, consensus } = losses((random) => {
      const wentUp = random.next() < 0.5;
      const herd = wentUp === random.next() < 0.8 ? 0.4 : 0.6;
      return { voices: [herd, herd, 1 - herd, herd, herd], wentUp };
    });
    expect(divergent).toBeLessThan(0);
    expect(divergent).toBeLessThan(consensus);
  });

  test('consensus: everyone knows a little, and errs on its own', () => {
    const { consensus, divergent } = losses((random) => {
      const wentUp = random.next() < 0.5;
      const voices = Array.from({ length: 5 }, () => (wentUp === random.next() < 0.7 ? 0.7 : 0.3));
      return { voices, wentUp };
    });
    expect(consensus).toBeLessThan(0);
    expect(consensus).toBeLessThan(divergent);
  });
});

describe('the circuits', () => {
  const convene = (components: readonly Component[]) =>
    collectiveByCircuits(collectiveQubits(countingClock()), components);

  test('read what the closed forms say, to 1e-10, for any voices', () => {
    fc.assert(
      fc.property(collectives, (components) => {
        const read = convene(components);
        const said = collectiveByTwin(components);
        for (const type of INTELLIGENCE_TYPES) {
          if (said[type] === undefined) expect(read[type]).toBeUndefined();
          else expect(Math.abs((read[type] ?? NaN) - said[type])).toBeLessThan(1e-10);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('say the same to the last bit whenever they are asked', () => {
    const components = inTurn([0.6, 0.55, 0.52, 0.03, 0.7, 0.58]);
    const first = convene(components);
    convene(inTurn([0.1, 0.2, 0.3]));
    expect(convene(components)).toEqual(first);
  });

  test('need more qubits than are physical when everyone speaks, and page them', () => {
    const qubits = collectiveQubits(countingClock());
    collectiveByCircuits(qubits, inTurn([...Array<number>(16).fill(0.6), 0.01]));
    expect(VIRTUAL_QUBITS).toBeGreaterThan(PHYSICAL_QUBITS);
    expect(qubits.metrics.evictions).toBeGreaterThan(0);
    expect(qubits.metrics.resident).toBeLessThanOrEqual(PHYSICAL_QUBITS);
  });
});
