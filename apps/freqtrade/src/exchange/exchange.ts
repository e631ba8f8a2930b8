import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { BinanceError } from './binance-error.ts';
import { exchangeTime } from './exchange-time.ts';
import { addMarketData } from './market-data-routes.ts';
import { PaperAccount } from './paper-account.ts';
import { RecordedMarket } from './recorded-market.ts';
import type { MarketDefinition } from './recorded-market.ts';
import { addTrading } from './trading-routes.ts';
import type { ApiKey } from './trading-routes.ts';

export interface ExchangeOptions {
  readonly markets: readonly MarketDefinition[];
  /** ms since the Unix epoch. */
  readonly wallClock: () => number;
  /** Recorded time that is now at the start, ms since the Unix epoch. */
  readonly startsAt: number;
  /** Exchange seconds that pass in a real one; 1 when not given. */
  readonly speed?: number;
  /** What the paper account starts with, per asset. */
  readonly balances: Readonly<Record<string, number>>;
  /** Fee per trade, of what is received; 0.001 when not given, Binance's own. */
  readonly feeRate?: number;
  /** Who may trade. */
  readonly apiKey: ApiKey;
}

const MOST_BYTES = 16 * 1024;

/**
 * A Binance-shaped spot exchange over recorded candles, as a web application without a socket.
 *
 * The recording is moved so that `startsAt` is now, and is never shown beyond now: the last candle
 * of every answer is the forming one. When it ends, its symbol's status is `BREAK` and orders are
 * refused.
 *
 * @throws {RangeError} for markets that are empty or named twice, or a speed that is not above 0.
 */
export function createExchange(options: ExchangeOptions): Hono {
  const { markets, wallClock, startsAt, speed = 1, balances, feeRate = 0.001, apiKey } = options;
  if (!(speed > 0 && speed <= 1e6)) throw new RangeError(`speed ${speed} is not in (0, 1e6]`);
  const intervalMs = Math.max(...markets.map((market) => market.intervalMs));
  const time = exchangeTime({ wallClock, startsAt, intervalMs, speed });
  const recorded = new Map<string, RecordedMarket>();
  for (const definition of markets) {
    const market = new RecordedMarket(definition, time);
    if (definition.candles.length === 0) throw new RangeError(`${market.symbol} has no candles`);
    if (recorded.has(market.symbol)) throw new RangeError(`${market.symbol} is there twice`);
    recorded.set(market.symbol, market);
  }
  if (recorded.size === 0) throw new RangeError('an exchange needs a market');
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: () => {
        throw new BinanceError('TOO_LARGE', 'Too many parameters were sent.');
      },
    }),
  );
  addMarketData(app, { markets: recorded, time });
  const account = new PaperAccount(balances, feeRate);
  addTrading(app, { markets: recorded, time, account, apiKey });
  app.onError((error, context) => {
    if (!(error instanceof BinanceError)) throw error;
    return context.json({ code: error.code, msg: error.message }, error.status);
  });
  app.notFound((context) => context.json({ code: -1003, msg: 'No such path.' }, 404));
  return app;
}
