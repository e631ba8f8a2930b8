import { expect, test } from 'vitest';
import { candleFeed, TradeFeed } from '../src/paper/feed.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

function feed(): TradeFeed {
  return new TradeFeed({ intervalMs: MINUTE, clockToleranceMs: 1000 });
}

function line(ms: number, price: number, id?: string): string {
  return JSON.stringify({ time: START + ms, price, quantity: 1, ...(id !== undefined && { id }) });
}

/** Takes trades of these times, ms after the start, at prices 10, 11, 12 …, and says what came. */
function taken(trades: TradeFeed, times: readonly number[], now = Infinity): unknown[] {
  return times.flatMap((ms, index) => trades.take(line(ms, 10 + index), now));
}

test('the first candle of a run is left out, and the next are whole', () => {
  const items = taken(feed(), [30_000, 59_999, 60_000, 90_000, 119_999, 120_000]);
  expect(items).toEqual([
    { answer: { time: START, verdict: 'partial' } },
    {
      candle: { time: START + MINUTE, open: 12, high: 14, low: 12, close: 14, volume: 3 },
    },
  ]);
});

test('a candle whose interval has been over for half a second closes without another trade', () => {
  const trades = feed();
  expect(taken(trades, [0, 60_000])).toHaveLength(1);
  expect(trades.ready(START + 2 * MINUTE + 499)).toEqual([]);
  expect(trades.ready(START + 2 * MINUTE + 500)).toMatchObject([{ candle: { volume: 1 } }]);
  expect(trades.ready(START + 9 * MINUTE)).toEqual([]);
});

test('a trade that is not taken is answered with why', () => {
  const trades = feed();
  trades.take(line(0, 10, 'a'), START);
  expect(trades.take(line(1, 10, 'a'), START)).toEqual([
    { answer: { trade: 'a', time: START + 1, verdict: 'duplicate' } },
  ]);
  expect(trades.take(line(2000, 10), START)).toMatchObject([{ answer: { verdict: 'early' } }]);
  trades.take(line(MINUTE, 10, 'b'), START + MINUTE);
  expect(trades.take(line(5, 10, 'c'), START + MINUTE)).toMatchObject([
    { answer: { trade: 'c', verdict: 'late' } },
  ]);
  expect(trades.take(line(MINUTE, -1), START + MINUTE)).toMatchObject([
    { answer: { verdict: 'invalid' } },
  ]);
  expect(trades.take('nonsense', START)).toEqual([
    { answer: { verdict: 'invalid', code: 'NOT_A_TRADE' } },
  ]);
});

test('lines of candles are candles, and time alone makes none', () => {
  const [candle] = candleFeed.take('[1, 2, 4, 1, 3, 5]', 0);
  expect(candle).toEqual({ candle: { time: 1, open: 2, high: 4, low: 1, close: 3, volume: 5 } });
  expect(candleFeed.take('[1]', 0)).toEqual([
    { answer: { verdict: 'invalid', code: 'NOT_A_CANDLE' } },
  ]);
  expect(candleFeed.ready(Infinity)).toEqual([]);
});
