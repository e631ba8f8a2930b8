import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawPoints,
  parseAxis,
  pointTitle,
  settingsAt,
} from '../../src/evaluation/search-space.ts';

const AXES = parseAxis('risk.shorting=true,false', parseAxis('liquidity=0.5:2:0.5'));

describe('a search space', () => {
  test('is read from lists and ranges', () => {
    expect(AXES).toEqual([
      { path: 'liquidity', values: [0.5, 1, 1.5, 2] },
      { path: 'risk.shorting', values: [true, false] },
    ]);
    expect(parseAxis('path=twin')[0].values).toEqual(['twin']);
  });

  test('is drawn without repetition, whole when all is asked for', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), (seed, most) => {
        const points = drawPoints(AXES, most, mulberry32(seed));
        expect(points).toHaveLength(Math.min(8, most));
        expect(new Set(points.map((point) => pointTitle(AXES, point))).size).toBe(points.length);
      }),
    );
  });

  test('is drawn alike from the same seed', () => {
    const [first, second] = [5, 5].map((seed) => drawPoints(AXES, 8, mulberry32(seed)));
    expect(first).toEqual(second);
  });

  test('gives settings in their groups', () => {
    expect(settingsAt(AXES, [1, true])).toEqual({ liquidity: 1, risk: { shorting: true } });
  });

  test.each([
    'nonsense=1',
    'liquidity',
    'liquidity=',
    'liquidity=1=2',
    'liquidity=1:0:1',
    'liquidity=0:1:0',
    'liquidity=0:1:0.0001',
    'liquidity=1:2:3:4',
  ])('refuses %s', (text) => {
    expect(() => parseAxis(text)).toThrow(/It must be|A range must be/);
  });

  test('refuses a setting that is there twice, and a million combinations', () => {
    expect(() => parseAxis('liquidity=1', AXES)).toThrow(/twice/);
    const many = ['liquidity', 'choiceSensitivity', 'recordMemory'].flatMap((path) =>
      parseAxis(`${path}=1:900:1`),
    );
    expect(() => drawPoints(many, 1, mulberry32(1))).toThrow(/over a million/);
  });
});
