import { BollingerBands } from 'trading-signals';
import { expect, test } from 'vitest';
import { bandDeviations, bollingerReversion } from '../../src/experts/bollinger-reversion.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

test('one price among twenty can be at most √19 deviations away', () => {
  const close = [...new Array<number>(19).fill(100), 104];
  // Mean 100.2, variance (19 · 0.2² + 3.8²) / 20 = 0.76.
  expect(bandDeviations(Float64Array.from(close), 0, 20)).toBeCloseTo(3.8 / Math.sqrt(0.76), 12);
  expect(bollingerReversion.opine(windowOf({ close }))).toEqual({
    kind: 'opinion',
    direction: -1,
    strength: expect.closeTo(1 - 2 / Math.sqrt(19), 12) as number,
  });
});

test('a close below the lower band is expected to rise, one within the bands is no signal', () => {
  const zigzag = Array.from({ length: 19 }, (_, index) => 100 + (index % 2));
  const on = (last: number): unknown =>
    bollingerReversion.opine(windowOf({ close: [...zigzag, last] }));
  expect(on(97)).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(on(101.4)).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('the bands are those of trading-signals', () => {
  const { close } = readCandles(SP500_FILE);
  const theirs = new BollingerBands(20, 2);
  for (let i = 0; i < close.length; i++) {
    const bands = theirs.update(close[i], false);
    if (bands === null) continue;
    const deviation = (bands.upper - bands.middle) / 2;
    const deviations = bandDeviations(close, i - 19, i + 1);
    // Deviations of a few units from prices to 3400: 2^-53 · 3400 / 3 each.
    expect(deviations).toBeCloseTo((close[i] - bands.middle) / deviation, 9);
  }
});
