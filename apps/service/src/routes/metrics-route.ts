import type { Api, Context } from '../context.ts';
import { allows } from '../security/scopes.ts';
import { ServiceError } from '../service-error.ts';

/** Metrics in the text form that Prometheus reads. */
export function metricsRoute(api: Api, { metrics }: Context): void {
  api.get('/metrics', async (c) => {
    if (!allows(c.get('bearer').scopes, 'metrics:read')) {
      throw new ServiceError('SCOPE_MISSING', "the token lacks the scope 'metrics:read'");
    }
    const { registry } = metrics;
    return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
  });
}
