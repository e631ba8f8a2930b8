import { expect, test } from 'vitest';
import { Feed } from '../src/api/feed.ts';
import { exchangeSettings, startExchange } from './offline-exchange.ts';
import { MARKET } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

test('a market is fed by ccxt from the offline exchange, and decides at once', async () => {
  using directory = temporaryDirectory();
  using exchange = await startExchange(directory.path);
  await using running = await runService({
    exchanges: { offline: exchangeSettings(exchange, exchange.url) },
  });
  const { decideAt: _, ...live } = MARKET;
  await running.ask('POST', '/v1/markets', live);
  const stream = `/v1/markets/${MARKET.id}/stream?after=-1`;
  using client = await StreamClient.open(running.service.url, running.token, stream);
  const path = `/v1/markets/${MARKET.id}/feed`;
  expect((await running.ask('POST', path, { exchange: 'offline' })).status).toBe(201);
  const { sequence, candle, entry } = await client.next('decision');
  expect(sequence).toBe(0);
  // The newest candle that had closed; the next may have closed while it was on its way.
  const late = entry.body.decidedAt - (candle.time + MARKET.intervalMs);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(2 * MARKET.intervalMs);
  const feed = Feed.parse(await (await running.ask('GET', path)).json());
  expect(feed).toMatchObject({ exchange: 'offline', symbol: MARKET.pair, failures: 0 });
  expect(feed.taken).toBeGreaterThanOrEqual(256);
});
