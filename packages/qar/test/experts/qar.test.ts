import { expect, test } from 'vitest';
import { qar } from '../../src/experts/qar.ts';
import { closesFrom, windowOf } from './windows.ts';

/** On 252 daily candles. */
function opinionOn(returns: readonly number[]) {
  return qar.opine(windowOf({ close: closesFrom(100, returns) }));
}

/**
 * Stretches of 60 candles up and 60 down by 0.4 % a candle, with a wobble; `sign` −1 for the
 * reverse.
 */
function stretches(phase: number, sign: number): number[] {
  return Array.from({ length: 251 }, (_, i) => {
    const trend = Math.floor((i + phase) / 60) % 2 === 0 ? 1 : -1;
    return sign * 0.004 * trend + 0.003 * Math.sin(2.4 * i);
  });
}

test('where following paid in the regime of now, the last 20 candles are followed', () => {
  // 251 + 29 days: 40 into a rise; and the same upside down.
  expect(opinionOn(stretches(29, 1))).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(opinionOn(stretches(29, -1))).toMatchObject({ kind: 'opinion', direction: -1 });
});

test('where it did not, they are opposed', () => {
  // A price that swings in 26 days: by the time it is above that of 20 days ago, it turns.
  const swing = Array.from({ length: 251 }, (_, i) => 0.01 * Math.sin((2 * Math.PI * i) / 26));
  const { close } = windowOf({ close: closesFrom(100, swing) });
  const opinion = opinionOn(swing);
  const trend = Math.sign(close[251] - close[231]);
  expect(opinion).toMatchObject({ kind: 'opinion', direction: -trend });
});

test('a regime that the window hardly knew is no ground for an opinion', () => {
  const calm = stretches(29, 1).slice(0, 245);
  const crash = [-0.09, 0.07, -0.11, 0.08, -0.12, 0.09];
  expect(opinionOn([...calm, ...crash])).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
});
