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
