import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CandleStream } from '../../src/market-data/candle-stream.ts';
import { MarketRouter, type SymbolChange } from '../../src/market-data/market-router.ts';

const MINUTE = 60_000;
const STREAM = { intervalMs: MINUTE, windowCandles: 100, clockToleranceMs: 0 };

function router(...changes: SymbolChange[]): MarketRouter {
  return new MarketRouter({ stream: STREAM, changes, maximumPairs: 2 });
}

function candle(minute: number, close = 10) {
  return { time: minute * MINUTE, open: 10, high: Math.max(10, close), low: 1, close, volume: 1 };
}

test('each pair has its own stream, and a pair that nobody opened is refused', () => {
  const markets = router();
  markets.open('BTC');
  markets.open('ETH');
  markets.open('BTC');
  expect(markets.push('BTC', candle(5), Infinity).verdict.kind).toBe('next');
  expect(markets.push('ETH', candle(3), Infinity).verdict.kind).toBe('next');
  expect(markets.push('BTC', candle(3), Infinity).verdict.kind).toBe('late');
  expect(markets.push('XRP', candle(3), Infinity).verdict.kind).toBe('unknown-pair');
  expect(markets.pairs).toEqual(['BTC', 'ETH']);
  expect(() => markets.open('XRP')).toThrow(expect.objectContaining({ code: 'BAD_CONFIGURATION' }));
});

test('a new symbol goes on where the old one ended, which may come to mean another', () => {
  // In May 2022 LUNA became LUNC, and a new coin took its name.
  const markets = router({ from: 'LUNA', to: 'LUNC', before: 10 * MINUTE });
  markets.open('LUNC');
  markets.open('LUNA');
  for (let minute = 0; minute < 20; minute++) {
    const { pair } = markets.push('LUNA', candle(minute), Infinity);
    expect(pair).toBe(minute < 10 ? 'LUNC' : 'LUNA');
  }
  expect(markets.push('LUNC', candle(10), Infinity).verdict).toEqual({ kind: 'next', missing: 0 });
  expect(markets.stream('LUNC')?.taken).toBe(11);
  expect(markets.stream('LUNA')?.taken).toBe(10);
});

test('changes are followed one after another, and a circle of them is refused', () => {
  expect(router({ from: 'A', to: 'B' }, { from: 'B', to: 'C' }).pairOf('A', 0)).toBe('C');
  expect(() => router({ from: 'A', to: 'B' }, { from: 'B', to: 'A' })).toThrow(/circle/);
  expect(() => router({ from: 'A', to: 'A' })).toThrow(/circle/);
});

test.each([0, 1.5, NaN, Infinity])('%d pairs cannot be allowed', (maximumPairs) => {
  expect(() => new MarketRouter({ stream: STREAM, changes: [], maximumPairs })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIGURATION' }),
  );
});

test('a receiver clock that jumps back takes nothing twice and goes on when it is right', () => {
  const stream = new CandleStream(STREAM);
  expect(stream.push(candle(0), MINUTE).kind).toBe('next');
  expect(stream.push(candle(1), 2 * MINUTE).kind).toBe('next');
  // One hour back.
  expect(stream.push(candle(2), 3 * MINUTE - 3_600_000)).toEqual({ kind: 'early' });
  expect(stream.push(candle(1), 2 * MINUTE - 3_600_000)).toEqual({ kind: 'early' });
  expect(stream.taken).toBe(2);
  expect(stream.push(candle(2), 4 * MINUTE)).toEqual({ kind: 'next', missing: 0 });
  expect(stream.push(candle(1), 4 * MINUTE)).toEqual({ kind: 'duplicate' });
});

test('in whatever order candles come, and how often, the rising run of them is taken', () => {
  const arrivals = fc.array(fc.tuple(fc.nat(1), fc.nat(30), fc.constantFrom(10, 11)), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(arrivals, (rows) => {
      const markets = router();
      const names = ['BTC', 'ETH'];
      for (const name of names) markets.open(name);
      for (const [pair, minute, close] of rows) {
        markets.push(names[pair] ?? '', candle(minute, close), Infinity);
      }
      for (const [pair, name] of names.entries()) {
        const expected: number[] = [];
        for (const [of, minute, close] of rows) {
          const newest = expected.at(-2) ?? -1;
          if (of === pair && minute > newest) expected.push(minute, close);
        }
        const taken = markets.stream(name)?.candles;
        const held = Array.from(taken?.time ?? []).flatMap((time, i) => [
          time / MINUTE,
          taken?.close[i] ?? NaN,
        ]);
        expect(held).toEqual(expected);
      }
    }),
  );
});
