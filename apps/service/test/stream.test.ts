import { describe, expect, test } from 'vitest';
import { TokenMade } from '../src/api/token.ts';
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

test('no more decisions are sent ahead of the last ack than were asked for', async () => {
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

describe('a stream', () => {
  test('is opened for nobody without a token, a scope and a market', async () => {
    await using running = await runService();
    await fedMarket(running, 10);
    const { url } = running.service;
    const made = async (scopes: string[]) => {
      const body = { name: 'a test', scopes, expiresInSeconds: 60 };
      return TokenMade.parse(await (await running.ask('POST', '/v1/tokens', body)).json()).token;
    };
    const refusals = [
      ['wrong', STREAM, 401],
      [await made(['candles:write']), STREAM, 403],
      [running.token, '/v1/markets/nothing/stream', 404],
      [running.token, '/v1/markets', 404],
      [running.token, `${STREAM}?after=-2`, 400],
      [running.token, `${STREAM}?window=x`, 400],
    ] as const;
    for (const [token, path, status] of refusals) {
      const opened = StreamClient.open(url, token, path);
      await expect(opened).rejects.toThrow(`Unexpected server response: ${String(status)}`);
    }
    using reader = await StreamClient.open(url, await made(['markets:read']), STREAM);
    reader.send({ type: 'candle', id: 'mine', candle: recordedCandles(1, 10)[0] });
    expect(await reader.next('error')).toMatchObject({ id: 'mine', code: 'SCOPE_MISSING' });
  });

  test('of a halted market tells of the halt at once', async () => {
    await using running = await runService();
    await fedMarket(running, 10);
    using client = await StreamClient.open(running.service.url, running.token, STREAM);
    await client.next('hello');
    const halt = { command: 'halt', reason: 'news', who: 'ann' };
    await running.ask('POST', `/v1/markets/${MARKET.id}/risk`, halt);
    expect(await client.next('risk')).toMatchObject({
      trading: 'HALTED',
      intervention: { kind: 'halt', reason: 'news', who: 'ann (token first)' },
    });
  });

  test('takes no more candles in a second than it may', async () => {
    await using running = await runService({ limits: { candlesPerSecond: 3 }, now: () => 2e12 });
    await fedMarket(running, 10);
    using client = await StreamClient.open(running.service.url, running.token, STREAM);
    const candles = recordedCandles(4, 10);
    client.send({ type: 'candles', id: 1, candles: candles.slice(0, 3) });
    expect((await client.next('answer')).answers).toHaveLength(3);
    client.send({ type: 'candle', id: 2, candle: candles[3] });
    expect(await client.next('error')).toMatchObject({ id: 2, code: 'RATE_LIMITED' });
  });
});
