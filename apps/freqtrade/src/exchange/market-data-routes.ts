import type { Hono } from 'hono';
import { BinanceError } from './binance-error.ts';
import type { RecordedCandle } from './candle-path.ts';
import type { ExchangeTime } from './exchange-time.ts';
import { INTERVALS, Parameters } from './parameters.ts';
import type { RecordedMarket } from './recorded-market.ts';

export interface MarketDataOptions {
  readonly markets: ReadonlyMap<string, RecordedMarket>;
  readonly time: ExchangeTime;
}

const ANY_TIME = [0, 9e15] as const;
/** Share of a candle's volume that stands at each level of the book. */
const LEVEL_SHARE = 0.01;
const DAY_MS = 86_400_000;

/** What needs no key: time, symbols, candles, book and tickers. */
export function addMarketData(app: Hono, options: MarketDataOptions): void {
  const { markets, time } = options;
  app.get('/api/v3/ping', (context) => context.json({}));
  app.get('/api/v3/time', (context) => context.json({ serverTime: time.now() }));
  app.get('/api/v3/exchangeInfo', (context) => {
    const symbols = [...markets.values()].map((market) => symbolInfo(market, time.now()));
    return context.json({
      timezone: 'UTC',
      serverTime: time.now(),
      rateLimits: [],
      exchangeFilters: [],
      symbols,
    });
  });
  app.get('/api/v3/klines', (context) => {
    const parameters = new Parameters(new URL(context.req.url).searchParams);
    const market = marketOf(markets, parameters);
    const intervalMs = intervalOf(parameters, market);
    const query = {
      intervalMs,
      startTime: parameters.integer('startTime', ANY_TIME),
      endTime: parameters.integer('endTime', ANY_TIME),
      limit: parameters.integer('limit', [1, 1000]) ?? 500,
    };
    return context.json(
      market.klines(query, time.now()).map((candle) => kline(candle, intervalMs)),
    );
  });
  app.get('/api/v3/depth', (context) => {
    const parameters = new Parameters(new URL(context.req.url).searchParams);
    const market = marketOf(markets, parameters);
    return context.json(book(market, time.now(), parameters.integer('limit', [1, 5000]) ?? 100));
  });
  const tickers: [path: string, ticker: (market: RecordedMarket, now: number) => object][] = [
    ['24hr', dayTicker],
    ['price', priceTicker],
    ['bookTicker', bookTicker],
  ];
  for (const [path, ticker] of tickers) {
    app.get(`/api/v3/ticker/${path}`, (context) => {
      const parameters = new Parameters(new URL(context.req.url).searchParams);
      const now = time.now();
      if (parameters.optional('symbol') !== undefined) {
        return context.json(ticker(marketOf(markets, parameters), now));
      }
      return context.json([...markets.values()].map((market) => ticker(market, now)));
    });
  }
}

export function marketOf(
  markets: ReadonlyMap<string, RecordedMarket>,
  parameters: Parameters,
): RecordedMarket {
  const market = markets.get(parameters.text('symbol'));
  if (market === undefined) throw new BinanceError('BAD_SYMBOL', 'Invalid symbol.');
  return market;
}

/** Only whole multiples of the recorded interval can be made of a recording. */
function intervalOf(parameters: Parameters, { definition }: RecordedMarket): number {
  const name = parameters.text('interval');
  const intervalMs = Object.hasOwn(INTERVALS, name) ? INTERVALS[name] : undefined;
  if (intervalMs === undefined || intervalMs % definition.intervalMs !== 0) {
    throw new BinanceError('BAD_INTERVAL', 'Invalid interval.');
  }
  return intervalMs;
}

function symbolInfo(market: RecordedMarket, now: number): object {
  const { base, quote, tickSize, stepSize, minimumNotional } = market.definition;
  const lot = { minQty: text(stepSize), maxQty: '9000000.00000000', stepSize: text(stepSize) };
  return {
    symbol: market.symbol,
    status: market.isOpen(now) ? 'TRADING' : 'BREAK',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'MARKET'],
    icebergAllowed: false,
    ocoAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: text(tickSize),
        maxPrice: '100000000.00000000',
        tickSize: text(tickSize),
      },
      { filterType: 'LOT_SIZE', ...lot },
      { filterType: 'MARKET_LOT_SIZE', ...lot },
      { filterType: 'NOTIONAL', minNotional: text(minimumNotional), applyMinToMarket: true },
    ],
    permissions: ['SPOT'],
    permissionSets: [['SPOT']],
  };
}

function kline(candle: RecordedCandle, intervalMs: number): (string | number)[] {
  const { time, open, high, low, close, volume } = candle;
  // Binance tells how many trades and who took them; a recording of candles does not know.
  const [quoteVolume, trades, takerBase, takerQuote] = [text(volume * close), 0, '0', '0'];
  return [
    time,
    text(open),
    text(high),
    text(low),
    text(close),
    text(volume),
    time + intervalMs - 1,
    quoteVolume,
    trades,
    takerBase,
    takerQuote,
    '0',
  ];
}

/** Levels a tick apart around the price, as a recording of candles has no book. */
function book(market: RecordedMarket, now: number, limit: number): object {
  const { bid, ask, quantity } = best(market, now);
  const { tickSize } = market.definition;
  const levels = (first: number, direction: 1 | -1): [string, string][] =>
    Array.from({ length: limit }, (_, level) => first + direction * level)
      .filter((ticks) => ticks > 0)
      .map((ticks) => [text(ticks * tickSize), text(quantity)]);
  return { lastUpdateId: now, bids: levels(bid, -1), asks: levels(ask, 1) };
}

/** Best prices, in ticks, and the amount that stands at each level. */
function best(market: RecordedMarket, now: number) {
  const { tickSize, stepSize } = market.definition;
  const bid = Math.floor(market.price(now) / tickSize);
  const steps = Math.floor((market.volume(now) * LEVEL_SHARE) / stepSize);
  return { bid, ask: bid + 1, quantity: Math.max(1, steps) * stepSize };
}

function priceTicker(market: RecordedMarket, now: number): object {
  return { symbol: market.symbol, price: text(market.price(now)) };
}

function bookTicker(market: RecordedMarket, now: number): object {
  const { bid, ask, quantity } = best(market, now);
  const { tickSize } = market.definition;
  return {
    symbol: market.symbol,
    bidPrice: text(bid * tickSize),
    bidQty: text(quantity),
    askPrice: text(ask * tickSize),
    askQty: text(quantity),
  };
}

/** The candles of the last 24 hours together. */
function dayTicker(market: RecordedMarket, now: number): object {
  const { open, high, low, close, volume } = market.since(now - DAY_MS, now);
  const change = close - open;
  return {
    ...bookTicker(market, now),
    priceChange: text(change),
    priceChangePercent: ((change / open) * 100).toFixed(3),
    weightedAvgPrice: text((high + low + close) / 3),
    prevClosePrice: text(open),
    lastPrice: text(close),
    lastQty: '0',
    openPrice: text(open),
    highPrice: text(high),
    lowPrice: text(low),
    volume: text(volume),
    quoteVolume: text(volume * close),
    openTime: now - DAY_MS,
    closeTime: now,
    firstId: -1,
    lastId: -1,
    count: 0,
  };
}

/** A number as exchanges write it, with eight decimals. */
export function text(value: number): string {
  return value.toFixed(8);
}
