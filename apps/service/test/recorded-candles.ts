import { mulberry32 } from '@sema/simulator';
import type { Candle } from '@sema/qar';

const START = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

/** A seeded random walk with a drift that turns now and then. */
export function recordedCandles(count: number, from = 0, seed = 7): Candle[] {
  const random = mulberry32(seed);
  const candles: Candle[] = [];
  let price = 100;
  for (let i = 0; i < from + count; i++) {
    const drift = Math.floor(i / 80) % 2 === 0 ? 0.0012 : -0.001;
    const open = price;
    price *= 1 + drift + (random.next() - 0.5) * 0.006;
    const high = Math.max(open, price) * (1 + random.next() * 0.002);
    const low = Math.min(open, price) * (1 - random.next() * 0.002);
    const volume = 1000 + random.next() * 500;
    candles.push({ time: START + i * MINUTE, open, high, low, close: price, volume });
  }
  return candles.slice(from);
}

export const MARKET = {
  id: 'btc-usdt-1m',
  pair: 'BTC/USDT',
  intervalMs: MINUTE,
  decideAt: 'close',
} as const;
