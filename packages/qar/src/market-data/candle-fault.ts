import type { MarketDataErrorCode } from './market-data-error.ts';

/** One candle; the rules of `Candles` hold for it once `candleFault` has found none broken. */
export interface Candle {
  /** Open time, milliseconds since the Unix epoch (UTC). */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface CandleFault {
  readonly code: Extract<
    MarketDataErrorCode,
    'BAD_NUMBER' | 'BAD_TIME' | 'NON_POSITIVE_PRICE' | 'NEGATIVE_VOLUME' | 'HIGH_BELOW_LOW'
  >;
  readonly message: string;
}

/** Latest time that a Date can hold. */
const LATEST_TIME = 8.64e15;

/** The first rule that a candle by itself breaks, if any. */
export function candleFault(candle: Candle): CandleFault | undefined {
  const { time, open, high, low, close, volume } = candle;
  if (!Number.isInteger(time) || Math.abs(time) > LATEST_TIME) {
    return { code: 'BAD_TIME', message: `${time} is not a time in milliseconds` };
  }
  for (const value of [open, high, low, close, volume]) {
    if (!Number.isFinite(value)) {
      return { code: 'BAD_NUMBER', message: `${value} is not a finite number` };
    }
  }
  const lowest = Math.min(open, high, low, close);
  if (lowest <= 0) {
    return { code: 'NON_POSITIVE_PRICE', message: `price ${lowest} is not above 0` };
  }
  if (volume < 0) return { code: 'NEGATIVE_VOLUME', message: `volume ${volume} is below 0` };
  if (lowest < low || Math.max(open, close) > high || high < low) {
    const values = `open ${open}, high ${high}, low ${low}, close ${close}`;
    const message = `low ≤ open, close ≤ high does not hold: ${values}`;
    return { code: 'HIGH_BELOW_LOW', message };
  }
  return undefined;
}
