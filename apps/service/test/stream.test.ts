import { expect, test } from 'vitest';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import type { RunningService } from './running-service.ts';
import { runService } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const STREAM = `/v1/markets/${MARKET.id}/stream`;

async function fedMarket(running: RunningService, count: number): Promise<void> {
  await running.ask('POST', '/v1/markets', MARKET);
  const candles = recordedCandles(count);
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
}

test('a candle sent on a stream is answered with its decision', async () => {
  await using running = await runService();
  await fedMarket(running, 255);
  using client = await StreamClient.open(running.service.url, running.token, STREAM);
  expect(await client.next('hello')).toMatchObject({ sequence: null, trading: 'ACTIVE' });
  const [candle] = recordedCandles(1, 255);
  client.send({ type: 'candle', id: 'one', candle });
  const decision = await client.next('decision');
  expect(decision).toMatchObject({ sequence: 0, candle });
  expect(decision.entry.body.time).toBe(candle.time);
  expect(await client.next('answer')).toMatchObject({
    id: 'one',
    answers: [{ time: candle.time, verdict: { kind: 'next' }, sequence: 0 }],
  });
});

test('a client that comes back gets every decision it missed, in order', async () => {
  await using running = await runService();
  await fedMarket(running, 500);
  using client = await StreamClient.open(running.service.url, running.token, `${STREAM}?after=99`);
  for (let sequence = 100; sequence < 245; sequence++) {
    expect((await client.next('decision')).sequence).toBe(sequence);
  }
});

test('no more decisions are sent ahead of the acknowledgement than the client asked for', async () => {
  await using running = await runService();
  await fedMarket(running, 300);
  const path = `${STREAM}?after=-1&window=3`;
  using client = await StreamClient.open(running.service.url, running.token, path);
  for (let sequence = 0; sequence < 3; sequence++) await client.next('decision');
  // An answer to something else comes next, not a fourth decision.
  client.send({ type: 'candle', id: 9, candle: recordedCandles(1)[0] });
  expect(await client.next('answer')).toMatchObject({
    answers: [{ verdict: { kind: 'duplicate' } }],
  });
  client.send({ type: 'ack', sequence: 2 });
  expect((await client.next('decision')).sequence).toBe(3);
});

test('a message that is none is refused and the stream goes on', async () => {
  await using running = await runService();
  await fedMarket(running, 10);
  using client = await StreamClient.open(running.service.url, running.token, STREAM);
  for (const text of ['', '{', '{"type":"candle"}', '[]', 'null', '{"type":"ack","sequence":-1}']) {
    client.socket.send(text);
    expect(await client.next('error')).toMatchObject({ id: null, code: 'BAD_REQUEST' });
  }
  client.send({ type: 'candle', id: 1, candle: recordedCandles(1, 10)[0] });
  expect(await client.next('candle')).toMatchObject({ candle: recordedCandles(1, 10)[0] });
});
