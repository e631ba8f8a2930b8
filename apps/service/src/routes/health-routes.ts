import type { Api, Context } from '../context.ts';
import type { Gate } from '../http/gate.ts';

/** Whether the process lives, and whether it takes requests: for whoever starts and stops it. */
export function healthRoutes(api: Api, { markets }: Context, gate: Gate): void {
  api.get('/health/live', (c) => c.json({ status: 'live' }));
  api.get('/health/ready', (c) => {
    if (gate.closed) return c.json({ status: 'shutting down' }, 503);
    const failed = markets.all().filter(({ failed }) => failed).length;
    return failed === 0
      ? c.json({ status: 'ready' })
      : c.json({ status: 'failed markets', failed }, 503);
  });
}
