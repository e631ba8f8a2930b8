import type { OpenPorts } from '@sema/qar/ports';
import { afterAll, beforeAll, describe } from 'vitest';
import { natsPorts } from '../../src/nats/nats-ports.ts';
import { NATS_DEFAULTS } from '../../src/nats/nats-settings.ts';
import { describePorts } from '../ports/describe-ports.ts';
import { NATS_SERVER, needingNats, startNats } from './nats-servers.ts';
import type { NatsServers } from './nats-servers.ts';

/** Ends what hangs; a loaded machine answers long before. */
const REQUEST_MS = 60_000;

for (const count of [1, 3] as const) {
  describe.skipIf(NATS_SERVER === undefined)(needingNats(`NATS on ${String(count)}`), () => {
    let servers: NatsServers;
    let worlds = 0;
    const opened: OpenPorts[] = [];
    beforeAll(async () => {
      servers = await startNats({ count });
    });
    afterAll(async () => {
      await Promise.all(opened.map((ports) => ports.close()));
      await servers[Symbol.asyncDispose]();
    });

    describePorts(
      'ports over NATS',
      ({ limits, ...times }) => {
        const prefix = `world-${String(worlds++)}`;
        const connect = async (): Promise<OpenPorts> => {
          const ports = await natsPorts({
            servers: servers.addresses,
            replicas: count,
            requestTimeoutMs: REQUEST_MS,
            prefix,
            ...times,
            limits: { ...NATS_DEFAULTS.limits, totalBytes: 128 * 1024 ** 2, ...limits },
          });
          opened.push(ports);
          return ports;
        };
        return Promise.resolve({ connect });
      },
      { runs: count === 1 ? 20 : 5 },
    );
  });
}
