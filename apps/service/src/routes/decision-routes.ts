import { z } from '@hono/zod-openapi';
import { DecisionPage, ExplainedDecision } from '../api/decision.ts';
import { MarketPath, queryInteger } from '../api/names.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { explain } from '../markets/explain.ts';
import { ServiceError } from '../service-error.ts';
import { decisionOf } from '../storage/history.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
const tag = 'Decisions';

export function decisionRoutes(api: Api, context: Context): void {
  const { markets } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/decisions',
    scope: 'markets:read',
    tag,
    summary: 'Pages of the journal: signed receipts in their order',
    params: MarketPath,
    query: z.object({
      after: queryInteger(-1, LARGEST).default(-1),
      limit: queryInteger(1, 1000).default(100),
      order: z.enum(['oldest', 'latest']).default('oldest').openapi({
        description: '`latest` gives the last so many, still oldest first, whatever `after` is.',
      }),
    }),
    answer: DecisionPage,
    handle: ({ params, query: { after, limit, order } }) => {
      const market = markets.get(params.id);
      const { decisions: made } = market.session;
      const from = order === 'latest' ? made - 1 - limit : after;
      const decisions = market.history.linesAfter(from, limit).map(decisionOf);
      const last = decisions.at(-1)?.body.sequence;
      return { decisions, next: last === undefined || last === made - 1 ? null : last };
    },
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/decisions/{sequence}',
    scope: 'markets:read',
    tag,
    summary: 'One decision, explained',
    params: MarketPath.extend({
      sequence: queryInteger(0, LARGEST).openapi({ param: { name: 'sequence', in: 'path' } }),
    }),
    answer: ExplainedDecision,
    handle: ({ params: { id, sequence } }) => {
      const { history } = markets.get(id);
      const line = history.decision(sequence);
      if (line === undefined) {
        throw new ServiceError('DECISION_NOT_FOUND', `'${id}' has no decision ${String(sequence)}`);
      }
      const weights = history.weightsAt(sequence);
      return { ...line, explanation: explain(line.body, weights) };
    },
  });
}
