import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import { listen } from '../http/listen.ts';
import type { NodeStatus } from './cluster-node.ts';

export interface NodeProbes {
  readonly url: string;
  close(): Promise<void>;
}

/** Small answers to whoever starts nodes and watches them; nothing can be changed here. */
const SERVER_OPTIONS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
} as const;

/**
 * Probes of one node: `/healthz` says that the process lives, `/readyz` that the cluster hears it,
 * `/metrics` what Prometheus reads, `/status` which markets it owns.
 *
 * @throws {StartError} `ADDRESS_NOT_USABLE`
 */
export async function serveProbes(
  host: string,
  port: number,
  status: () => NodeStatus,
  registry: Registry,
): Promise<NodeProbes> {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'live' }));
  app.get('/readyz', (c) => {
    const { ready } = status();
    return c.json({ status: ready ? 'ready' : 'not heard' }, ready ? 200 : 503);
  });
  app.get('/status', (c) => c.json(status()));
  app.get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType }),
  );
  // Without HTTP/2 among the options the adaptor makes a server of HTTP/1.1.
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: SERVER_OPTIONS,
  }) as Server;
  const listening = await listen(server, host, port);
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shown}:${String(listening)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
