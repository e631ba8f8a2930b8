import { setTimeout as wait } from 'node:timers/promises';
import type { OpenPorts } from '@sema/qar/ports';
import { SigningKey } from '@sema/synthesis-crypto';
import pino from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import { systemClock } from '../system-clock.ts';
import type { ClusterMarket } from './cluster-market.ts';
import { ClusterNode } from './cluster-node.ts';
import type { NodeEvents, NodeStatus } from './cluster-node.ts';
import { codeOfFailure, NodeMetrics } from './node-metrics.ts';
import { serveProbes } from './node-server.ts';

export interface NodeOptions {
  readonly name: string;
  readonly markets: readonly ClusterMarket[];
  /** The same on all nodes; it stays the caller's. */
  readonly key: SigningKey;
  /** Closed when the node stops. */
  readonly ports: OpenPorts;
  /** Where the probes listen: 127.0.0.1 when absent. They change nothing and ask for no token. */
  readonly host?: string;
  /** 0, any that is free, when absent. */
  readonly port?: number;
  /** 16 when absent. */
  readonly mostNodes?: number;
  /** 256 when absent; the same on all nodes. */
  readonly partitions?: number;
  /** 256 when absent. */
  readonly snapshotEvery?: number;
  readonly logLevel?: Level | 'silent';
  /** Standard error when absent. */
  readonly logTo?: DestinationStream;
}

export interface RunningNode {
  /** Where its probes are. */
  readonly url: string;
  readonly status: NodeStatus;
  /** Finishes the candles in hand and hands every market over. */
  stop(): Promise<void>;
}

/** @throws {StartError}, {ClusterError} */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { name, markets, key, ports } = options;
  const log = pino(
    { level: options.logLevel ?? 'info', base: { node: name } },
    options.logTo ?? pino.destination({ fd: 2, sync: true }),
  );
  const metrics = new NodeMetrics();
  const node = new ClusterNode({
    name,
    markets,
    key,
    ports,
    mostNodes: options.mostNodes ?? 16,
    partitions: options.partitions ?? 256,
    snapshotEvery: options.snapshotEvery ?? 256,
    clock: systemClock(),
    sleep,
    events: logged(metrics, log),
  });
  metrics.watch(() => node.status);
  const { host = '127.0.0.1', port = 0 } = options;
  const probes = await serveProbes(host, port, () => node.status, metrics.registry);
  node.start();
  log.info({ url: probes.url, markets: markets.length }, 'node started');
  return {
    url: probes.url,
    get status() {
      return node.status;
    },
    async stop() {
      log.info('node stopping');
      await node.stop();
      await probes.close();
      await ports.close();
      log.info('node stopped');
    },
  };
}

function logged(metrics: NodeMetrics, log: Logger): NodeEvents {
  return {
    opened(market, repeated) {
      metrics.opened(market, repeated);
      log.info({ market, repeated }, 'market opened');
    },
    kept(market, receipt) {
      metrics.kept(market, receipt);
    },
    owns(market, owned) {
      metrics.owns(market, owned);
      log.info({ market }, owned ? 'market came' : 'market went');
    },
    failed(market, error) {
      metrics.failed(market, error);
      log.warn({ market, code: codeOfFailure(error), err: error }, 'market given up');
    },
    unreachable(error) {
      metrics.unreachable();
      log.warn({ err: error }, 'no answer from who keeps the leases');
    },
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
