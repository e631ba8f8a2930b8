import { z } from '@hono/zod-openapi';
import { CandlePage, CandlesIn, CandlesTaken } from '../api/candle.ts';
import { EquityPage, Market, MarketIn, MarketList, WeightsPage } from '../api/market.ts';
import { MarketPath, queryInteger } from '../api/names.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import type { Market as OpenMarket } from '../markets/market.ts';
import { marketView, namedWeights } from '../markets/market-view.ts';

const LATEST_TIME = 8.64e15;
const tag = 'Markets';

const Limit = z.object({ limit: queryInteger(1, 5000).default(500) });

export function marketRoutes(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets',
    scope: 'markets:read',
    tag,
    summary: 'All markets',
    answer: MarketList,
    handle: () => ({ markets: markets.all().map(marketView) }),
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets',
    scope: 'markets:write',
    tag,
    summary: 'Make a market; asked again in the same words it is the same market',
    body: MarketIn,
    answer: Market,
    status: 201,
    handle: ({ body, audit }) =>
      context.database.transaction(() => {
        const { market, made } = markets.make(body);
        if (made) audit('market made', market.id, market.record.settings.configuration.pair);
        return marketView(market);
      }),
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}',
    scope: 'markets:read',
    tag,
    summary: 'A market as it stands',
    params: MarketPath,
    answer: Market,
    handle: ({ params }) => marketView(markets.get(params.id)),
  });
  candleRoutes(api, context);
  historyRoutes(api, context);
}

function candleRoutes(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets/{id}/candles',
    scope: 'candles:write',
    tag,
    summary: 'Feed closed candles, oldest first; all that is answered is kept',
    params: MarketPath,
    body: CandlesIn,
    answer: CandlesTaken,
    handle: async ({ params, body }) => {
      const market = markets.get(params.id);
      const taken = await market.take(body.candles);
      const answers = taken.map(({ candle, verdict, step }) => {
        return { time: candle.time, verdict, decision: step?.receipt ?? null };
      });
      return { answers, sequence: lastSequence(market) };
    },
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/candles',
    scope: 'markets:read',
    tag,
    summary: 'The last candles within [from, to], oldest first',
    params: MarketPath,
    query: Limit.extend({
      from: queryInteger(-LATEST_TIME, LATEST_TIME).default(-LATEST_TIME),
      to: queryInteger(-LATEST_TIME, LATEST_TIME).default(LATEST_TIME),
    }),
    answer: CandlePage,
    handle: ({ params, query: { from, to, limit } }) => {
      return { candles: markets.get(params.id).history.candles(from, to, limit) };
    },
  });
}

function historyRoutes(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/equity',
    scope: 'markets:read',
    tag,
    summary: 'Equity, exposure and regime at the last decisions, oldest first',
    params: MarketPath,
    query: Limit,
    answer: EquityPage,
    handle: ({ params, query }) => {
      const points = markets.get(params.id).history.latest(query.limit);
      return { points: points.map(({ weights: _, ...point }) => point) };
    },
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/weights',
    scope: 'markets:read',
    tag,
    summary: "Experts' weights at the last decisions, oldest first",
    params: MarketPath,
    query: Limit,
    answer: WeightsPage,
    handle: ({ params, query }) => {
      const market = markets.get(params.id);
      const points = market.history.latest(query.limit).map(({ sequence, time, weights }) => {
        return { sequence, time, weights: [...weights] };
      });
      return { experts: namedWeights(market).map(({ expert }) => expert), points };
    },
  });
}

function lastSequence({ session }: OpenMarket): number | null {
  return session.decisions === 0 ? null : session.decisions - 1;
}
