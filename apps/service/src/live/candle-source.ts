import type { Candle } from '@sema/qar';
import { ServiceError } from '../service-error.ts';
import { ccxtClient } from './ccxt-client.ts';
import type { ExchangeSettings } from './ccxt-client.ts';

/** Closed and forming candles of one exchange, oldest first. */
export interface CandleSource {
  /**
   * @param since - open time of the first candle, ms since the Unix epoch.
   * @throws whatever the exchange or the way to it makes of it.
   */
  candles(symbol: string, intervalMs: number, since: number, limit: number): Promise<Candle[]>;
}

/** As much of a ccxt client as is used here. */
interface CcxtClient {
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
  ): Promise<readonly (readonly (number | undefined)[])[]>;
}

const UNITS = [
  [604_800_000, 'w'],
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

/**
 * An exchange by its name in ccxt, which is loaded when the first one is asked for.
 *
 * @throws {ServiceError} `EXCHANGE_UNKNOWN`, `EXCHANGE_NOT_USABLE`
 */
export async function ccxtSource(settings: ExchangeSettings): Promise<CandleSource> {
  const client = await ccxtClient<CcxtClient>(settings);
  return {
    async candles(symbol, intervalMs, since, limit) {
      const rows = await client.fetchOHLCV(symbol, timeframeOf(intervalMs), since, limit);
      return rows.map(([time, open, high, low, close, volume]) => ({
        time: time ?? NaN,
        open: open ?? NaN,
        high: high ?? NaN,
        low: low ?? NaN,
        close: close ?? NaN,
        volume: volume ?? NaN,
      }));
    },
  };
}

/** The interval as exchanges write it, such as `5m`. @throws {ServiceError} `BAD_CONFIGURATION` */
export function timeframeOf(intervalMs: number): string {
  for (const [unitMs, unit] of UNITS) {
    if (intervalMs % unitMs === 0) return `${String(intervalMs / unitMs)}${unit}`;
  }
  throw new ServiceError('BAD_CONFIGURATION', `no exchange has candles of ${intervalMs} ms`);
}
