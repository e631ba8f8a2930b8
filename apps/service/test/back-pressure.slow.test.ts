import { expect, test } from 'vitest';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const DECISIONS = 4000;
const WARM_UP = 255;
/** What the sockets of both sides may hold of megabytes that nobody reads, and the heap's noise. */
const MOST_GROWTH = 40 * 2 ** 20;

test('a client that does not read delays nobody, costs no memory and misses nothing', async () => {
  await using running = await runService();
  await running.ask('POST', '/v1/markets', { ...MARKET, path: 'twin' });
  const candles = recordedCandles(WARM_UP + DECISIONS);
  const stream = `/v1/markets/${MARKET.id}/stream?after=-1`;
  using client = await StreamClient.open(running.service.url, running.token, stream);
  await client.next('hello');
  client.socket.pause();
  const before = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
  for (let from = 0; from < candles.length; from += 500) {
    const body = { candles: candles.slice(from, from + 500) };
    const fed = await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, body);
    expect(fed.status).toBe(200);
    await fed.arrayBuffer();
  }
  const after = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
  expect(after - before).toBeLessThan(MOST_GROWTH);
  client.socket.resume();
  for (let sequence = 0; sequence < DECISIONS; sequence++) {
    expect((await client.next('decision')).sequence).toBe(sequence);
  }
});
