import { ArmIn, AskedIn, Orders } from '../api/order.ts';
import { MarketPath } from '../api/names.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';

const tag = 'Orders';
const MINUTE_MS = 60_000;

/** Orders at an exchange: only of a market that somebody armed since the service started. */
export function orderRoutes(api: Api, context: Context): void {
  const { markets, arming, now } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/orders',
    scope: 'markets:read',
    tag,
    summary: 'Whether a market is armed, and its last orders',
    params: MarketPath,
    answer: Orders,
    handle: ({ params }) => arming.status(markets.get(params.id)),
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets/{id}/orders/arm',
    scope: 'orders:arm',
    tag,
    summary: 'Let a market place real orders for a while, with real money',
    params: MarketPath,
    body: ArmIn,
    answer: Orders,
    handle: async ({ params, body: { minutes, reason, who }, bearer, audit }) => {
      const market = markets.get(params.id);
      const asked = { reason, who: `${who} (token ${bearer.name})` };
      await arming.arm(market, now() + minutes * MINUTE_MS, asked, () => {
        audit('orders armed', market.id, `${who}, ${String(minutes)} minutes: ${reason}`);
      });
      return arming.status(market);
    },
  });
  for (const [command, summary] of [
    ['disarm', 'Open no more positions at the exchange'],
    ['close', 'Disarm, and sell what the orders have left at the exchange'],
  ] as const) {
    addEndpoint(api, context, {
      method: 'post',
      path: `/v1/markets/{id}/orders/${command}`,
      scope: 'orders:arm',
      tag,
      summary,
      params: MarketPath,
      body: AskedIn,
      answer: Orders,
      handle: async ({ params, body: { reason, who }, bearer, audit }) => {
        const market = markets.get(params.id);
        const asked = { reason, who: `${who} (token ${bearer.name})` };
        const alsoKeep = (): void => {
          audit(`orders ${command}`, market.id, `${who}: ${reason}`);
        };
        // A market without a feed is refused before anything is kept.
        arming.status(market);
        if (command === 'disarm') arming.disarm(market, asked, alsoKeep);
        else await arming.closePosition(market, asked, alsoKeep);
        return arming.status(market);
      },
    });
  }
}
