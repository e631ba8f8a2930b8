import { mulberry32 } from '@sema/simulator';
import type { Candles } from '../src/market-data/candles.ts';

export const DAY_MS = 86_400_000;

/** A seeded random walk of daily candles that obey every rule the reader enforces. */
export function syntheticCandles(length: number, seed: number): Candles {
  const random = mulberry32(seed);
  const column = (): Float64Array => new Float64Array(length);
  const time = column();
  const open = column();
  const high = column();
  const low = column();
  const close = column();
  const volume = column();
  let price = 100;
  for (let i = 0; i < length; i++) {
    time[i] = i * DAY_MS;
    open[i] = price * (1 + 0.004 * (random.next() - 0.5));
    // Calm and wild stretches take turns, so that every regime is met.
    const scale = 0.01 * (1 + 4 * Math.max(0, Math.sin(i / 60)) ** 4);
    close[i] = open[i] * (1 + scale * (random.next() + random.next() + random.next() - 1.49));
    high[i] = Math.max(open[i], close[i]) * (1 + 0.3 * scale * random.next());
    low[i] = Math.min(open[i], close[i]) * (1 - 0.3 * scale * random.next());
    volume[i] = 1e6 * (0.5 + random.next()) * (1 + 20 * scale);
    price = close[i];
  }
  return { time, open, high, low, close, volume, length };
}

/** The first `length` candles, copied, so that nothing after them can be reached. */
export function prefix(candles: Candles, length: number): Candles {
  return {
    time: candles.time.slice(0, length),
    open: candles.open.slice(0, length),
    high: candles.high.slice(0, length),
    low: candles.low.slice(0, length),
    close: candles.close.slice(0, length),
    volume: candles.volume.slice(0, length),
    length,
  };
}
