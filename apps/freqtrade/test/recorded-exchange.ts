import type { Candles } from '@sema/qar';
import { createExchange } from '../src/index.ts';
import type { ExchangeOptions, MarketDefinition } from '../src/index.ts';

export const MINUTE_MS = 60_000;
/** 2022-01-01T00:00:00Z, when the recording begins. */
export const RECORDED_MS = Date.UTC(2022, 0, 1);
/** 2026-03-01T12:00:30Z: half a minute into a candle. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 30);

export const API_KEY = { key: 'paper-key', secret: 'paper-secret' };

/** A price that goes up by 1 a candle and down by 20 every twentieth, between 100 and 120. */
function recording(length: number): Candles {
  const column = (value: (index: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, index) => value(index));
  const open = (index: number): number => 100 + (index % 20);
  const close = (index: number): number => 100 + ((index + 1) % 20);
  return {
    time: column((index) => RECORDED_MS + index * MINUTE_MS),
    open: column(open),
    high: column((index) => Math.max(open(index), close(index)) + 0.5),
    low: column((index) => Math.min(open(index), close(index)) - 0.5),
    close: column(close),
    volume: column(() => 1000),
    length,
  };
}

export function market(length = 100): MarketDefinition {
  const steps = { tickSize: 0.01, stepSize: 0.001, minimumNotional: 5 };
  return {
    base: 'BTC',
    quote: 'USDT',
    ...steps,
    candles: recording(length),
    intervalMs: MINUTE_MS,
  };
}

/** An exchange whose candle 50 is the one that is open, and a wall clock to move. */
export function exchangeAtCandle50(options: Partial<ExchangeOptions> = {}) {
  const clock = { now: NOW_MS };
  const app = createExchange({
    markets: [market()],
    wallClock: () => clock.now,
    startsAt: RECORDED_MS + 50 * MINUTE_MS,
    balances: { USDT: 1000, BTC: 0 },
    apiKey: API_KEY,
    ...options,
  });
  return { app, clock };
}
