import { describe, expect, test } from 'vitest';
import { marketGuard } from '../../src/risk/market-guard.ts';

const HOUR = 3_600_000;

function windowOf(close: readonly number[], volume?: readonly number[]) {
  const columns = Float64Array.from(close);
  return {
    time: Float64Array.from(close, (_, index) => index * HOUR),
    open: columns,
    high: columns,
    low: columns,
    close: columns,
    volume: Float64Array.from(volume ?? close.map(() => 7)),
    length: close.length,
  };
}

/** Closes whose returns alternate between +1 % and −1 %, then the given last return. */
function alternating(lastReturn: number): number[] {
  const close = [100];
  for (let i = 0; i < 21; i++) close.push((close.at(-1) ?? 0) * (i % 2 === 0 ? 1.01 : 0.99));
  return [...close, (close.at(-1) ?? 0) * (1 + lastReturn)];
}

describe('the market guard', () => {
  test('measures the newest return in standard deviations of the twenty before it', () => {
    // Ten times each of ±1 %: the sample deviation is 1 % · √(20/19).
    const sigma = 0.01 * Math.sqrt(20 / 19);
    const guard = marketGuard(windowOf(alternating(-0.07)), HOUR);
    expect(guard.jumpSigmas).toBeCloseTo(0.07 / sigma, 9);
  });

  test('calls the first move of a still market infinite, and no move none', () => {
    const still = new Array<number>(22).fill(5);
    expect(marketGuard(windowOf([...still, 5]), HOUR).jumpSigmas).toBe(0);
    expect(marketGuard(windowOf([...still, 5.01]), HOUR).jumpSigmas).toBe(Infinity);
  });

  test('finds the longest gap, and leaves the newest volume out of the usual one', () => {
    const window = windowOf(alternating(0), [...new Array<number>(22).fill(4), 900]);
    for (let i = 15; i < window.length; i++) window.time[i] += 3 * HOUR;
    const guard = marketGuard(window, HOUR);
    expect(guard).toMatchObject({ gapIntervals: 4, volume: 900, usualVolume: 4 });
  });
});
