import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry32, reducedDensityMatrix, StateVector } from '@sema/simulator';
import { mutualInformation } from '@sema/simulator/entanglement';
import { BoardState } from '../../src/emergence/board-state.ts';
import type { Emergence } from '../../src/emergence/emergence.ts';
import { positionMultiplier } from '../../src/emergence/emergence.ts';
import { integratedInformation } from '../../src/emergence/integrated-information.ts';
import {
  largestComplexity,
  statisticalComplexity,
} from '../../src/emergence/statistical-complexity.ts';
import { synchrony } from '../../src/emergence/synchrony.ts';
import { GROUP_OF_EXPERT } from '../../src/transference/groups.ts';

/** Distributions over 2^n patterns. */
const joints = (n: number) =>
  fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1, noNaN: true })), {
      minLength: 1 << n,
      maxLength: 1 << n,
    })
    .filter((raw) => raw.some((value) => value > 0))
    .map(normalised);

function normalised(raw: readonly number[]): Float64Array {
  const total = raw.reduce((sum, value) => sum + value, 0);
  return Float64Array.from(raw, (value) => value / total);
}

/** Probabilities by pattern, all others 0. */
function pattern(entries: Readonly<Record<number, number>>): Float64Array {
  const joint = new Float64Array(16);
  for (const [index, probability] of Object.entries(entries)) joint[Number(index)] = probability;
  return joint;
}

describe('integrated information', () => {
  test('is exactly 0 for four fair coins, and for a board that never changes', () => {
    expect(integratedInformation(new Float64Array(16).fill(1 / 16))).toBe(0);
    expect(integratedInformation(pattern({ 15: 1 }))).toBe(0);
  });

  test('is 0 for independent components, whatever their odds', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(chance, { minLength: 4, maxLength: 4 }), (ups) => {
        const joint = Float64Array.from({ length: 16 }, (_, k) =>
          ups.reduce((product, up, g) => product * ((k >> g) & 1 ? up : 1 - up), 1),
        );
        expect(integratedInformation(joint)).toBe(0);
      }),
    );
  });

  test('is 1, the most there is, when all groups move as one', () => {
    expect(integratedInformation(pattern({ 0: 0.5, 15: 0.5 }))).toBe(1);
    expect(integratedInformation(pattern({ 0b0101: 0.25, 0b1010: 0.75 }))).toBe(1);
  });

  test('is 0 when two pairs are each one but know nothing of each other', () => {
    const two = pattern({ 0b0000: 0.25, 0b0011: 0.25, 0b1100: 0.25, 0b1111: 0.25 });
    expect(integratedInformation(two)).toBe(0);
  });

  test('takes the weakest cut: a noisy copy of one group is what the whole is worth', () => {
    // Three groups are one fair coin; the fourth agrees with it nine times in ten.
    const joint = pattern({ 0b0000: 0.45, 0b0111: 0.05, 0b1000: 0.05, 0b1111: 0.45 });
    const heads = -0.9 * Math.log2(0.9) - 0.1 * Math.log2(0.1);
    expect(integratedInformation(joint)).toBeCloseTo(1 - heads, 12);
  });

  test('agrees with the quantum mutual information of the dephased state', () => {
    fc.assert(
      fc.property(joints(3), (joint) => {
        // One qubit per group, each copied to a qubit nobody reads, leaves the groups dephased.
        const amplitudes = new Float64Array(64);
        joint.forEach((probability, k) => {
          amplitudes[k | (k << 3)] = Math.sqrt(probability);
        });
        const dephased = reducedDensityMatrix(StateVector.from(amplitudes), [0, 1, 2]);
        const cuts = [
          [[0], [1, 2]],
          [[1], [0, 2]],
          [[2], [0, 1]],
        ];
        // Bits that a fair-minded second look at each cut gives.
        const shares = cuts.map(([a, b]) => {
          const most = Math.min(entropy(joint, a), entropy(joint, b));
          return most < 1e-9 ? 0 : mutualInformation(dephased, a, b) / most;
        });
        expect(integratedInformation(joint)).toBeCloseTo(Math.min(...shares), 6);
      }),
      { numRuns: 30 },
    );
  });

  test('lies in [0, 1], and does not depend on the order of the groups', () => {
    fc.assert(
      fc.property(joints(4), (joint) => {
        const phi = integratedInformation(joint);
        expect(phi).toBeGreaterThanOrEqual(0);
        expect(phi).toBeLessThanOrEqual(1);
        const turned = joint.map((_, k) => joint[((k << 1) & 15) | (k >> 3)]);
        // Sums in another order.
        expect(integratedInformation(turned)).toBeCloseTo(phi, 9);
      }),
    );
  });
});

function entropy(joint: Float64Array, components: readonly number[]): number {
  const sums = new Map<string, number>();
  joint.forEach((probability, k) => {
    const key = components.map((g) => (k >> g) & 1).join('');
    sums.set(key, (sums.get(key) ?? 0) + probability);
  });
  return [...sums.values()].reduce((h, p) => h - (p > 0 ? p * Math.log2(p) : 0), 0);
}

describe('synchrony', () => {
  test('is 0 when two lean each way and 1 when all lean one way', () => {
    expect(synchrony([1, -1, 1, -1])).toBe(0);
    expect(synchrony([1, 1, -1, 1])).toBe(0.5);
    expect(synchrony([-1, -1, -1, -1])).toBe(1);
  });
});

describe('statistical complexity', () => {
  const { value, distribution } = largestComplexity(8);

  test('is 0 for a fixed course and for a coin, and exactly 1 at its maximum', () => {
    expect(statisticalComplexity(Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0), value)).toBe(0);
    expect(statisticalComplexity(new Float64Array(8).fill(1 / 8), value)).toBe(0);
    expect(statisticalComplexity(distribution, value)).toBe(1);
    // Three cells alike, the others empty; a maximum is known to the root of the precision.
    for (let k = 0; k < 8; k++) expect(distribution[k]).toBeCloseTo(k < 3 ? 1 / 3 : 0, 6);
  });

  test('is nowhere larger on two cells, which a fine grid covers', () => {
    const two = largestComplexity(2);
    for (let k = 0; k <= 5000; k++) {
      const p = Float64Array.of(k / 5000, 1 - k / 5000);
      expect(statisticalComplexity(p, 1)).toBeLessThanOrEqual(two.value + 1e-15);
    }
  });

  test('is nowhere larger: twenty thousand distributions of every shape stay below', () => {
    const random = mulberry32(7);
    let closest = 0;
    for (let trial = 0; trial < 20_000; trial++) {
      // Powers of a uniform number make anything from nearly even to nearly certain.
      const power = 12 * random.next();
      const cells = 1 + Math.floor(8 * random.next());
      const raw = Array.from({ length: 8 }, (_, k) => (k < cells ? random.next() ** power : 0));
      // What is over 1 would be cut off, so the value is taken at a third of its size.
      closest = Math.max(closest, 3 * statisticalComplexity(normalised(raw), 3 * value));
    }
    expect(closest).toBeLessThanOrEqual(1);
    expect(closest).toBeGreaterThan(0.99);
  });
});

/** A board whose groups lean as the four signs say, with every expert of a group alike. */
function leaning(signs: readonly number[]): number[] {
  return GROUP_OF_EXPERT.map((group) => signs[group]);
}

describe('the board state', () => {
  const last = (boards: readonly number[][], memory = 250): Emergence | undefined => {
    const state = new BoardState(memory);
    let figures: Emergence | undefined;
    for (const board of boards) figures = state.observe(board);
    return figures;
  };

  test('says nothing before it has seen enough, nor while a group has never spoken', () => {
    const together = leaning([1, 1, 1, 1]);
    expect(last(Array<number[]>(40).fill(together))).toBeUndefined();
    expect(last(Array<number[]>(80).fill(together))).toBeDefined();
    expect(last(Array<number[]>(400).fill(leaning([1, 1, 0, 1])))).toBeUndefined();
  });

  test('a product of 0: a board that always says the same, and one that is a coin each', () => {
    const fixed = last(Array<number[]>(400).fill(leaning([1, 1, 1, 1])));
    expect(fixed).toEqual({ integration: 0, synchrony: 1, complexity: 0, emergence: 0 });
    const split = last([
      ...Array<number[]>(400).fill(leaning([1, 1, 1, 1])),
      leaning([1, -1, 1, -1]),
    ]);
    expect(split).toMatchObject({ synchrony: 0, emergence: 0 });
  });

  test('a product of 1: one mind on a course of three words, each as often as the others', () => {
    // Up, down, down, and again: a third each of 100, 001 and 010, up to one part in the memory.
    const boards = Array.from({ length: 20_000 }, (_, t) => {
      const side = t % 3 === 0 ? 1 : -1;
      return leaning([side, side, side, side]);
    });
    const figures = last(boards, 1e6);
    expect(figures).toMatchObject({ integration: 1, synchrony: 1 });
    expect(figures?.complexity).toBeGreaterThan(1 - 1e-6);
    expect(figures?.emergence).toBeGreaterThan(1 - 1e-6);
    expect(figures?.emergence).toBeLessThanOrEqual(1);
  });

  test('independent groups integrate next to nothing', () => {
    // Bias of a plug-in estimate on 250 effective decisions: some hundredths of a bit.
    const random = mulberry32(3);
    const boards = Array.from({ length: 2000 }, () =>
      leaning([0, 1, 2, 3].map(() => (random.next() < 0.5 ? 1 : -1))),
    );
    expect(last(boards)?.integration).toBeLessThan(0.05);
  });

  test('goes on from its snapshot bit for bit, and refuses a broken one', () => {
    const random = mulberry32(5);
    const boards = Array.from({ length: 300 }, () =>
      leaning([0, 1, 2, 3].map(() => Math.sign(Math.round(3 * random.next()) - 1))),
    );
    const state = new BoardState(100);
    for (const board of boards.slice(0, 150)) state.observe(board);
    const snapshot = { ...state.snapshot() };
    const twin = BoardState.restore(100, snapshot);
    for (const board of boards.slice(150)) {
      expect(twin.observe(board)).toEqual(state.observe(board));
    }
    for (const broken of [
      { leans: [1, 1, 1] },
      { leans: [1, 1, 1, 2] },
      { majority: 0.5 },
      { course: 8 },
      { course: -1 },
      { known: NaN },
      { patterns: new Float64Array(15) },
      { patterns: new Float64Array(16).fill(NaN) },
      { patterns: new Float64Array(16).fill(-1) },
      { words: new Float64Array(8).fill(100) },
      { words: undefined },
    ]) {
      expect(() => BoardState.restore(100, { ...snapshot, ...broken })).toThrowError(
        expect.objectContaining({ code: 'BAD_SNAPSHOT' }),
      );
    }
  });
});

describe('the position multiplier', () => {
  test('is 1 up to the threshold and falls to one half at an emergence of 1', () => {
    expect(positionMultiplier(0, 0.7)).toBe(1);
    expect(positionMultiplier(0.7, 0.7)).toBe(1);
    expect(positionMultiplier(0.85, 0.7)).toBeCloseTo(0.75, 12);
    expect(positionMultiplier(1, 0.7)).toBe(0.5);
    expect(positionMultiplier(1, 1)).toBe(1);
  });
});
