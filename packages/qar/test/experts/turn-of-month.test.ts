import { expect, test } from 'vitest';
import { turnOfMonth } from '../../src/experts/turn-of-month.ts';
import { type Candles, windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { closesFrom, windowOf } from './windows.ts';

const DAY_MS = 86_400_000;

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function month(time: number): string {
  return day(time).slice(0, 7);
}

/** Whether candle i, by the whole file, is the last of its month or one of the first three. */
function isTurn({ time }: Candles, i: number): boolean {
  return month(time[i]) !== month(time[i + 1]) || month(time[i]) !== month(time[i - 3]);
}

test('it is in season just before turns of the month, but for holidays at their end', () => {
  const candles = readCandles(SP500_FILE);
  const missed: string[] = [];
  for (let i = 255; i < candles.length - 2; i++) {
    const opinion = turnOfMonth.opine(windowAt(candles, i, 256));
    const outOfSeason = opinion.kind === 'abstention' && opinion.reason === 'OUT_OF_SEASON';
    if (outOfSeason === isTurn(candles, i + 1)) missed.push(day(candles.time[i + 1]));
  }
  // Thanksgiving, Memorial Day and Good Friday next to the last weekday of a month, and the storm
  // of October 2012: the last trading day was not known to be it.
  expect(missed).toEqual([
    '2002-03-28',
    '2002-11-29',
    '2003-11-28',
    '2004-05-28',
    '2005-05-31',
    '2008-11-28',
    '2010-05-28',
    '2011-05-31',
    '2012-10-31',
    '2013-03-28',
    '2013-11-29',
    '2014-11-28',
    '2016-05-31',
    '2018-03-29',
    '2019-11-29',
  ]);
});

test('turns must beat other days by 1.645 standard errors (Welch)', () => {
  const candles = readCandles(SP500_FILE);
  let significant = 0;
  for (let end = 255; end < candles.length - 2; end++) {
    const opinion = turnOfMonth.opine(windowAt(candles, end, 256));
    if (opinion.kind === 'abstention' && opinion.reason === 'OUT_OF_SEASON') continue;
    const turns: number[] = [];
    const others: number[] = [];
    // The last candle's next, and so its place in the month, is not known.
    for (let i = end - 252; i < end; i++) {
      const change = Math.log(candles.close[i] / candles.close[i - 1]);
      (isTurn(candles, i) ? turns : others).push(change);
    }
    const [a, b] = [moments(turns), moments(others)];
    const statistic = (a.mean - b.mean) / Math.sqrt(a.squaredError + b.squaredError);
    if (statistic <= 1.6448536269514722) {
      expect(opinion).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
    } else {
      const strength = expect.closeTo(1 - 1.6448536269514722 / statistic, 9) as number;
      expect(opinion).toEqual({ kind: 'opinion', direction: 1, strength });
      significant++;
    }
  }
  expect(significant).toBeGreaterThan(20);
});

function moments(values: readonly number[]): { mean: number; squaredError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, squaredError: squares / (values.length - 1) / values.length };
}

/**
 * 256 candles that end on `last`, an interval apart, up by 1 % or so at the turns of months and
 * down a little on other days; or the other way round.
 */
function opinionOn(last: string, { interval = DAY_MS, sign = 1, weekends = true } = {}): unknown {
  const time: number[] = [];
  for (let at = Date.parse(last); time.length < 256; at -= interval) {
    const weekday = new Date(at).getUTCDay();
    if (weekends || (weekday > 0 && weekday < 6)) time.unshift(at);
  }
  const returns = time.slice(1).map((at, index) => {
    const date = Number(day(at).slice(8));
    const size = date <= 3 || date >= 28 ? 0.01 : -0.003;
    return sign * (size + 0.001 * (index % 3));
  });
  return turnOfMonth.opine(windowOf({ time, close: closesFrom(100, returns) }));
}

test('a market open every day turns from the last day of the month to the third', () => {
  for (const last of ['2023-08-30', '2023-08-31', '2023-09-01', '2023-09-02', '2024-02-28']) {
    expect(opinionOn(last)).toMatchObject({ kind: 'opinion', direction: 1 });
  }
  for (const last of ['2023-08-29', '2023-09-03', '2023-09-15', '2024-02-27']) {
    expect(opinionOn(last)).toMatchObject({ reason: 'OUT_OF_SEASON' });
  }
});

test('a market closed on week-ends looks past them', () => {
  // Friday 2023-09-29 is the last weekday of its month, and Monday the first of the next.
  const weekends = false;
  expect(opinionOn('2023-09-27', { weekends })).toMatchObject({ reason: 'OUT_OF_SEASON' });
  expect(opinionOn('2023-09-28', { weekends })).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(opinionOn('2023-09-29', { weekends })).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(opinionOn('2023-10-03', { weekends })).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(opinionOn('2023-10-04', { weekends })).toMatchObject({ reason: 'OUT_OF_SEASON' });
});

test('turns that were worse than other days are never a signal to sell', () => {
  expect(opinionOn('2023-08-31', { sign: -1 })).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
});

test.each([60_000, 3_600_000, 12 * 3_600_000, 7 * DAY_MS])(
  'candles of %d ms are not the daily ones that the rule is documented for',
  (interval) => {
    expect(opinionOn('2023-08-31', { interval })).toMatchObject({ reason: 'UNSUITABLE_INTERVAL' });
  },
);
