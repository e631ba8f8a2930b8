import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candle } from '../../src/market-data/candle-fault.ts';
import { QuoteAggregator } from '../../src/market-data/quote-aggregator.ts';
import { TradeAggregator, type Trade } from '../../src/market-data/trade-aggregator.ts';

const MINUTE = 60_000;
const OPTIONS = { intervalMs: MINUTE, clockToleranceMs: 0, rememberedIds: 100 };

function trade(seconds: number, price: number, id?: string): Trade {
  return { time: seconds * 1000, price, quantity: 0.5, ...(id !== undefined && { id }) };
}

function aggregatorOf(...trades: Trade[]): TradeAggregator {
  const aggregator = new TradeAggregator(OPTIONS);
  for (const each of trades) aggregator.push(each, Infinity);
  return aggregator;
}

test('a minute of trades is its candle when the next minute begins', () => {
  const aggregator = aggregatorOf(trade(61, 10), trade(70, 12), trade(80, 9), trade(119, 11));
  expect(aggregator.push(trade(121, 11.5), Infinity)).toEqual({
    kind: 'taken',
    closed: { time: MINUTE, open: 10, high: 12, low: 9, close: 11, volume: 2 },
  });
});

test('minutes without a trade have no candle', () => {
  expect(aggregatorOf(trade(1, 10)).push(trade(601, 11), Infinity)).toMatchObject({
    closed: { time: 0 },
  });
});

describe('a trade', () => {
  test('late within its candle may become the open, never the close', () => {
    const aggregator = aggregatorOf(trade(10, 10), trade(50, 11), trade(5, 12), trade(20, 9));
    const candle = { time: 0, open: 12, high: 12, low: 9, close: 11, volume: 2 };
    expect(aggregator.close(MINUTE)).toEqual(candle);
  });

  test('after its candle has closed is late', () => {
    const aggregator = aggregatorOf(trade(10, 10), trade(70, 11));
    expect(aggregator.push(trade(59, 12), Infinity)).toEqual({ kind: 'late' });
    const closed = aggregatorOf(trade(10, 10));
    expect(closed.close(MINUTE - 1)).toBeUndefined();
    expect(closed.close(MINUTE)).toMatchObject({ close: 10 });
    expect(closed.push(trade(59, 12), Infinity)).toEqual({ kind: 'late' });
    expect(closed.close(Infinity)).toBeUndefined();
  });

  test('with an id that was taken is a duplicate, also of a closed candle', () => {
    const aggregator = aggregatorOf(trade(10, 10, 'a'), trade(70, 11, 'b'));
    expect(aggregator.push(trade(70, 11, 'b'), Infinity)).toEqual({ kind: 'duplicate' });
    expect(aggregator.push(trade(10, 10, 'a'), Infinity)).toEqual({ kind: 'duplicate' });
  });

  test('is known by its id for as long as was asked', () => {
    const aggregator = new TradeAggregator({ ...OPTIONS, rememberedIds: 2 });
    for (const id of ['a', 'b', 'c']) aggregator.push(trade(1, 10, id), Infinity);
    expect(aggregator.push(trade(1, 10, 'b'), Infinity).kind).toBe('duplicate');
    expect(aggregator.push(trade(1, 10, 'a'), Infinity).kind).toBe('taken');
  });

  test('ahead of our clock is early and closes nothing: one wrong time does no harm', () => {
    const aggregator = aggregatorOf(trade(10, 10));
    expect(aggregator.push(trade(1e6, 11), 20_000)).toEqual({ kind: 'early' });
    expect(aggregator.push(trade(20, 11), NaN)).toEqual({ kind: 'early' });
    expect(aggregator.push(trade(20, 11), 20_000)).toEqual({ kind: 'taken' });
  });

  test.each([
    ['BAD_TIME', { time: NaN }],
    ['BAD_NUMBER', { price: Infinity }],
    ['NON_POSITIVE_PRICE', { price: -0 }],
    ['NEGATIVE_VOLUME', { quantity: -1 }],
    ['BAD_NUMBER', { quantity: NaN }],
  ])('is invalid, %s, with %j', (code, change) => {
    const verdict = aggregatorOf().push({ ...trade(1, 10), ...change }, Infinity);
    expect(verdict).toMatchObject({ kind: 'invalid', code });
  });
});

test('the trades of a candle give it in any order and however often they are sent', () => {
  const trades = fc
    .array(fc.record({ second: fc.nat(59), price: fc.integer({ min: 1, max: 1000 }) }), {
      minLength: 1,
      maxLength: 20,
    })
    .map((rows) => rows.map(({ second, price }, index) => trade(second, price, String(index))));
  const arrivals = trades.chain((sorted) =>
    fc
      .shuffledSubarray([...sorted, ...sorted], { minLength: 2 * sorted.length })
      .map((shuffled) => ({ sorted, shuffled })),
  );
  fc.assert(
    fc.property(arrivals, ({ sorted, shuffled }) => {
      const ordered = sorted.toSorted((a, b) => a.time - b.time || Number(a.id) - Number(b.id));
      // Halves add up exactly in any order.
      expect(aggregatorOf(...shuffled).close(MINUTE)).toEqual(
        aggregatorOf(...ordered).close(MINUTE),
      );
    }),
  );
});

test('whatever arrives, candles come in order, are sound and hold every trade taken', () => {
  const arrival = fc.record({ second: fc.nat(600), price: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (rows) => {
      const aggregator = new TradeAggregator(OPTIONS);
      const candles: Candle[] = [];
      let taken = 0;
      for (const { second, price } of rows) {
        const verdict = aggregator.push(trade(second, price), Infinity);
        if (verdict.kind !== 'taken') continue;
        taken++;
        if (verdict.closed !== undefined) candles.push(verdict.closed);
      }
      const last = aggregator.close(Infinity);
      if (last !== undefined) candles.push(last);
      const times = candles.map(({ time }) => time);
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      expect(candles.reduce((sum, { volume }) => sum + volume, 0)).toBe(taken / 2);
    }),
  );
});

test.each([
  { intervalMs: 0 },
  { intervalMs: 7 * 3_600_000 },
  { intervalMs: 7 * 86_400_000 },
  { intervalMs: NaN },
  { clockToleranceMs: -1 },
  { clockToleranceMs: NaN },
  { rememberedIds: 0 },
  { rememberedIds: Infinity },
])('the options %j are refused', (change) => {
  expect(() => new TradeAggregator({ ...OPTIONS, ...change })).toThrow(
    expect.objectContaining({ name: 'QarError', code: 'BAD_CONFIGURATION' }),
  );
});

describe('quotes', () => {
  test('give mid prices, tick volume and the spread in basis points', () => {
    const quotes = new QuoteAggregator(OPTIONS);
    quotes.push({ time: 1000, bid: 99, ask: 101 }, Infinity);
    quotes.push({ time: 2000, bid: 199, ask: 201 }, Infinity);
    const closed = {
      time: 0,
      open: 100,
      high: 200,
      low: 100,
      close: 200,
      volume: 2,
      meanSpreadBps: 150,
      maximumSpreadBps: 200,
    };
    const next = { time: MINUTE, bid: 50, ask: 50 };
    expect(quotes.push(next, Infinity)).toEqual({ kind: 'taken', closed });
    expect(quotes.close(Infinity)).toMatchObject({ volume: 1, maximumSpreadBps: 0 });
  });

  test.each([
    ['HIGH_BELOW_LOW', { bid: 102 }],
    ['NON_POSITIVE_PRICE', { bid: 0 }],
    ['BAD_NUMBER', { ask: NaN }],
    ['BAD_TIME', { time: 0.5 }],
  ])('are invalid, %s, with %j', (code, change) => {
    const quotes = new QuoteAggregator(OPTIONS);
    const verdict = quotes.push({ time: 0, bid: 99, ask: 101, ...change }, Infinity);
    expect(verdict).toMatchObject({ kind: 'invalid', code });
  });
});
