import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abstain, defineExpert, exceed, lean } from '../../src/experts/expert.ts';
import { windowOf } from './windows.ts';

test('a leaning is as strong as its score, up to full', () => {
  expect(lean(0.5, 2)).toEqual({ kind: 'opinion', direction: 1, strength: 0.25 });
  expect(lean(-3, 2)).toEqual({ kind: 'opinion', direction: -1, strength: 1 });
  expect(lean(0, 2)).toEqual(abstain('NO_SIGNAL'));
  expect(lean(-0, 2)).toEqual(abstain('NO_SIGNAL'));
  expect(lean(0.1 + 0.2 - 0.3, 2)).toEqual(abstain('NO_SIGNAL'));
});

test('past a threshold strength grows from nothing', () => {
  expect(exceed(4, 2, 'NO_SIGNAL')).toEqual({ kind: 'opinion', direction: 1, strength: 0.5 });
  expect(exceed(-8, 2, 'NO_SIGNAL')).toEqual({ kind: 'opinion', direction: -1, strength: 0.75 });
  expect(exceed(2, 2, 'NOT_SIGNIFICANT')).toEqual(abstain('NOT_SIGNIFICANT'));
  expect(exceed(-1, 2, 'NO_SIGNAL')).toEqual(abstain('NO_SIGNAL'));
});

test('whatever the score, the strength is in (0, 1] or there is no opinion', () => {
  fc.assert(
    fc.property(fc.double(), fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (score, limit) => {
      for (const opinion of [lean(score, limit), exceed(score, limit, 'NO_SIGNAL')]) {
        if (!Number.isFinite(score)) expect(opinion).toEqual(abstain('DEGENERATE_WINDOW'));
        else if (opinion.kind === 'opinion') {
          expect(opinion.direction).toBe(Math.sign(score));
          expect(opinion.strength).toBeGreaterThan(0);
          expect(opinion.strength).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});

test('a rule is asked about its lookback, and only when the window has it', () => {
  const asked: number[] = [];
  const expert = defineExpert({
    name: 'probe',
    title: 'Probe',
    source: '(2000)',
    lookback: 3,
    rule: (_, from) => {
      asked.push(from);
      return abstain('NO_SIGNAL');
    },
  });
  expect(expert.opine(windowOf({ close: [1, 2] }))).toEqual(abstain('NOT_ENOUGH_HISTORY'));
  expect(expert.opine(windowOf({ close: [1, 2, 3] }))).toEqual(abstain('NO_SIGNAL'));
  expect(expert.opine(windowOf({ close: [1, 2, 3, 4, 5] }))).toEqual(abstain('NO_SIGNAL'));
  expect(asked).toEqual([0, 2]);
});
