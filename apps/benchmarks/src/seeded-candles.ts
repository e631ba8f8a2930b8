import type { Candles } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';

const DAY_MS = 86_400_000;
const START = Date.UTC(2000, 0, 1);
/** Candles in which the market drifts one way, then the other. */
const SWING = 120;

/** A seeded random walk of daily candles with slow swings: the same seed gives the same candles. */
export function seededCandles(length: number, seed: number): Candles {
  const random = mulberry32(seed);
  const column = (): Float64Array => new Float64Array(length);
  const candles = {
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    length,
  };
  let price = 100;
  for (let i = 0; i < length; i++) {
    const drift = Math.floor(i / SWING) % 2 === 0 ? 0.0012 : -0.0008;
    const close = price * (1 + drift + 0.024 * (random.next() - 0.5));
    candles.time[i] = START + i * DAY_MS;
    candles.open[i] = price;
    candles.close[i] = close;
    candles.high[i] = Math.max(price, close) * (1 + 0.004 * random.next());
    candles.low[i] = Math.min(price, close) * (1 - 0.004 * random.next());
    candles.volume[i] = 1e6 * (0.5 + random.next());
    price = close;
  }
  return candles;
}
