import { expect, test } from 'vitest';
import { CandlesTaken } from '../src/api/candle.ts';
import { DecisionPage, ExplainedDecision } from '../src/api/decision.ts';
import { EquityPage, Market, WeightsPage } from '../src/api/market.ts';
import { RiskState } from '../src/api/risk.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService } from './running-service.ts';

test('candles fed to a market are decided on, and every decision can be read again', async () => {
  await using running = await runService();
  const { ask } = running;
  expect((await ask('POST', '/v1/markets', MARKET)).status).toBe(201);
  const candles = recordedCandles(300);
  const fed = await ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
  const taken = CandlesTaken.parse(await fed.json());
  expect(taken.answers).toHaveLength(300);
  expect(taken.answers.filter(({ decision }) => decision !== null)).toHaveLength(45);
  expect(taken.sequence).toBe(44);

  const page = await ask('GET', `/v1/markets/${MARKET.id}/decisions?after=9&limit=10`);
  const { decisions, next } = DecisionPage.parse(await page.json());
  expect(decisions.map(({ body }) => body.sequence)).toEqual([
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
  ]);
  expect(next).toBe(19);
  const one = await ask('GET', `/v1/markets/${MARKET.id}/decisions/12`);
  const explained = ExplainedDecision.parse(await one.json());
  expect(explained.body).toEqual(decisions[2].body);
  expect(explained.explanation.summary).not.toBe('');

  const market = Market.parse(await (await ask('GET', `/v1/markets/${MARKET.id}`)).json());
  expect(market).toMatchObject({ candles: 300, decisions: 45, sequence: 44, trading: 'ACTIVE' });
  expect(market.lastTime).toBe(candles[299].time);
  const equity = await ask('GET', `/v1/markets/${MARKET.id}/equity?limit=5`);
  expect(EquityPage.parse(await equity.json()).points.map(({ sequence }) => sequence)).toEqual([
    40, 41, 42, 43, 44,
  ]);
  const weights = await ask('GET', `/v1/markets/${MARKET.id}/weights?limit=2`);
  const { experts, points } = WeightsPage.parse(await weights.json());
  expect(experts).toHaveLength(14);
  for (const point of points) {
    // Fourteen additions of doubles.
    expect(point.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  }
  expect(
    RiskState.parse(await (await ask('GET', `/v1/markets/${MARKET.id}/risk`)).json()),
  ).toBeTruthy();
});
