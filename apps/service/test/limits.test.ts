import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../src/api/problem.ts';
import { Gate } from '../src/http/gate.ts';
import { RateLimiter } from '../src/limits/rate-limiter.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const codeOf = async (response: Response) => Problem.parse(await response.json()).code;

describe('a rate limiter', () => {
  test('never lets through more than its burst and what time has earned', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(2000), cost: fc.integer({ min: 1, max: 5 }) }));
    fc.assert(
      fc.property(steps, (asked) => {
        let now = 0;
        const limiter = new RateLimiter({ perSecond: 3, burst: 7 }, () => now);
        let taken = 0;
        for (const { wait, cost } of asked) {
          now += wait;
          const waitMs = limiter.take('one', cost);
          if (waitMs === 0) taken += cost;
          else expect(waitMs).toBeLessThanOrEqual((cost / 3) * 1000 + 1e-6);
          // Rounding of as many additions as there were steps.
          expect(taken).toBeLessThanOrEqual(7 + (3 * now) / 1000 + 1e-6);
        }
      }),
    );
  });

  test('lets through again after the wait it names', () => {
    let now = 0;
    const limiter = new RateLimiter({ perSecond: 10, burst: 1 }, () => now);
    expect(limiter.take('one')).toBe(0);
    const waitMs = limiter.take('one');
    expect(waitMs).toBeCloseTo(100, 9);
    expect(limiter.take('other')).toBe(0);
    now += Math.ceil(waitMs);
    expect(limiter.take('one')).toBe(0);
  });

  test('does not give more when the clock jumps back', () => {
    let now = 1000;
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => now);
    expect(limiter.take('one')).toBe(0);
    now = 0;
    expect(limiter.take('one')).toBeGreaterThan(0);
  });
});

describe('the gate', () => {
  test('lets in as many as may be inside, and closes when the last has left', async () => {
    const gate = new Gate(2);
    const [first, second] = [gate.enter(), gate.enter()];
    expect(() => gate.enter()).toThrow(expect.objectContaining({ code: 'SERVICE_BUSY' }));
    first();
    const third = gate.enter();
    let closed = false;
    const closing = gate.close().then(() => {
      closed = true;
    });
    expect(() => gate.enter()).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }));
    second();
    await Promise.resolve();
    expect(closed).toBe(false);
    third();
    await closing;
    expect(gate.inside).toBe(0);
  });
});

describe('the service', () => {
  test('refuses who asks too often, and says when to come back', async () => {
    const limits = { requestsPerSecond: 1, burst: 3 };
    await using running = await runService({ limits, now: () => 1e12 });
    for (let i = 0; i < 3; i++) expect((await running.ask('GET', '/v1/markets')).status).toBe(200);
    const refused = await running.ask('GET', '/v1/markets');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await codeOf(refused)).toBe('RATE_LIMITED');
  });

  test('refuses bodies beyond the limit, told and untold', async () => {
    await using running = await runService({ limits: { bodyBytes: 1000 } });
    const large = { ...MARKET, settings: { note: 'x'.repeat(2000) } };
    const told = await running.ask('POST', '/v1/markets', large);
    expect(told.status).toBe(413);
    expect(await codeOf(told)).toBe('BODY_TOO_LARGE');
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 10; i++) controller.enqueue(Buffer.alloc(300, 0x20));
        controller.close();
      },
    });
    const untold = await fetch(`${running.service.url}/v1/markets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${running.token}`,
        'content-type': 'application/json',
      },
      body: chunks,
      // As fetch wants it for a body without a length.
      ...{ duplex: 'half' },
    });
    expect(untold.status).toBe(413);
  });

  test('refuses what is not JSON, and JSON that is not what it describes', async () => {
    await using running = await runService();
    const send = (body: string, type = 'application/json') =>
      fetch(`${running.service.url}/v1/markets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.token}`, 'content-type': type },
        body,
      });
    expect(await codeOf(await send('{}', 'text/plain'))).toBe('MEDIA_TYPE');
    expect(await codeOf(await send('{'))).toBe('BAD_JSON');
    expect(await codeOf(await send(''))).toBe('BAD_JSON');
    for (const body of [
      '{}',
      '[]',
      'null',
      '{"id":"A"}',
      '{"id":"a","pair":"x","intervalMs":"1"}',
    ]) {
      const problem = Problem.parse(await (await send(body)).json());
      expect(problem.code).toBe('BAD_REQUEST');
      expect(problem.errors?.length).toBeGreaterThan(0);
    }
    const extra = { ...MARKET, unknown: 1 };
    expect(await codeOf(await running.ask('POST', '/v1/markets', extra))).toBe('BAD_REQUEST');
    const settings = { ...MARKET, settings: { windowCandles: 3 } };
    const refused = Problem.parse(
      await (await running.ask('POST', '/v1/markets', settings)).json(),
    );
    expect(refused).toMatchObject({ code: 'BAD_CONFIGURATION', status: 422 });
    expect(refused.detail).toContain('windowCandles');
  });

  test('keeps no more markets than it may, and none twice', async () => {
    await using running = await runService({ limits: { markets: 1 } });
    expect((await running.ask('POST', '/v1/markets', MARKET)).status).toBe(201);
    expect((await running.ask('POST', '/v1/markets', MARKET)).status).toBe(201);
    const other = await running.ask('POST', '/v1/markets', { ...MARKET, pair: 'ETH/USDT' });
    expect(await codeOf(other)).toBe('MARKET_EXISTS');
    const second = await running.ask('POST', '/v1/markets', { ...MARKET, id: 'second' });
    expect(await codeOf(second)).toBe('MARKET_LIMIT');
  });

  test('that stops answers what it has taken, and keeps it', async () => {
    const running = await runService();
    await running.ask('POST', '/v1/markets', MARKET);
    const candles = recordedCandles(400);
    const stream = `/v1/markets/${MARKET.id}/stream`;
    using client = await StreamClient.open(running.service.url, running.token, stream);
    const asked = running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
    // From the first of its candles on it has been taken.
    await client.next('candle');
    const [answer] = await Promise.all([asked, running[Symbol.asyncDispose]()]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ sequence: 144 });
    await expect(fetch(running.service.url)).rejects.toThrow();
  });
});
