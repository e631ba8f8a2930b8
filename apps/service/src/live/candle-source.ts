import type { Candle } from '@sema/qar';
import { ServiceError } from '../service-error.ts';

/** Closed and forming candles of one exchange, oldest first. */
export interface CandleSource {
  /**
   * @param since - open time of the first candle, ms since the Unix epoch.
   * @throws whatever the exchange or the way to it makes of it.
   */
  candles(symbol: string, intervalMs: number, since: number, limit: number): Promise<Candle[]>;
}

/** How an exchange is reached: set by who starts the service, never by a request. */
export interface ExchangeSettings {
  /** Name of the exchange in ccxt, such as `binance`. */
  readonly ccxt: string;
  /** What ccxt's constructor is given: urls, options, keys. */
  readonly options?: Readonly<Record<string, unknown>>;
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

const NAME = /^[a-z0-9]{2,32}$/;
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
export async function ccxtSource({ ccxt: name, options }: ExchangeSettings): Promise<CandleSource> {
  const client = await ccxtClient(name, { enableRateLimit: true, ...options });
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

async function ccxtClient(name: string, options: object): Promise<CcxtClient> {
  let exchanges: Readonly<Record<string, unknown>>;
  try {
    // Sixty megabytes that only live markets need.
    ({ default: exchanges } = (await import('ccxt')) as {
      default: Readonly<Record<string, unknown>>;
    });
  } catch (error) {
    throw new ServiceError('EXCHANGE_NOT_USABLE', 'the optional package ccxt is not installed', {
      cause: error,
    });
  }
  const known: unknown = exchanges.exchanges;
  const Exchange = exchanges[name];
  const isKnown = NAME.test(name) && Array.isArray(known) && known.includes(name);
  if (!isKnown || typeof Exchange !== 'function') {
    throw new ServiceError('EXCHANGE_UNKNOWN', `ccxt knows no exchange '${name.slice(0, 32)}'`);
  }
  // Every exchange of ccxt's own list is a class of this kind.
  const Client = Exchange as new (options: object) => CcxtClient;
  return new Client(options);
}

/** The interval as exchanges write it, such as `5m`. @throws {ServiceError} `BAD_CONFIGURATION` */
export function timeframeOf(intervalMs: number): string {
  for (const [unitMs, unit] of UNITS) {
    if (intervalMs % unitMs === 0) return `${String(intervalMs / unitMs)}${unit}`;
  }
  throw new ServiceError('BAD_CONFIGURATION', `no exchange has candles of ${intervalMs} ms`);
}
