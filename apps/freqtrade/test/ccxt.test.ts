import ccxt from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExchange } from '../src/index.ts';
import type { RunningExchange } from '../src/index.ts';
import { API_KEY, market, MINUTE_MS, NOW_MS, RECORDED_MS } from './recorded-exchange.ts';

let exchange: RunningExchange;
const clock = { now: NOW_MS };

beforeAll(async () => {
  clock.now = Date.now();
  exchange = await startExchange(
    {
      markets: [market()],
      wallClock: () => clock.now,
      startsAt: RECORDED_MS + 50 * MINUTE_MS,
      balances: { USDT: 1000, BTC: 0 },
      apiKey: API_KEY,
    },
    0,
  );
});

afterAll(() => exchange.stop());

/** ccxt's own client for Binance, told by configuration alone where to go. */
async function client() {
  const url = `${exchange.url}/api/v3`;
  const binance = new ccxt.binance({
    apiKey: API_KEY.key,
    secret: API_KEY.secret,
    enableRateLimit: false,
    urls: { api: { public: url, private: url, v1: `${exchange.url}/api/v1` } },
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
  });
  // Its clock stands still with the exchange's, however long an answer takes on a busy machine.
  binance.milliseconds = () => clock.now;
  await binance.loadTimeDifference();
  return binance;
}

describe('ccxt, by configuration alone,', () => {
  test('reads markets, candles, book and tickers', async () => {
    const binance = await client();
    const markets = await binance.loadMarkets();
    expect(markets['BTC/USDT']?.limits.cost?.min).toBe(5);
    expect(markets['BTC/USDT']?.precision).toMatchObject({ price: 0.01, amount: 0.001 });
    const candles = await binance.fetchOHLCV('BTC/USDT', '1m', undefined, 10);
    expect(candles).toHaveLength(10);
    expect(candles.at(-2)?.slice(1)).toEqual([109, 110.5, 108.5, 110, 1000]);
    const book = await binance.fetchOrderBook('BTC/USDT', 5);
    const ticker = await binance.fetchTicker('BTC/USDT');
    expect(book.bids[0]?.[0]).toBe(ticker.bid);
    expect(await binance.fetchTime()).toBe(clock.now);
  });

  test('buys at the market, sells at a limit, and sees both in balance and trades', async () => {
    const binance = await client();
    const bought = await binance.createOrder('BTC/USDT', 'market', 'buy', 2);
    expect(bought).toMatchObject({ status: 'closed', filled: 2 });
    const sold = await binance.createOrder('BTC/USDT', 'limit', 'sell', 1.998, 115);
    expect(sold.status).toBe('open');
    expect((await binance.fetchBalance()).BTC).toMatchObject({ free: 0, used: 1.998 });
    clock.now += 5 * MINUTE_MS;
    await binance.loadTimeDifference();
    expect(await binance.fetchOrder(String(sold.id), 'BTC/USDT')).toMatchObject({
      status: 'closed',
    });
    expect(await binance.fetchOpenOrders('BTC/USDT')).toEqual([]);
    const trades = await binance.fetchMyTrades('BTC/USDT');
    expect(trades.map(({ side, fee }) => [side, fee?.currency])).toEqual([
      ['buy', 'BTC'],
      ['sell', 'USDT'],
    ]);
    const spent = trades[0].cost ?? 0;
    const { total } = await binance.fetchBalance();
    expect((total as unknown as Record<string, number>).USDT).toBeCloseTo(
      1000 - spent + 1.998 * 115 * 0.999,
      6,
    );
  });

  test('cancels what has not filled, and the balance is free again', async () => {
    const binance = await client();
    const before = (await binance.fetchBalance()).USDT;
    const order = await binance.createOrder('BTC/USDT', 'limit', 'buy', 1, 50);
    await binance.cancelOrder(String(order.id), 'BTC/USDT');
    expect((await binance.fetchBalance()).USDT).toEqual(before);
    await expect(binance.cancelOrder(String(order.id), 'BTC/USDT')).rejects.toThrow(
      ccxt.OrderNotFound,
    );
  });

  test('is told what it may not', async () => {
    const binance = await client();
    const refused = (promise: Promise<unknown>) => expect(promise).rejects;
    await refused(binance.createOrder('BTC/USDT', 'limit', 'buy', 100, 100)).toThrow(
      ccxt.InsufficientFunds,
    );
    await refused(binance.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 100)).toThrow('NOTIONAL');
    binance.secret = 'another';
    await refused(binance.fetchBalance()).toThrow(ccxt.AuthenticationError);
    binance.apiKey = 'another';
    await refused(binance.fetchBalance()).toThrow(ccxt.AuthenticationError);
  });
});
