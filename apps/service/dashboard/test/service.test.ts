import type { z } from '@hono/zod-openapi';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Candle as CandleSchema } from '../../src/api/candle.ts';
import type { EquityPage, Market as MarketSchema, WeightsPage } from '../../src/api/market.ts';
import type { RiskIn, RiskState as RiskSchema } from '../../src/api/risk.ts';
import type { TwinPage } from '../../src/api/twin.ts';
import { MARKET, recordedCandles } from '../../test/recorded-candles.ts';
import { runService } from '../../test/running-service.ts';
import type {
  Candle,
  EquityPoint,
  Market,
  RiskOrder,
  RiskView,
  WeightsHistory,
} from '../src/data/contract.ts';
import { loaded } from '../src/data/loadable.ts';
import { lastSequence } from '../src/data/market-view.ts';
import { ServiceClient } from '../src/data/service-client.ts';
import {
  listMarkets,
  loadMarket,
  orderRisk,
  readCandles,
  readLatency,
  readPerformance,
  readRisk,
  readTwin,
} from '../src/data/service.ts';
import type { TwinPoint } from '../src/data/twin-history.ts';

const CANDLES = recordedCandles(256 + 30);

async function runWithCandles() {
  const service = await runService();
  await service.ask('POST', '/v1/markets', MARKET);
  await service.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles: CANDLES });
  return { service, client: new ServiceClient(`${service.service.url}/`, service.token) };
}

describe('what the page asks of a service', () => {
  test('names the fields of the schemas that the service answers by', () => {
    expectTypeOf<keyof Market>().toExtend<keyof z.output<typeof MarketSchema>>();
    expectTypeOf<keyof Candle>().toEqualTypeOf<keyof z.output<typeof CandleSchema>>();
    expectTypeOf<keyof EquityPoint>().toExtend<
      keyof z.output<typeof EquityPage>['points'][number]
    >();
    expectTypeOf<keyof WeightsHistory>().toExtend<keyof z.output<typeof WeightsPage>>();
    expectTypeOf<keyof RiskView>().toExtend<keyof z.output<typeof RiskSchema>>();
    expectTypeOf<RiskOrder>().toExtend<z.input<typeof RiskIn>>();
    expectTypeOf<z.output<typeof TwinPage>['points'][number]>().toExtend<TwinPoint>();
  });

  test('is a whole market at once', async () => {
    const { service, client } = await runWithCandles();
    await using _ = service;
    expect((await listMarkets(client)).map(({ id }) => id)).toEqual([MARKET.id]);
    const view = await loadMarket(client, MARKET.id);
    expect(lastSequence(view)).toBe(30);
    expect(view.candles).toEqual(CANDLES);
    expect(view.decisions.map(({ receipt }) => receipt.sequence)).toEqual(
      Array.from({ length: 31 }, (__, k) => k),
    );
    expect(view.equity.map(({ sequence }) => sequence)).toEqual(
      view.decisions.map(({ receipt }) => receipt.sequence),
    );
    expect(view.weights.experts).toHaveLength(14);
    const last = view.weights.points.at(-1);
    // Born weights, to rounding.
    expect(last?.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const missed = await readCandles(client, MARKET.id, CANDLES.at(-4)?.time);
    expect(missed).toEqual(CANDLES.slice(-3));
  });

  test('is its risk, its twin, and how long decisions took', async () => {
    const { service, client } = await runWithCandles();
    await using _ = service;
    const { limits, state, denials } = await readRisk(client, MARKET.id);
    expect(limits.ladder[state.ladder.rung]).toBe(0.01);
    expect(denials.CRISIS_VOLATILITY).toBe('the market is too volatile');
    await orderRisk(client, MARKET.id, { command: 'halt', reason: 'a test', who: 'Ada' });
    expect((await readRisk(client, MARKET.id)).trading).toBe('HALTED');
    const twin = await readTwin(client, MARKET.id);
    expect(twin).toHaveLength(31);
    expect(await readTwin(client, MARKET.id, twin.slice(0, 20))).toEqual(twin);
    expect(await readTwin(client, MARKET.id, twin)).toEqual(twin);
    const buckets = await readLatency(client, MARKET.id);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(31);
    expect((await readPerformance(client, MARKET.id)).decisionTime?.count).toBe(31);
  });

  test('comes back as a problem when it gets no answer', async () => {
    const { service, client } = await runWithCandles();
    const stranger = new ServiceClient(`${service.service.url}/`, 'nobody');
    expect(await loaded(listMarkets(stranger))).toMatchObject({
      kind: 'failed',
      problem: { code: 'SIGNED_OUT', reason: 'TOKEN_REFUSED' },
    });
    expect(await loaded(loadMarket(client, 'nowhere'))).toMatchObject({
      kind: 'failed',
      problem: { code: 'REFUSED', reason: 'MARKET_NOT_FOUND' },
    });
    await service[Symbol.asyncDispose]();
    expect(await loaded(listMarkets(client))).toMatchObject({
      kind: 'failed',
      problem: { code: 'UNREACHABLE' },
    });
  });
});
