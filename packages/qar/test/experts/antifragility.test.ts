import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import { antifragility } from '../../src/experts/antifragility.ts';
import { closesFrom, windowOf } from './windows.ts';

/**
 * A year of returns of about 1 %. After one of more than 1 % in size, up or down, the next is
 * shifted by `convexity`, and after one that is up also by `momentum`.
 */
function returnsWith(convexity: number, { momentum = 0, last = 0.03, seed = 3 } = {}): number[] {
  const random = mulberry32(seed);
  const returns: number[] = [];
  for (let i = 0; i < 250; i++) {
    const before = returns[i - 1] ?? 0;
    const shift = (Math.abs(before) > 0.01 ? convexity : 0) + momentum * Math.sign(before);
    returns.push(0.01 * (random.next() + random.next() + random.next() - 1.5) * 2 + shift);
  }
  return [...returns, last];
}

function opinionOn(returns: readonly number[]): unknown {
  return antifragility.opine(windowOf({ close: closesFrom(100, returns) }));
}

test('what gains from shocks is bought after one of either sign, what is harmed is sold', () => {
  for (const last of [0.04, -0.04]) {
    const on = (convexity: number): unknown => opinionOn(returnsWith(convexity, { last }));
    expect(on(0.008)).toMatchObject({ kind: 'opinion', direction: 1 });
    expect(on(-0.008)).toMatchObject({ kind: 'opinion', direction: -1 });
  }
});

test('after a calm candle it is silent, whatever the convexity', () => {
  expect(opinionOn(returnsWith(0.008, { last: 0.0001 }))).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('momentum alone is no convexity, nor is noise: chance passes one time in ten', () => {
  for (const momentum of [0, 0.003]) {
    let passed = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const returns = returnsWith(0, { momentum, seed });
      if (antifragility.opine(windowOf({ close: closesFrom(100, returns) })).kind === 'opinion') {
        passed++;
      }
    }
    // 30 of 300, four binomial deviations of 5.2: one seed in 15 000 would fail.
    expect(Math.abs(passed - 30)).toBeLessThan(21);
  }
});

test('fewer than ten shocks of a sign prove nothing', () => {
  const returns = Array.from({ length: 251 }, (_, i) => 0.01 + 0.0001 * (i % 7));
  expect(opinionOn([...returns.slice(0, 250), 0.05])).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
});
