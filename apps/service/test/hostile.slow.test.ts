import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import { Problem } from '../src/api/problem.ts';
import { OpenApiFuzzer } from './openapi-fuzzer.ts';
import type { FuzzedRequest, OpenApiDocument } from './openapi-fuzzer.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';
import type { RunningService } from './running-service.ts';

const REQUESTS = 10_000;
const AT_A_TIME = 8;
const SEED = 20_260_101;
/** Refusals that say that the service did not look at the request: they would hide a failure. */
const NOT_LOOKED_AT = new Set([429, 503]);

async function send({ service, token }: RunningService, request: FuzzedRequest) {
  const { method, path, headers, body } = request;
  const authorization = `Bearer ${token}`;
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { ...headers, authorization },
    ...(body !== undefined && method !== 'GET' && { body }),
  });
  const text = await response.text();
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    Problem.parse(JSON.parse(text));
  }
  return response.status;
}

test(`${String(REQUESTS)} hostile requests get no 5xx, and the service decides on`, async () => {
  const plenty = { requestsPerSecond: 1e9, burst: 1e9, concurrentRequests: 1000 };
  await using running = await runService({ limits: plenty });
  await running.ask('POST', '/v1/markets', { ...MARKET, path: 'twin' });
  const candles = recordedCandles(300);
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
  const described = await fetch(`${running.service.url}/openapi.json`);
  // The document is the service's own; the fuzzer reads of it what it knows.
  const document = (await described.json()) as OpenApiDocument;
  const known = { id: [MARKET.id], sequence: ['0', '44'], pair: [MARKET.pair] };
  const fuzzer = new OpenApiFuzzer(document, known, mulberry32(SEED));
  expect(fuzzer.operations).toBeGreaterThan(25);
  const statuses = new Map<number, number>();
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const request = fuzzer.next();
      const status = await send(running, request);
      if (status >= 500) expect({ seed: SEED, status, request }).toBeUndefined();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
  for (const status of NOT_LOOKED_AT) expect(statuses.get(status)).toBeUndefined();
  // Not all were refused: what the document describes is what the service takes.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20);
  const market = await running.ask('GET', `/v1/markets/${MARKET.id}`);
  expect(market.status).toBe(200);
  const verified = await running.ask('GET', `/v1/markets/${MARKET.id}/journal/verification`);
  expect(await verified.json()).toMatchObject({ valid: true });
});
