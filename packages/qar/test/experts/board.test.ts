import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXPERTS } from '../../src/experts/board.ts';
import type { Expert, Opinion } from '../../src/experts/expert.ts';
import { type Candles, type CandleWindow, windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { randomWindow, randomWindows, TOP, windowOf, withPrices } from './windows.ts';

const W = 256;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

function expectSound(opinion: Opinion): void {
  if (opinion.kind === 'abstention') return;
  expect([1, -1]).toContain(opinion.direction);
  expect(opinion.strength).toBeGreaterThan(0);
  expect(opinion.strength).toBeLessThanOrEqual(1);
}

test('the board has fourteen seats, in an order that receipts rely on', () => {
  expect(EXPERTS.map(({ name }) => name)).toEqual([
    'qar',
    'narrative-forecaster',
    'qstar',
    'antifragility',
    'time-series-momentum',
    'donchian-breakout',
    'rsi-reversion',
    'bollinger-reversion',
    'macd-histogram',
    'volatility-managed-exposure',
    'on-balance-volume',
    'local-linear-trend',
    'variance-ratio',
    'turn-of-month',
  ]);
});

test('every seat has a title, a source with its year, and a lookback within the window', () => {
  for (const { title, source, lookback } of EXPERTS) {
    expect(title).not.toBe('');
    expect(source).toMatch(/\((18|19|20)\d\d\)/);
    expect(lookback).toBeGreaterThan(1);
    expect(lookback).toBeLessThanOrEqual(W);
  }
});

describe.each(EXPERTS)('$name', (expert) => {
  test('says the same of the same candles', () => {
    fc.assert(
      fc.property(randomWindows(W), (window) => {
        const opinion = expert.opine(window);
        expectSound(opinion);
        expect(expert.opine(structuredClone(window))).toEqual(opinion);
      }),
    );
  });

  test('leaves the window as it is', () => {
    const window = randomWindow(W, 7);
    expert.opine(window);
    expect(window).toEqual(randomWindow(W, 7));
  });

  test('depends on its last lookback candles only', () => {
    fc.assert(
      fc.property(randomWindows(W), randomWindows(W), (window, other) => {
        const opinion = expert.opine(window);
        expect(expert.opine(windowAt(window, W - 1, expert.lookback))).toEqual(opinion);
        const earlier = W - expert.lookback;
        const longer = structuredClone(window);
        for (const name of COLUMNS) longer[name].set(other[name].subarray(0, earlier));
        expect(expert.opine({ ...longer, time: window.time })).toEqual(opinion);
      }),
      { numRuns: 40 },
    );
  });

  test('abstains when the window is shorter than that', () => {
    fc.assert(
      fc.property(randomWindows(W), fc.integer({ min: 1, max: W }), (window, length) => {
        const opinion = expert.opine(windowAt(window, W - 1, length));
        const isShort = opinion.kind === 'abstention' && opinion.reason === 'NOT_ENOUGH_HISTORY';
        expect(isShort).toBe(length < expert.lookback);
      }),
      { numRuns: 40 },
    );
  });

  test('does not notice the units of price and volume', () => {
    fc.assert(
      fc.property(
        randomWindows(W),
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -20, max: 20 }),
        (window, pricePower, volumePower) => {
          // Powers of two scale without rounding, so nothing may change at all.
          const scaled = withPrices(window, (price) => price * 2 ** pricePower);
          const volume = window.volume.map((value) => value * 2 ** volumePower);
          expect(expert.opine({ ...scaled, volume })).toEqual(expert.opine(window));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('abstains where the price never moves, traded or not', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (price, volume) => {
          const close = new Array<number>(W).fill(price);
          const window = windowOf({ close, volume: close.map(() => volume) });
          expect(expert.opine(window).kind).toBe('abstention');
        },
      ),
    );
  });

  test('is sound on prices from 1e-9 to 1e12 and volumes from 0 to 1e12', () => {
    const price = fc.constantFrom(1e-9, 1.1e-9, 1, 3, 1e12);
    const cycle = fc.array(price, { minLength: 1, maxLength: 20 });
    const volumes = fc.array(fc.constantFrom(0, 1e-8, 1, 1e12), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cycle, volumes, (prices, amounts) => {
        const repeat = (values: readonly number[]): number[] =>
          Array.from({ length: W }, (_, index) => values[index % values.length]);
        expectSound(expert.opine(windowOf({ close: repeat(prices), volume: repeat(amounts) })));
      }),
    );
  });

  test('never turns a number that is not finite into a strength', () => {
    const poison = fc.constantFrom(NaN, Infinity, -Infinity, 0, -1, 1e308, 5e-324);
    fc.assert(
      fc.property(
        randomWindows(W),
        fc.constantFrom(...COLUMNS),
        fc.integer({ min: 0, max: W - 1 }),
        poison,
        (window, column, index, value) => {
          window[column][index] = value;
          expectSound(expert.opine(window));
        },
      ),
      { numRuns: 200 },
    );
  });
});

const sp500 = readCandles(SP500_FILE);
const byName = new Map(EXPERTS.map((expert) => [expert.name, expert]));

function expertNamed(name: string): Expert {
  const expert = byName.get(name);
  if (expert === undefined) throw new Error(`no expert is called ${name}`);
  return expert;
}

function opposite(opinion: Opinion): Opinion {
  return opinion.kind === 'opinion'
    ? { ...opinion, direction: opinion.direction === 1 ? -1 : 1 }
    : opinion;
}

function expectClose(actual: Opinion, expected: Opinion): void {
  if (actual.kind === 'abstention' || expected.kind === 'abstention') {
    expect(actual).toEqual(expected);
    return;
  }
  expect(actual.direction).toBe(expected.direction);
  // Sums of 256 rounded terms, mirrored.
  expect(actual.strength).toBeCloseTo(expected.strength, 9);
}

test.each([
  'donchian-breakout',
  'rsi-reversion',
  'bollinger-reversion',
  'macd-histogram',
  'on-balance-volume',
  'narrative-forecaster',
])('%s says the opposite of prices turned upside down', (name) => {
  const expert = expertNamed(name);
  const upsideDown = (window: CandleWindow): CandleWindow =>
    withPrices(window, (price) => TOP - price, { swap: true });
  fc.assert(
    fc.property(randomWindows(W), (window) => {
      expectClose(expert.opine(upsideDown(window)), opposite(expert.opine(window)));
    }),
  );
});

test.each(['local-linear-trend', 'variance-ratio', 'time-series-momentum'])(
  '%s says the opposite of reciprocal prices',
  (name) => {
    const expert = expertNamed(name);
    fc.assert(
      fc.property(randomWindows(W), (window) => {
        const reciprocal = withPrices(window, (price) => 1 / price, { swap: true });
        expectClose(expert.opine(reciprocal), opposite(expert.opine(window)));
      }),
    );
  },
);

/** Every answer of an expert over a file, counted by direction or reason. */
function answers(expert: Expert, candles: Candles): Map<string, number> {
  const counts = new Map<string, number>();
  for (let end = W - 1; end < candles.length; end++) {
    const opinion = expert.opine(windowAt(candles, end, W));
    const key = opinion.kind === 'opinion' ? `${opinion.direction}` : opinion.reason;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

test.each([
  ['qar', ['-1', '1', 'NOT_SIGNIFICANT']],
  ['narrative-forecaster', ['-1', '1', 'NO_SIGNAL']],
  ['qstar', ['-1', '1', 'NO_SIGNAL']],
  ['antifragility', ['-1', '1', 'NOT_SIGNIFICANT', 'NO_SIGNAL']],
  ['time-series-momentum', ['-1', '1']],
  ['donchian-breakout', ['-1', '1', 'NO_SIGNAL']],
  ['rsi-reversion', ['-1', '1', 'NO_SIGNAL']],
  ['bollinger-reversion', ['-1', '1', 'NO_SIGNAL']],
  ['macd-histogram', ['-1', '1']],
  ['volatility-managed-exposure', ['-1', '1']],
  ['on-balance-volume', ['-1', '1']],
  ['local-linear-trend', ['-1', '1', 'NOT_SIGNIFICANT']],
  ['variance-ratio', ['-1', '1', 'NOT_SIGNIFICANT', 'NO_SIGNAL']],
  ['turn-of-month', ['1', 'NOT_SIGNIFICANT', 'OUT_OF_SEASON']],
])('over twenty years of the S&P 500 %s answers %j', (name, expected) => {
  const counts = answers(expertNamed(name), sp500);
  expect([...counts.keys()].toSorted()).toEqual(expected);
  // Each direction at least once in a hundred days, in two hundred where a test has to be passed.
  const days = [...counts.values()].reduce((sum, count) => sum + count);
  const few = days / (expected.includes('NOT_SIGNIFICANT') ? 200 : 100);
  expect(counts.get('1')).toBeGreaterThan(few);
  if (expected.includes('-1')) expect(counts.get('-1')).toBeGreaterThan(few);
});

test('any two experts differ on a quarter of the days of the S&P 500 that either speaks on', () => {
  const answersOf = EXPERTS.map((expert) =>
    Array.from({ length: sp500.length - W + 1 }, (_, index) => {
      const opinion = expert.opine(windowAt(sp500, W - 1 + index, W));
      return opinion.kind === 'opinion' ? opinion.direction : 0;
    }),
  );
  for (const [index, first] of answersOf.entries()) {
    for (const second of answersOf.slice(index + 1)) {
      const differing = first.filter((answer, day) => answer !== second[day]).length;
      const either = first.filter((answer, day) => answer !== 0 || second[day] !== 0).length;
      expect(differing).toBeGreaterThan(either / 4);
    }
  }
});
