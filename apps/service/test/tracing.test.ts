import { expect, test } from 'vitest';
import type { Tracer } from '../src/index.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';

test('a tracer that is handed in gets a span per request and per decision', async () => {
  const ended: { name: string; attributes: Record<string, unknown> }[] = [];
  const tracer: Tracer = {
    startSpan(name, options = {}) {
      const span = { name, attributes: { ...options.attributes } };
      return {
        setAttributes: (more) => Object.assign(span.attributes, more),
        updateName: (newName) => (span.name = newName),
        setStatus: () => undefined,
        end: () => void ended.push(span),
      };
    },
  };
  await using running = await runService({ tracer });
  await running.ask('POST', '/v1/markets', MARKET);
  const candles = recordedCandles(258);
  const path = `/v1/markets/${MARKET.id}/candles`;
  const fed = await running.ask('POST', path, { candles }, { 'x-request-id': 'mine-1' });
  expect(fed.headers.get('x-request-id')).toBe('mine-1');
  expect(ended.map(({ name }) => name)).toEqual([
    'POST /v1/markets',
    'decision',
    'decision',
    'decision',
    'POST /v1/markets/:id/candles',
  ]);
  expect(ended[1].attributes).toMatchObject({ 'sema.market': MARKET.id, 'sema.sequence': 0 });
  expect(ended[4].attributes).toMatchObject({
    'http.response.status_code': 200,
    'sema.request_id': 'mine-1',
  });
});

test('the log has a line per request and per decision, by which each can be found', async () => {
  const lines: Record<string, unknown>[] = [];
  const logTo = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  await using running = await runService({ logTo, logLevel: 'debug' });
  await running.ask('POST', '/v1/markets', MARKET);
  const candles = recordedCandles(257);
  const path = `/v1/markets/${MARKET.id}/candles`;
  await running.ask('POST', path, { candles }, { 'x-request-id': 'mine-2' });
  const decisions = lines.filter(({ msg }) => msg === 'decision');
  expect(decisions).toMatchObject([
    { market: MARKET.id, sequence: 0, time: candles[255].time },
    { market: MARKET.id, sequence: 1, time: candles[256].time },
  ]);
  const request = lines.find(({ requestId }) => requestId === 'mine-2');
  expect(request).toMatchObject({ method: 'POST', status: 200, path });
});
