import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overfittingProbability } from '../../src/evaluation.ts';
import golden from './vectors/golden.json' with { type: 'json' };

describe('the probability of backtest overfitting', () => {
  test.each(golden.overfitting.map((one, index) => [index, one] as const))(
    'is that of purgedcv on matrix %i',
    (_, { trials, blocks, probability, slope, logits }) => {
      const found = overfittingProbability(trials, blocks);
      expect(found.probability).toBe(probability);
      expect(found.splits).toBe(logits.length);
      expect(found.slope).toBeCloseTo(slope, 10);
      found.logits.forEach((logit, split) => expect(logit).toBeCloseTo(logits[split], 12));
    },
  );

  test('is 0 where one trial is better in every block', () => {
    const noise = mulberry32(3);
    const trials = [0, 0.05, 0.01].map((mean) =>
      Array.from({ length: 64 }, () => mean + 0.01 * (noise.next() - 0.5)),
    );
    expect(overfittingProbability(trials, 8).probability).toBe(0);
  });

  test('is 1 where what wins one half must lose the other', () => {
    // Two blocks: each trial gains in one what it loses in the other.
    const trials = [
      [3, 4, 3, 4, -3, -4, -3, -4],
      [-3, -4, -3, -4, 3, 4, 3, 4],
      [0, 1, 0, -1, 0, 1, 0, -1],
    ];
    expect(overfittingProbability(trials, 2).probability).toBe(1);
  });

  test('does not change with the unit of the returns', () => {
    const noise = mulberry32(5);
    const trials = Array.from({ length: 5 }, () => Array.from({ length: 40 }, () => noise.next()));
    fc.assert(
      // Powers of two scale without rounding.
      fc.property(fc.integer({ min: -20, max: 20 }), (power) => {
        const scaled = trials.map((returns) => returns.map((value) => value * 2 ** power));
        expect(overfittingProbability(scaled, 8)).toEqual(overfittingProbability(trials, 8));
      }),
    );
  });

  test('ranks a trial that never moved at 0', () => {
    const flat = new Float64Array(16);
    expect(overfittingProbability([flat, flat, flat], 4)).toMatchObject({
      probability: 0,
      slope: undefined,
    });
  });

  test.each([
    ['one trial', [[1, 2, 3, 4]], 2],
    ['no trial', [], 2],
    ['an odd number of blocks', [new Array<number>(9).fill(1), new Array<number>(9).fill(2)], 3],
    [
      'more blocks than periods',
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      6,
    ],
    [
      'trials of unequal length',
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
      ],
      2,
    ],
    [
      'a NaN',
      [
        [1, 2, 3, 4],
        [1, NaN, 3, 4],
      ],
      2,
    ],
  ])('is refused: %s', (_, trials, blocks) => {
    expect(() => overfittingProbability(trials, blocks)).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });
});
