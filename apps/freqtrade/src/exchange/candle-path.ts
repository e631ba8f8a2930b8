/** One candle: open time in ms, prices in the quote currency, volume in the base currency. */
export interface RecordedCandle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * The way a price is taken to have gone inside a candle, which no recording of candles knows: from
 * the open by the nearer extreme to the farther one and to the close, each a third of the time in a
 * straight line. A candle that closed up saw its low first, another its high.
 */
function corners({ open, high, low, close }: RecordedCandle): readonly number[] {
  return close >= open ? [open, low, high, close] : [open, high, low, close];
}

/** The price when the share `elapsed` of the candle's time, in [0, 1], is over. */
export function priceWithin(candle: RecordedCandle, elapsed: number): number {
  const path = corners(candle);
  const legs = path.length - 1;
  const leg = Math.min(legs - 1, Math.floor(elapsed * legs));
  const share = elapsed * legs - leg;
  return path[leg] + (path[leg + 1] - path[leg]) * share;
}

/** Lowest and highest price between two shares of the candle's time, 0 ≤ from ≤ to ≤ 1. */
export function rangeWithin(candle: RecordedCandle, from: number, to: number) {
  const path = corners(candle);
  const legs = path.length - 1;
  let low = Math.min(priceWithin(candle, from), priceWithin(candle, to));
  let high = Math.max(priceWithin(candle, from), priceWithin(candle, to));
  for (let corner = 0; corner <= legs; corner++) {
    if (corner / legs < from || corner / legs > to) continue;
    low = Math.min(low, path[corner]);
    high = Math.max(high, path[corner]);
  }
  return { low, high };
}

/** The part of a candle that is over when the share `elapsed` of its time is. */
export function formingCandle(candle: RecordedCandle, elapsed: number): RecordedCandle {
  const { low, high } = rangeWithin(candle, 0, elapsed);
  const close = priceWithin(candle, elapsed);
  return { ...candle, low, high, close, volume: candle.volume * elapsed };
}
