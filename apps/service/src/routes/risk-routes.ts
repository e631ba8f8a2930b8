import { DENIALS } from '@sema/qar';
import { MarketPath } from '../api/names.ts';
import { OutcomesIn, OutcomesTaken, RiskChanged, RiskIn, RiskState } from '../api/risk.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { ServiceError } from '../service-error.ts';
import { OutcomeTable } from '../storage/outcome-table.ts';

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
  outcomeRoute(api, context);
}

function outcomeRoute(api: Api, context: Context): void {
  const kept = new OutcomeTable(context.database);
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
        const { id } = outcome;
        const known = kept.find(market.record.market, id);
        const content = JSON.stringify(outcome);
        if (known === content) return { id, status: 'known' };
        if (known !== undefined) {
          throw new ServiceError('OUTCOME_CONFLICT', `outcome '${id}' was taken with other values`);
        }
        market.intervene({ kind: 'trade', ...outcome, who: bearer.name }, () => {
          kept.add(market.record.market, id, content);
          audit('outcome', market.id, content);
        });
        return { id, status: 'taken' };
      });
      return { outcomes };
    },
  });
}
