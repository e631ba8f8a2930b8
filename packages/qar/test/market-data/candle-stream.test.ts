import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candle } from '../../src/market-data/candle-fault.ts';
import { CandleStream } from '../../src/market-data/candle-stream.ts';

const MINUTE = 60_000;
const OPTIONS = { intervalMs: MINUTE, windowCandles: 4, clockToleranceMs: 0 };

function candle(minute: number, close = 10): Candle {
  const high = Math.max(10, close);
  const low = Math.min(10, close);
  return { time: minute * MINUTE, open: 10, high, low, close, volume: 1 };
}

function streamOf(...minutes: number[]): CandleStream {
  const stream = new CandleStream(OPTIONS);
  for (const minute of minutes) stream.push(candle(minute), Infinity);
  return stream;
}

describe('a candle that arrives', () => {
  test.each([
    ['next after the newest is taken', [1, 2], candle(3), { kind: 'next', missing: 0 }],
    ['after a gap is taken, and the gap counted', [1, 2], candle(7), { kind: 'next', missing: 4 }],
    ['twice the same is a duplicate', [1, 2], candle(2), { kind: 'duplicate' }],
    ['again with another close is a revision', [1, 2], candle(2, 11), { kind: 'revised' }],
    ['again after later ones is a revision', [1, 2, 3], candle(1, 11), { kind: 'revised' }],
    ['before the oldest is late', [5, 6], candle(2), { kind: 'late' }],
    ['into a gap is late', [1, 5], candle(3), { kind: 'late' }],
    ['between two intervals is off the grid', [1, 2], candle(3.5), { kind: 'off-grid' }],
  ] as const)('%s', (_, before, arrived, verdict) => {
    const stream = streamOf(...before);
    const { taken } = stream;
    expect(stream.push(arrived, Infinity)).toEqual(verdict);
    expect(stream.taken).toBe(taken + (verdict.kind === 'next' ? 1 : 0));
  });

  test('before it has closed by our clock is early', () => {
    const stream = new CandleStream({ ...OPTIONS, clockToleranceMs: 500 });
    expect(stream.push(candle(0), MINUTE - 501)).toEqual({ kind: 'early' });
    expect(stream.push(candle(0), MINUTE - 500)).toMatchObject({ kind: 'next' });
  });

  test('is early when our clock is not a number', () => {
    expect(streamOf().push(candle(0), NaN)).toEqual({ kind: 'early' });
  });

  test('may lie off the grid where days change length', () => {
    const stream = new CandleStream({ ...OPTIONS, intervalMs: 24 * 60 * MINUTE });
    stream.push(candle(0), Infinity);
    expect(stream.push(candle(23 * 60), Infinity)).toEqual({ kind: 'next', missing: 0 });
  });

  test.each([
    ['BAD_TIME', { time: 0.5 }],
    ['BAD_TIME', { time: NaN }],
    ['BAD_TIME', { time: Infinity }],
    ['BAD_NUMBER', { close: NaN }],
    ['BAD_NUMBER', { volume: Infinity }],
    ['NON_POSITIVE_PRICE', { low: 0 }],
    ['NON_POSITIVE_PRICE', { low: -0 }],
    ['NEGATIVE_VOLUME', { volume: -1 }],
    ['HIGH_BELOW_LOW', { high: 9 }],
    ['HIGH_BELOW_LOW', { open: 11 }],
  ] as const)('is invalid as %s with %o', (code, fault) => {
    const verdict = streamOf(1).push({ ...candle(2), ...fault }, Infinity);
    expect(verdict).toMatchObject({ kind: 'invalid', code });
  });
});

test('the candles held are the latest, in order, however many came and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 80 }), (minutes) => {
      const stream = streamOf(...minutes);
      const taken: number[] = [];
      for (const minute of minutes) {
        if (taken.length === 0 || minute > taken[taken.length - 1]) taken.push(minute);
      }
      expect(stream.taken).toBe(taken.length);
      const held = Array.from(stream.candles.time, (time) => time / MINUTE);
      expect(held).toEqual(taken.slice(taken.length - held.length));
      expect(held.length).toBeGreaterThanOrEqual(Math.min(taken.length, OPTIONS.windowCandles));
      expect(held.length).toBeLessThanOrEqual(2 * OPTIONS.windowCandles);
    }),
  );
});

test.each([
  { intervalMs: 0 },
  { intervalMs: NaN },
  { windowCandles: 1 },
  { windowCandles: 2.5 },
  { windowCandles: 1e9 },
  { clockToleranceMs: -1 },
])('a stream with %o is refused', (fault) => {
  expect(() => new CandleStream({ ...OPTIONS, ...fault })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIGURATION' }),
  );
});
