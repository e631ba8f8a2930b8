import { SMA } from 'trading-signals';
import { expect, test } from 'vitest';
import { mean } from '../../src/experts/indicators/mean.ts';
import { movingAverageCrossover } from '../../src/experts/moving-average-crossover.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

function opinionOnLastFive(price: number): unknown {
  const close = [...new Array<number>(145).fill(100), ...new Array<number>(5).fill(price)];
  return movingAverageCrossover.opine(windowOf({ close }));
}

test('the short average must be more than one percent away from the long one', () => {
  // Long average: (145 · 100 + 5 · price) / 150.
  expect(opinionOnLastFive(101)).toMatchObject({ reason: 'NO_SIGNAL' });
  expect(opinionOnLastFive(99)).toMatchObject({ reason: 'NO_SIGNAL' });
  const long = (145 * 100 + 5 * 110) / 150;
  expect(opinionOnLastFive(110)).toEqual({
    kind: 'opinion',
    direction: 1,
    strength: expect.closeTo(1 - 0.01 / ((110 - long) / long), 12) as number,
  });
  expect(opinionOnLastFive(90)).toMatchObject({ direction: -1 });
});

test('the averages are those of trading-signals', () => {
  const { close } = readCandles(SP500_FILE);
  for (const period of [5, 150]) {
    const theirs = new SMA(period);
    for (let i = 0; i < close.length; i++) {
      const average = theirs.update(close[i], false);
      // The order of summation may differ: 150 roundings of 2^-53 on values to 3400.
      if (average !== null) expect(mean(close, i + 1 - period, i + 1)).toBeCloseTo(average, 9);
    }
  }
});
