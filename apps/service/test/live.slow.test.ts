import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Feed } from '../src/api/feed.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

/** `sema exchange` over a recording, in a process of its own. */
async function startExchange(folder: string) {
  const file = join(folder, 'btc.csv');
  const rows = recordedCandles(800).map(({ time, open, high, low, close, volume }) =>
    [time, open, high, low, close, volume].join(','),
  );
  writeFileSync(file, ['time,open,high,low,close,volume', ...rows].join('\n'));
  const loader = ['--conditions=@sema/source', '--import', 'tsx'];
  const options = ['--pair', MARKET.pair, '--interval', '1m', '--port', '0'];
  const child = spawn(process.execPath, [...loader, CLI, 'exchange', file, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  // It prints where it listens.
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    [Symbol.dispose]() {
      child.kill();
    },
  };
}

test('a market is fed by ccxt from the offline exchange, and decides at once', async () => {
  using directory = temporaryDirectory();
  using exchange = await startExchange(directory.path);
  const api = `${exchange.url}/api/v3`;
  const options = {
    urls: { api: { public: api, private: api, v1: `${exchange.url}/api/v1` } },
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
  };
  await using running = await runService({ exchanges: { offline: { ccxt: 'binance', options } } });
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
