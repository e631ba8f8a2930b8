import { REGIMES } from '@sema/learning';
import { ACTIONS, configurationSchema, DENIALS, EXPERTS } from '@sema/qar';
import { Capabilities } from '../api/capabilities.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { requestedConfiguration } from '../markets/markets.ts';
import { SCOPES } from '../security/scopes.ts';

const API_VERSION = 1;
const ANY = { pair: 'ANY', intervalMs: 60_000 };

export function capabilityRoutes(api: Api, context: Context): void {
  const { windowCandles } = requestedConfiguration(ANY);
  const configuration = configurationSchema();
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/capabilities',
    tag: 'Service',
    summary: 'What this service can do, its limits, and what the token allows',
    answer: Capabilities,
    handle: ({ bearer: { name, scopes } }) => ({
      name: 'sema',
      api: API_VERSION,
      windowCandles,
      experts: EXPERTS.map((expert) => expert.name),
      regimes: REGIMES,
      actions: ACTIONS,
      scopes: SCOPES,
      denials: DENIALS,
      limits: context.limits,
      configuration,
      bearer: { name, scopes },
    }),
  });
}
