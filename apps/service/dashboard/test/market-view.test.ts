import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Market } from '../src/data/contract.ts';
import {
  lastSequence,
  MOST_KEPT,
  withCandle,
  withDecision,
  type DecisionNews,
  type MarketView,
} from '../src/data/market-view.ts';
import { recordedDecisions } from './recorded-decisions.ts';

const { configuration, candles, entries } = recordedDecisions(24);
const first = candles.length - entries.length;

const news: DecisionNews[] = entries.map((entry, k) => ({
  entry,
  candle: candles[first + k],
  exposure: k / 100,
  weights: [k, 1 - k],
}));

const market: Market = {
  id: 'btc-usdt-1m',
  pair: 'BTC/USDT',
  intervalMs: 60_000,
  configuration,
  candles: first,
  decisions: 0,
  sequence: null,
  lastTime: null,
  trading: 'ACTIVE',
  equity: 100_000,
  regime: null,
  weights: [
    { expert: 'qar', weight: 0.5 },
    { expert: 'qstar', weight: 0.5 },
  ],
};

const START: MarketView = {
  market,
  candles: candles.slice(0, first),
  decisions: [],
  equity: [],
  weights: { experts: ['qar', 'qstar'], points: [] },
};

describe('a view of a market', () => {
  test('grows by a decision and its candle', () => {
    const view = withDecision(START, news[0]);
    expect(lastSequence(START)).toBe(-1);
    expect(lastSequence(view)).toBe(0);
    expect(view.candles).toHaveLength(first + 1);
    expect(view.market).toMatchObject({ sequence: 0, decisions: 1 });
    expect(view.equity).toEqual([
      {
        sequence: 0,
        time: candles[first].time,
        equity: entries[0].receipt.equity,
        exposure: 0,
      },
    ]);
    expect(view.market.weights.map(({ weight }) => weight)).toEqual([0, 1]);
  });

  test('is the same however a stream repeats itself and whatever order it keeps', () => {
    const ordered = news.reduce(withDecision, START);
    const places = fc.integer({ min: 0, max: news.length - 1 });
    fc.assert(
      fc.property(fc.array(places, { maxLength: 40 }), fc.nat(), (repeated, seed) => {
        const every = news.map((_, k) => k);
        const rotated = [...every.slice(seed % news.length), ...every.slice(0, seed % news.length)];
        const order = [...repeated, ...rotated];
        const view = order.reduce((before, k) => withDecision(before, news[k]), START);
        expect(view).toEqual(ordered);
      }),
      { numRuns: 50 },
    );
  });

  test('does not change by what is known already', () => {
    const view = withDecision(START, news[0]);
    expect(withDecision(view, news[0])).toBe(view);
    expect(withCandle(view, candles[0])).toBe(view);
  });

  test('keeps no more than is drawn', () => {
    let view: MarketView = { ...START, candles: [] };
    for (let k = 0; k < MOST_KEPT + 10; k++) view = withCandle(view, { ...candles[0], time: k });
    expect(view.candles).toHaveLength(MOST_KEPT);
    expect(view.candles[0]?.time).toBe(10);
    // What is older than all that is kept is not kept again.
    expect(withCandle(view, { ...candles[0], time: 3 }).candles[0]?.time).toBe(10);
  });
});
