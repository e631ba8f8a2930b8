import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryData } from '../service/service-process.ts';
import { BenchCluster } from './bench-cluster.ts';
import type { ClusterModule } from './cluster-module.ts';

export const WARM_UP = 256;
const IDLE_MS = 4000;

export interface Throughput {
  readonly decisionsPerSecond: number;
  /** Processor seconds of a decision. */
  readonly nodeSeconds: number;
  readonly brokerSeconds: number;
  /** Processor seconds a second while no candle comes. */
  readonly idleNodes: number;
  readonly idleBroker: number;
  /** Kept in the broker for each candle: the candle, its record and its decision. */
  readonly bytesPerCandle: number;
}

export interface ThroughputOptions {
  readonly nodes: number;
  readonly markets: number;
  /** Of each market, after the window is whole. */
  readonly decisions: number;
}

/** How fast nodes work off candles that are all there already. */
export async function measureThroughput(
  module: ClusterModule,
  program: string,
  { nodes, markets, decisions }: ThroughputOptions,
): Promise<Throughput> {
  using data = temporaryData();
  await using cluster = await BenchCluster.start(module, program, data.path, markets);
  for (let index = 0; index < nodes; index++) await cluster.startNode(`node-${String(index)}`);
  await cluster.settled();
  const candles = WARM_UP - 1 + decisions;
  await cluster.publish(0, candles);
  // From here on nothing else has anything to do.
  const started = { at: performance.now(), decisions: await cluster.decisions(), ...cpu(cluster) };
  // What is left when some nodes have nothing more to do says nothing of many.
  await cluster.decided(Math.floor(0.9 * decisions * markets));
  const made = (await cluster.decisions()) - started.decisions;
  const ended = { at: performance.now(), ...cpu(cluster) };
  await cluster.decided(decisions * markets);
  const quiet = cpu(cluster);
  await wait(IDLE_MS);
  const later = cpu(cluster);
  await cluster.audit(candles);
  return {
    decisionsPerSecond: (1000 * made) / (ended.at - started.at),
    nodeSeconds: (ended.nodes - started.nodes) / made,
    brokerSeconds: (ended.broker - started.broker) / made,
    idleNodes: (1000 * (later.nodes - quiet.nodes)) / IDLE_MS,
    idleBroker: (1000 * (later.broker - quiet.broker)) / IDLE_MS,
    bytesPerCandle: await bytesPerCandle(cluster),
  };
}

function cpu(cluster: BenchCluster): { readonly nodes: number; readonly broker: number } {
  return { nodes: cluster.nodeCpuSeconds, broker: cluster.broker.cpuSeconds ?? NaN };
}

/** Of the last candle of the first market. */
async function bytesPerCandle({ ports, markets }: BenchCluster): Promise<number> {
  const { candles, decisions, journal } = markets[0].names;
  const kept = await Promise.all([
    ports.bus.last(candles),
    ports.bus.last(decisions),
    ports.journal.last(journal),
  ]);
  return kept.reduce((sum, record) => sum + (record?.bytes.length ?? NaN), 0);
}
