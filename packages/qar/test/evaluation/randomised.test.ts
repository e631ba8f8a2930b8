import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { netReturns, randomEntries, shuffledDrawdown } from '../../src/evaluation.ts';

const chance = (seed: number, replications = 200) => ({ random: mulberry32(seed), replications });

describe('net returns', () => {
  test('are gains less the cost of every change of position', () => {
    const record = { positions: [0, 1, 1, -1, 0], changes: [9, 0.1, -0.2, 0.1, 9], costRate: 0.01 };
    const expected = [0, 0.09, -0.2, -0.12, -0.01];
    netReturns(record).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 15));
  });
});

describe('random entries', () => {
  test('leave the turnover as it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 0.5, 1, -1), { minLength: 20, maxLength: 60 }),
        fc.nat(),
        (drawn, seed) => {
          // In a market that never moves a return is nothing but costs, so equal turnover is an
          // equal return. The last position is closed in neither; so let there be none.
          const positions = [...drawn, 0];
          const record = { positions, changes: new Float64Array(positions.length), costRate: 0.01 };
          const result = randomEntries(record, chance(seed, 20));
          const trades = positions.filter(
            (p, i) => p !== 0 && Math.sign(p) !== Math.sign(positions[i - 1] ?? 0),
          );
          const held = positions.filter((p) => p !== 0).length;
          // Random trades may end with the span, unclosed, or have no room to stand apart.
          fc.pre(result !== undefined && held + trades.length < positions.length);
          const closing = 0.01 / positions.length;
          expect(result.actual - result.high).toBeLessThanOrEqual(1e-15);
          expect(result.high - result.actual).toBeLessThanOrEqual(closing + 1e-15);
        },
      ),
    );
  });

  test('are beaten by who knows the future', () => {
    const random = mulberry32(8);
    const changes = Float64Array.from({ length: 200 }, () => random.next() - 0.5);
    const positions = changes.map((change) => (change > 0.25 ? 1 : 0));
    const result = randomEntries({ positions, changes, costRate: 0 }, chance(1));
    expect(result?.pValue).toBe(1 / 201);
  });

  test('have p-values that are uniform when entries are random', () => {
    // 300 strategies without skill: below 10 % lie 30 ± 5.2 of them; 4 deviations are passed once
    // in 16 000 such runs, and the seed is fixed.
    const random = mulberry32(77);
    let low = 0;
    for (let run = 0; run < 300; run++) {
      const changes = Float64Array.from({ length: 60 }, () => random.next() - 0.5);
      const positions = new Float64Array(60);
      for (const from of [3, 21, 40]) {
        positions.fill(1, from, from + 2 + Math.floor(random.next() * 9));
      }
      const result = randomEntries(
        { positions, changes, costRate: 0.001 },
        { random, replications: 99 },
      );
      if (result !== undefined && result.pValue <= 0.1) low++;
    }
    expect(Math.abs(low - 30)).toBeLessThan(21);
  });

  test('do not exist without a trade', () => {
    const record = { positions: [0, 0, 0], changes: [1, 1, 1], costRate: 0 };
    expect(randomEntries(record, chance(1))).toBeUndefined();
  });

  test('have one place only when a position is always held', () => {
    const record = { positions: [1, 1, 1], changes: [0.1, 0.2, -0.1], costRate: 0.01 };
    const result = randomEntries(record, chance(1));
    expect(result).toMatchObject({ pValue: 1, actual: result?.median });
  });
});

describe('shuffled trades', () => {
  test('show that the losses came in the worst order', () => {
    const result = shuffledDrawdown([0.1, 0.1, 0.1, 0.1, -0.2, -0.2, -0.2], chance(3));
    expect(result.actual).toBeCloseTo(1 - 0.8 ** 3, 12);
    expect(result.median).toBeLessThan(result.actual);
    expect(result.pValue).toBeLessThan(0.2);
  });

  test('of one kind have one draw-down', () => {
    const result = shuffledDrawdown([-0.1, -0.1, -0.1], chance(3));
    expect(result).toMatchObject({ low: result.actual, high: result.actual, pValue: 1 });
  });

  test('never have a draw-down outside 0 to 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.9, max: 3, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (returns) => {
          const { low, high } = shuffledDrawdown(returns, chance(5, 20));
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('what cannot be randomised', () => {
  test.each([
    ['no period', { positions: [], changes: [], costRate: 0 }],
    ['positions without changes', { positions: [1, 1], changes: [1], costRate: 0 }],
    ['a NaN', { positions: [NaN], changes: [1], costRate: 0 }],
    ['a negative cost', { positions: [1], changes: [1], costRate: -1 }],
    ['a cost that is none', { positions: [1], changes: [1], costRate: NaN }],
  ])('is refused: %s', (_, record) => {
    expect(() => randomEntries(record, chance(1))).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });

  test('is refused: no trade, no replication', () => {
    expect(() => shuffledDrawdown([], chance(1))).toThrow(/1 are needed/);
    expect(() => shuffledDrawdown([1], chance(1, 0))).toThrow(/replications is 0/);
  });
});
