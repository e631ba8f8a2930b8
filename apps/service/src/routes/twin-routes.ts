import { z } from '@hono/zod-openapi';
import { MarketPath, queryInteger } from '../api/names.ts';
import { TwinPage } from '../api/twin.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { MOST_TWIN_POINTS } from '../markets/twin.ts';

export function twinRoutes(api: Api, context: Context): void {
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/twin',
    scope: 'markets:read',
    tag: 'Markets',
    summary: 'The last decisions of the closed form in place of the circuits, oldest first',
    params: MarketPath,
    query: z.object({
      after: queryInteger(-1, Number.MAX_SAFE_INTEGER).default(-1),
      limit: queryInteger(1, MOST_TWIN_POINTS).default(500),
    }),
    answer: TwinPage,
    handle: async ({ params, query }) => {
      const { record } = context.markets.get(params.id);
      return { points: await context.twins.of(record).latest(query.after, query.limit) };
    },
  });
}
