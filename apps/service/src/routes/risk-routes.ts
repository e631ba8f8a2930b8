import { z } from '@hono/zod-openapi';
import { DENIALS, TRADING_STATES } from '@sema/qar';
import { MarketPath } from '../api/names.ts';
import {
  OutcomesIn,
  OutcomesTaken,
  PairOutcomeIn,
  PairRisk,
  RiskChanged,
  RiskIn,
  RiskState,
} from '../api/risk.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { OutcomeBook } from '../markets/outcome-book.ts';

const tag = 'Risk';

export function riskRoutes(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/risk',
    scope: 'markets:read',
    tag,
    summary: 'What the risk gate knows, and its limits',
    params: MarketPath,
    answer: RiskState,
    handle: ({ params }) => {
      const market = markets.get(params.id);
      const { configuration } = market.record.settings;
      const [last] = market.history.latest(1);
      return {
        trading: market.risk.trading,
        equity: last?.equity ?? configuration.startingEquity,
        exposure: last?.exposure ?? null,
        state: market.risk,
        limits: configuration.risk,
        denials: DENIALS,
      };
    },
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets/{id}/risk',
    scope: 'risk:write',
    tag,
    summary: 'Halt, reduce, resume or kill; it is in the journal before it is answered',
    params: MarketPath,
    body: RiskIn,
    answer: RiskChanged,
    handle: ({ params, body: { command, reason, who }, bearer, audit }) => {
      const market = markets.get(params.id);
      const made = { kind: command, reason, who: `${who} (token ${bearer.name})` };
      const { trading, at } = market.intervene(made, () => {
        audit(`risk ${command}`, market.id, `${who}: ${reason}`);
      });
      return { trading, at, command };
    },
  });
  outcomeRoutes(api, context);
  pairRoute(api, context);
}

function outcomeRoutes(api: Api, context: Context): void {
  const book = new OutcomeBook(context);
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets/{id}/outcomes',
    scope: 'candles:write',
    tag,
    summary: 'Trades closed elsewhere, each counted exactly once by its id',
    params: MarketPath,
    body: OutcomesIn,
    answer: OutcomesTaken,
    handle: ({ params, body, bearer, audit }) => {
      const market = context.markets.get(params.id);
      const outcomes = body.outcomes.map((outcome) => {
        return { id: outcome.id, status: book.take(market, outcome, bearer.name, audit) };
      });
      return { outcomes };
    },
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/outcomes',
    scope: 'candles:write',
    tag,
    summary: 'A trade closed elsewhere, counted once in every market of its pair, and learned from',
    body: PairOutcomeIn,
    answer: OutcomesTaken,
    handle: ({ body, bearer, audit }) => {
      const { id, closedAt, return: earned, exitReason, decisionId } = body;
      const stopped = /stop/i.test(exitReason ?? '');
      const outcome = {
        id,
        closedAt,
        return: earned,
        stopped,
        decisionId: decisionId ?? undefined,
      };
      const [status] = context.markets
        .ofPair(body.pair)
        .map((market) => book.take(market, outcome, bearer.name, audit));
      return { outcomes: [{ id, status }] };
    },
  });
}

function pairRoute(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/risk',
    scope: 'markets:read',
    tag,
    summary: 'Whether a pair may be traded now',
    query: z.object({ pair: z.string().min(1).max(64) }),
    answer: PairRisk,
    handle: ({ query: { pair } }) => {
      const found = markets.ofPair(pair);
      const order = found.map(({ risk }) => TRADING_STATES.indexOf(risk.trading));
      const trading = TRADING_STATES[Math.max(...order)];
      return { pair, trading, markets: found.map(({ id }) => id) };
    },
  });
}
