import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combinatorialSplits, walkForward, type RowRange } from '../../src/evaluation.ts';
import golden from './vectors/golden.json' with { type: 'json' };

function rowsOf(ranges: readonly RowRange[]): number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
}

describe('walk-forward splits', () => {
  test.each([
    ['rolling', false, golden.splits.rolling],
    ['expanding', true, golden.splits.expanding],
  ])('%s are those of skfolio', (_, expanding, expected) => {
    const splits = walkForward(60, { train: 20, test: 7, gap: 3, expanding });
    expect(splits.map(({ train, test: tested }) => [rowsOf(train), rowsOf(tested)])).toEqual(
      expected,
    );
  });

  test('never train on what comes after the test or within its gap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 9 }),
        fc.boolean(),
        (train, tested, gap, expanding) => {
          const splits = walkForward(100, { train, test: tested, gap, expanding });
          splits.forEach((split, index) => {
            expect(split.train[0].to + gap).toBe(split.test[0].from);
            expect(split.train[0].from).toBeGreaterThanOrEqual(0);
            if (index > 0) expect(split.test[0].from).toBe(splits[index - 1].test[0].to);
          });
        },
      ),
    );
  });

  test.each([
    ['too few rows', 10, { train: 8, test: 2, gap: 1, expanding: true }],
    ['no rows', 0, { train: 1, test: 1, gap: 0, expanding: true }],
    ['half a row', 10.5, { train: 1, test: 1, gap: 0, expanding: true }],
    ['a negative gap', 10, { train: 1, test: 1, gap: -1, expanding: true }],
    ['an empty test', 10, { train: 1, test: 0, gap: 0, expanding: true }],
  ])('are refused: %s', (_, rows, options) => {
    expect(() => walkForward(rows, options)).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });
});

describe('combinatorial splits', () => {
  test('are those of skfolio, purged and embargoed, and so are their paths', () => {
    const options = { groups: 6, testGroups: 2, purge: 2, embargo: 3 };
    const { splits, paths } = combinatorialSplits(60, options);
    expect(
      splits.map(({ train, test: tested }) => ({ train: rowsOf(train), test: rowsOf(tested) })),
    ).toEqual(golden.splits.combinatorial);
    expect(paths).toEqual(golden.splits.paths);
  });

  test('test every group equally often and cross the whole span on every path', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 7, max: 50 }),
        fc.integer({ min: 0, max: 60 }),
        (groups, wanted, rows, purge) => {
          const testGroups = Math.min(wanted, groups - 1);
          const made = combinatorialSplits(rows, { groups, testGroups, purge, embargo: 1 });
          expect(rowsOf(made.groups)).toEqual(Array.from({ length: rows }, (_, i) => i));
          expect(made.paths.length * groups).toBe(made.splits.length * testGroups);
          for (const path of made.paths) {
            path.forEach((split, group) => {
              expect(made.splits[split].tested).toContain(group);
            });
          }
          for (const { train, test: tested } of made.splits) {
            const near = new Set(rowsOf(tested).flatMap((row) => [row, row - purge, row + purge]));
            for (const row of rowsOf(train)) expect(near.has(row)).toBe(false);
          }
        },
      ),
    );
  });

  test.each([
    ['one group', 50, { groups: 1, testGroups: 1, purge: 0, embargo: 0 }],
    ['all groups tested', 50, { groups: 4, testGroups: 4, purge: 0, embargo: 0 }],
    ['more groups than rows', 3, { groups: 4, testGroups: 2, purge: 0, embargo: 0 }],
    ['too many choices', 50, { groups: 24, testGroups: 12, purge: 0, embargo: 0 }],
    ['an infinite embargo', 50, { groups: 4, testGroups: 2, purge: 0, embargo: Infinity }],
  ])('are refused: %s', (_, rows, options) => {
    expect(() => combinatorialSplits(rows, options)).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });
});
