import { z } from '@hono/zod-openapi';
import { Feed, FeedIn } from '../api/feed.ts';
import { MarketPath } from '../api/names.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';

const tag = 'Live';
const path = '/v1/markets/{id}/feed';

/** Live market data; fills stay simulated, as the market's own account shows them. */
export function feedRoutes(api: Api, context: Context): void {
  const { markets, feeds } = context;
  addEndpoint(api, context, {
    method: 'get',
    path,
    scope: 'markets:read',
    tag,
    summary: 'How the feed of a market goes',
    params: MarketPath,
    answer: Feed,
    handle: ({ params }) => feeds.status(markets.get(params.id)),
  });
  addEndpoint(api, context, {
    method: 'post',
    path,
    scope: 'markets:write',
    tag,
    summary: 'Feed a market from an exchange, from now on and after every restart',
    params: MarketPath,
    body: FeedIn,
    answer: Feed,
    status: 201,
    handle: async ({ params, body: { exchange, symbol }, audit }) => {
      const market = markets.get(params.id);
      await feeds.start(market, exchange, symbol ?? market.record.settings.configuration.pair);
      audit('feed started', market.id, exchange);
      return feeds.status(market);
    },
  });
  addEndpoint(api, context, {
    method: 'delete',
    path,
    scope: 'markets:write',
    tag,
    summary: 'Feed a market no more',
    params: MarketPath,
    answer: z.object({ stopped: z.string() }),
    handle: async ({ params, audit }) => {
      const market = markets.get(params.id);
      await feeds.stop(market);
      audit('feed stopped', market.id, '');
      return { stopped: market.id };
    },
  });
}
