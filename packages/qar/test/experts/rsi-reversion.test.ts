import { RSI } from 'trading-signals';
import { expect, test } from 'vitest';
import { RelativeStrengthIndex, rsiReversion } from '../../src/experts/rsi-reversion.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { windowOf } from './windows.ts';

// The worked example of StockCharts' ChartSchool: QQQQ from 2009-12-14, and the index from the
// fifteenth close on.
const CLOSES = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
  46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521,
  45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
];
const INDEX = [
  70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46,
  41.87, 45.46, 37.3, 33.08, 37.77,
];

function indexOf(close: Float64Array): number {
  const index = new RelativeStrengthIndex(14);
  index.start();
  for (let i = 1; i < close.length; i++) index.step(close[i] - close[i - 1]);
  return index.value;
}

test('the index is that of the published worked example', () => {
  for (const [day, index] of INDEX.entries()) {
    const close = Float64Array.from(CLOSES.slice(0, 15 + day));
    // Published to two digits, from prices of four.
    expect(Math.abs(indexOf(close) - index)).toBeLessThan(0.011);
  }
});

test('the index is that of trading-signals', () => {
  const { close } = readCandles(SP500_FILE);
  const theirs = new RSI(14);
  for (let i = 0; i < 1000; i++) {
    const index = theirs.update(close[i], false);
    if (index === null) continue;
    // Both recurrences round a few times a step, and forget it by 13/14 a step.
    expect(indexOf(close.subarray(0, i + 1))).toBeCloseTo(index, 9);
  }
});

test('after 192 candles, the fewest it reads, the index does not depend on its start', () => {
  const { close } = readCandles(SP500_FILE);
  for (let end = 256; end <= close.length; end += 97) {
    const whole = indexOf(close.subarray(0, end));
    // (13/14)^177 = 2e-6 of averages that may be ten times the present ones, on a scale of 100.
    expect(Math.abs(indexOf(close.subarray(end - 192, end)) - whole)).toBeLessThan(4e-3);
  }
});

test('below 30 and above 70 the strength is the way to the end of the scale', () => {
  const candles = readCandles(SP500_FILE);
  for (let end = 255; end < candles.length; end++) {
    const window = windowAt(candles, end, 256);
    const index = indexOf(window.close);
    const opinion = rsiReversion.opine(window);
    // Where the expert starts moves the index by less than this.
    if (Math.min(Math.abs(index - 30), Math.abs(index - 70)) < 4e-3) continue;
    if (index >= 30 && index <= 70) expect(opinion.kind).toBe('abstention');
    else {
      expect(opinion).toMatchObject({
        direction: index < 30 ? 1 : -1,
        strength: expect.closeTo(Math.max(30 - index, index - 70) / 30, 3) as number,
      });
    }
  }
});

function opinionOn(moves: (index: number) => number): unknown {
  const close = [1000];
  for (let index = 1; index < 256; index++) close.push(close[index - 1] + moves(index));
  return rsiReversion.opine(windowOf({ close }));
}

test('only rises are as overbought, only falls as oversold as can be', () => {
  expect(opinionOn(() => 1)).toEqual({ kind: 'opinion', direction: -1, strength: 1 });
  expect(opinionOn(() => -1)).toEqual({ kind: 'opinion', direction: 1, strength: 1 });
});

test('as many rises as falls are no signal', () => {
  expect(opinionOn((index) => (index % 2 === 0 ? 1 : -1))).toMatchObject({ reason: 'NO_SIGNAL' });
});
