import { expect, test } from 'vitest';
import { DecisionPage } from '../src/api/decision.ts';
import { TwinPage } from '../src/api/twin.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';
import type { RunningService } from './running-service.ts';

const WINDOW = 256;

async function twinOf(service: RunningService, query = 'limit=500') {
  const answer = await service.ask('GET', `/v1/markets/${MARKET.id}/twin?${query}`);
  expect(answer.status).toBe(200);
  return TwinPage.parse(await answer.json()).points;
}

test('the twin decides what the circuits decide, within rounding', async () => {
  await using service = await runService();
  await service.ask('POST', '/v1/markets', MARKET);
  const path = `/v1/markets/${MARKET.id}/candles`;
  const first = recordedCandles(WINDOW + 60);
  await service.ask('POST', path, { candles: first });
  expect(await twinOf(service)).toHaveLength(61);
  // Asked again after more candles, it goes on where it was.
  await service.ask('POST', path, { candles: recordedCandles(40, first.length) });
  const points = await twinOf(service);
  const page = await service.ask('GET', `/v1/markets/${MARKET.id}/decisions?limit=500`);
  const { decisions } = DecisionPage.parse(await page.json());
  expect(points.map(({ sequence }) => sequence)).toEqual(decisions.map((_, k) => k));
  decisions.forEach(({ body }, k) => {
    expect(points[k]?.outcome).toBe(body.outcome.kind);
    expect(points[k]?.action).toBe(body.verdict?.action ?? null);
    expect(points[k]?.time).toBe(body.time);
    body.verdict?.preferences.forEach((value: number, action: number) => {
      // Both compute the same in other orders of operations: some tens of roundings.
      expect(Math.abs(value - (points[k]?.preferences?.[action] ?? NaN))).toBeLessThan(1e-12);
    });
  });
  expect(await twinOf(service, 'limit=3')).toEqual(points.slice(-3));
  expect(await twinOf(service, 'after=97')).toEqual(points.slice(98));
  expect(await twinOf(service, 'after=97&limit=2')).toEqual(points.slice(-2));
  expect(await twinOf(service, 'after=100')).toEqual([]);
});

test('the twin is halted and resumed with the market', async () => {
  await using service = await runService();
  const settings = { risk: { minimumConfidence: 0, minimumVotes: 1 } };
  await service.ask('POST', '/v1/markets', { ...MARKET, settings });
  const path = `/v1/markets/${MARKET.id}`;
  await service.ask('POST', `${path}/candles`, { candles: recordedCandles(WINDOW + 20) });
  await service.ask('POST', `${path}/risk`, { command: 'halt', reason: 'a test', who: 'vitest' });
  await service.ask('POST', `${path}/candles`, { candles: recordedCandles(60, WINDOW + 20) });
  const [points, page] = [await twinOf(service), await service.ask('GET', `${path}/decisions`)];
  const { decisions } = DecisionPage.parse(await page.json());
  expect(points.map(({ outcome }) => outcome)).toEqual(
    decisions.map(({ body }) => body.outcome.kind),
  );
  expect(new Set(points.slice(-40).map(({ outcome }) => outcome))).not.toContain('order');
});

test('a market that does not exist has no twin', async () => {
  await using service = await runService();
  expect((await service.ask('GET', '/v1/markets/nowhere/twin')).status).toBe(404);
});
