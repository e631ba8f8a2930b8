import { serve } from '@hono/node-server';
import { createExchange } from './exchange.ts';
import type { ExchangeOptions } from './exchange.ts';

export interface RunningExchange {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends every connection. */
  readonly stop: () => Promise<void>;
}

/**
 * Opens an exchange on the loopback interface, for clients on this machine alone.
 *
 * @param port - 0 for any that is free.
 */
export async function startExchange(
  options: ExchangeOptions,
  port: number,
): Promise<RunningExchange> {
  const app = createExchange(options);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) => {
      resolve({
        url: `http://127.0.0.1:${String(address.port)}`,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => {
              stopped();
            });
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}
