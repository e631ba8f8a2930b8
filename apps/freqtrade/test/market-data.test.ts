import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createExchange } from '../src/index.ts';
import { API_KEY, exchangeAtCandle50, market, MINUTE_MS, NOW_MS } from './recorded-exchange.ts';

type Kline = [time: number, open: string, high: string, low: string, close: string, volume: string];

async function get(app: ReturnType<typeof createExchange>, path: string) {
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
}

async function klines(app: ReturnType<typeof createExchange>, query: string): Promise<Kline[]> {
  return (await get(app, `/api/v3/klines?symbol=BTCUSDT&${query}`)).body as Kline[];
}

describe('candles', () => {
  test('end with the one that is open now, of which half is over', async () => {
    const { app } = exchangeAtCandle50();
    const candles = await klines(app, 'interval=1m&limit=2');
    expect(candles.map(([time]) => time)).toEqual([NOW_MS - 90_000, NOW_MS - 30_000]);
    // Candle 50 goes from 110 to 111. At its middle it is halfway from its low to its high.
    expect(candles[1].slice(1, 6)).toEqual([
      '110.00000000',
      '110.50000000',
      '109.50000000',
      '110.50000000',
      '500.00000000',
    ]);
    expect(candles[0].slice(1, 5)).toEqual([
      '109.00000000',
      '110.50000000',
      '108.50000000',
      '110.00000000',
    ]);
  });

  test('of five minutes are made of five of one', async () => {
    const { app } = exchangeAtCandle50();
    const [whole] = await klines(app, `interval=5m&startTime=${String(NOW_MS - 600_000)}`);
    const parts = await klines(app, `interval=1m&startTime=${String(whole[0])}&limit=5`);
    expect(whole[0] % (5 * MINUTE_MS)).toBe(0);
    expect(whole[1]).toBe(parts[0][1]);
    expect(whole[4]).toBe(parts[4][4]);
    expect(Number(whole[2])).toBe(Math.max(...parts.map((part) => Number(part[2]))));
    expect(Number(whole[3])).toBe(Math.min(...parts.map((part) => Number(part[3]))));
    expect(Number(whole[5])).toBe(5000);
  });

  test('are the same whatever page they come from', async () => {
    const { app } = exchangeAtCandle50();
    const all = await klines(app, 'interval=1m&limit=40');
    await fc.assert(
      fc.asyncProperty(fc.nat(39), fc.integer({ min: 1, max: 40 }), async (from, limit) => {
        const page = await klines(
          app,
          `interval=1m&startTime=${String(all[from][0])}&limit=${String(limit)}`,
        );
        expect(page).toEqual(all.slice(from, from + limit));
      }),
    );
  });

  test('never lie ahead of now, at any time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 * MINUTE_MS }), async (later) => {
        const { app, clock } = exchangeAtCandle50();
        clock.now += later;
        const candles = await klines(app, 'interval=1m&limit=1000');
        expect(candles.at(-1)?.[0]).toBeLessThanOrEqual(clock.now);
        const far = await klines(app, `interval=1m&startTime=${String(clock.now + 1)}`);
        expect(far).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('that are over do not change when time goes on', async () => {
    const { app, clock } = exchangeAtCandle50();
    const over = (await klines(app, 'interval=1m&limit=20')).slice(0, -1);
    clock.now += 7 * MINUTE_MS;
    const later = await klines(app, `interval=1m&startTime=${String(over[0][0])}&limit=19`);
    expect(later).toEqual(over);
  });

  test('pass faster at a higher speed', async () => {
    const { app, clock } = exchangeAtCandle50({ speed: 60 });
    clock.now += 2000;
    const { body } = await get(app, '/api/v3/time');
    expect(body).toEqual({ serverTime: NOW_MS + 2 * MINUTE_MS });
    const candles = await klines(app, 'interval=1m&limit=1');
    expect(candles[0][0]).toBe(NOW_MS + 90_000);
  });
});

describe('the book', () => {
  test('stands around the price, a tick a level', async () => {
    const { app } = exchangeAtCandle50();
    const { body } = await get(app, '/api/v3/depth?symbol=BTCUSDT&limit=2');
    expect(body).toEqual({
      lastUpdateId: NOW_MS,
      bids: [
        ['110.50000000', '10.00000000'],
        ['110.49000000', '10.00000000'],
      ],
      asks: [
        ['110.51000000', '10.00000000'],
        ['110.52000000', '10.00000000'],
      ],
    });
  });

  test('and the tickers agree', async () => {
    const { app } = exchangeAtCandle50();
    const { body: best } = await get(app, '/api/v3/ticker/bookTicker?symbol=BTCUSDT');
    const { body: day } = await get(app, '/api/v3/ticker/24hr');
    expect(best).toMatchObject({ bidPrice: '110.50000000', askPrice: '110.51000000' });
    expect(day).toMatchObject([{ lastPrice: '110.50000000', openPrice: '100.00000000' }]);
  });
});

describe('a recording that has ended', () => {
  test('shows its last price and says that its symbol does not trade', async () => {
    const { app, clock } = exchangeAtCandle50();
    clock.now += 3_600_000;
    const { body } = await get(app, '/api/v3/exchangeInfo');
    expect(body).toMatchObject({ symbols: [{ symbol: 'BTCUSDT', status: 'BREAK' }] });
    const { body: price } = await get(app, '/api/v3/ticker/price?symbol=BTCUSDT');
    expect(price).toEqual({ symbol: 'BTCUSDT', price: '100.00000000' });
  });
});

describe('a request is refused in Binance’s words', () => {
  test.each([
    ['/api/v3/klines?interval=1m', -1102],
    ['/api/v3/klines?symbol=NONE&interval=1m', -1121],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1M', -1120],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1s', -1120],
    ['/api/v3/klines?symbol=BTCUSDT&interval=toString', -1120],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=0', -1100],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=-1', -1100],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=NaN', -1100],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1e99', -1100],
    [`/api/v3/depth?symbol=${'B'.repeat(1000)}`, -1100],
    ['/api/v3/account', -2015],
  ])('%s', async (path, code) => {
    const { app } = exchangeAtCandle50();
    const { status, body } = await get(app, path);
    expect(body).toMatchObject({ code });
    expect(status).toBe(code === -2015 ? 401 : 400);
  });

  test('a path that is not there', async () => {
    const { app } = exchangeAtCandle50();
    expect((await get(app, '/sapi/v1/none')).status).toBe(404);
  });
});

test.each([
  [{ markets: [] }, 'needs a market'],
  [{ markets: [market(), market()] }, 'BTCUSDT is there twice'],
  [{ markets: [market(0)] }, 'BTCUSDT has no candles'],
  [{ speed: 0 }, 'speed 0'],
  [{ speed: NaN }, 'speed NaN'],
])('no exchange is made of %o', (options, words) => {
  expect(() =>
    createExchange({
      markets: [market()],
      wallClock: () => NOW_MS,
      startsAt: 0,
      balances: {},
      apiKey: API_KEY,
      ...options,
    }),
  ).toThrow(words);
});
