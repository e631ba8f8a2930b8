import type { Candles } from '@sema/qar';

/** Rows [from, to), without a copy. */
export function candlesBetween(candles: Candles, from: number, to: number): Candles {
  return {
    time: candles.time.subarray(from, to),
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
    length: to - from,
  };
}
