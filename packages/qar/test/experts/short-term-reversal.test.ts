import { expect, test } from 'vitest';
import { shortTermReversal } from '../../src/experts/short-term-reversal.ts';
import { closesFrom, windowOf } from './windows.ts';

/** Returns of ±1 % in turn, but for a last week that is flat and then moves by `move`. */
function opinionOn(move: number): unknown {
  const returns = Array.from({ length: 252 }, (_, index): number => [0.01, -0.01][index % 2]);
  returns.splice(247, 5, 0, 0, 0, 0, move);
  return shortTermReversal.opine(windowOf({ close: closesFrom(100, returns) }));
}

test('the strength is the week in standard deviations, full at two', () => {
  // 124 returns of 1 %, 123 of −1 %, four of 0, one of 2 %.
  const mean = (0.01 + 0.02) / 252;
  const variance = (247 * 0.01 ** 2 + 0.02 ** 2) / 252 - mean ** 2;
  expect(opinionOn(0.02)).toEqual({
    kind: 'opinion',
    direction: -1,
    strength: expect.closeTo(0.02 / Math.sqrt(5 * variance) / 2, 10) as number,
  });
  expect(opinionOn(-0.02)).toMatchObject({ direction: 1 });
  expect(opinionOn(-0.2)).toMatchObject({ direction: 1, strength: 1 });
});

test('a week that ends where it began is no signal', () => {
  expect(opinionOn(0)).toMatchObject({ reason: 'NO_SIGNAL' });
});
