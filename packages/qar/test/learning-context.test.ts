import fc from 'fast-check';
import { expect, test } from 'vitest';
import { learningContext } from '../src/learning-context.ts';
import { windowAt } from '../src/market-data/candles.ts';
import type { CandleWindow } from '../src/market-data/candles.ts';
import { marketFeatures } from '../src/market-features.ts';
import { syntheticCandles } from './synthetic-candles.ts';

const LENGTH = 256;

/** A window whose price moves by `usual` each candle, up and down, and by `recent` at the end. */
function zigzag(usual: number, recent: number): CandleWindow {
  const window = windowAt(syntheticCandles(LENGTH, 1), LENGTH - 1, LENGTH);
  window.close[0] = 100;
  for (let i = 1; i < LENGTH; i++) {
    const size = i < LENGTH - 20 ? usual : recent;
    window.close[i] = window.close[i - 1] * (i % 2 === 0 ? 1 + size : 1 - size);
  }
  return window;
}

function contextOf(window: CandleWindow, normalizedVolume: number): Float64Array {
  const features = marketFeatures(window, 252);
  if (features === undefined) throw new Error('a window that moves has features');
  return learningContext(window, { ...features, normalizedVolume });
}

test('a window that moves and trades as it always did is in all four contexts alike', () => {
  for (const share of contextOf(zigzag(0.01, 0.01), 1)) expect(share).toBeCloseTo(1 / 4, 12);
});

test('moves and volume above the usual are told apart, by r⁴/(1 + r⁴)', () => {
  // 20 of 255 moves are three times the others, so they are 3·255/(235 + 60) of the mean move.
  const ratio = (3 * 255) / (235 + 60);
  const agitated = ratio ** 4 / (1 + ratio ** 4);
  const heavy = 16 / 17;
  const shares = contextOf(zigzag(0.01, 0.03), 2);
  const expected = [
    (1 - agitated) * (1 - heavy),
    agitated * (1 - heavy),
    (1 - agitated) * heavy,
    agitated * heavy,
  ];
  for (const [context, share] of expected.entries()) {
    expect(shares[context]).toBeCloseTo(share, 12);
  }
});

test('the shares are fractions with sum 1, whatever the market did', () => {
  const size = fc.double({ min: 1e-12, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(size, size, fc.double({ min: 0, noNaN: true }), (usual, recent, volume) => {
      const shares = contextOf(zigzag(usual, recent), volume);
      let sum = 0;
      for (const share of shares) {
        expect(share).toBeGreaterThanOrEqual(0);
        sum += share;
      }
      expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
    }),
    { numRuns: 50 },
  );
});
