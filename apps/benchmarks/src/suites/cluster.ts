import { availableParallelism } from 'node:os';
import { clusterModule } from '../cluster/cluster-module.ts';
import { measureFailOver } from '../cluster/fail-over.ts';
import { findNatsServer } from '../cluster/nats-process.ts';
import { measureThroughput } from '../cluster/node-throughput.ts';
import type { Throughput } from '../cluster/node-throughput.ts';
import { quantileOf, row } from '../harness.ts';
import type { Row, Suite, SuiteOptions } from '../harness.ts';
import { buildService } from '../service/service-process.ts';

const NODE_COUNTS = [1, 2, 3] as const;
const MARKETS = 12;
const FAIL_OVER_MS = 3000;
/** What the size is worked out for. */
const PAIRS = 10_000;
const CANDLES_PER_SECOND = 1;
const PARTITIONS = 256;
/** Of a core, in the long run: the rest is for catching up after a failure. */
const LOAD = 0.6;
const SECONDS_A_DAY = 86_400;

/** Nodes and a broker as they are installed, each in a process of its own on this machine. */
export const cluster: Suite = {
  name: 'cluster',
  title: 'decisions by 1, 2 and 3 nodes over NATS JetStream, fail-over, the size for 10 000 pairs',
  async run(options) {
    const program = findNatsServer();
    if (program === undefined) {
      console.error('no nats-server on this machine, so no cluster is measured');
      return [];
    }
    buildService();
    return [...(await throughputRows(program, options)), ...(await failOverRows(program, options))];
  },
};

async function throughputRows(program: string, { quick }: SuiteOptions): Promise<Row[]> {
  const module = await clusterModule();
  const decisions = quick ? 150 : 600;
  const rows: Row[] = [];
  const measured: Throughput[] = [];
  for (const nodes of NODE_COUNTS) {
    const found = await measureThroughput(module, program, { nodes, markets: MARKETS, decisions });
    measured.push(found);
    const of = nodes === 1 ? '1 node' : `${String(nodes)} nodes`;
    const [one] = measured;
    const value = found.decisionsPerSecond;
    const ideal = { name: `${String(nodes)} × 1 node, or all cores`, value: idealOf(nodes, one) };
    const peer = nodes === 1 ? {} : { peer: ideal };
    rows.push(
      row({ name: `decisions of ${of}, all kept and published`, value, unit: '1/s', ...peer }),
    );
    const ms = 1000 * found.nodeSeconds;
    rows.push(row({ name: `processor time of a decision, ${of}`, value: ms, unit: 'ms' }));
    const brokerMs = 1000 * found.brokerSeconds;
    rows.push(row({ name: `broker's processor time of it, ${of}`, value: brokerMs, unit: 'ms' }));
  }
  return [...rows, ...sizeRows(measured[0])];
}

/** As many times one node's, while there are cores for nodes and broker. */
function idealOf(nodes: number, one: Throughput): number {
  const cores = availableParallelism() / (one.nodeSeconds + one.brokerSeconds);
  return Math.min(nodes * one.decisionsPerSecond, cores);
}

/** Worked out from what one node costs, which has a core to itself; each name says how. */
function sizeRows(found: Throughput): Row[] {
  const perSecond = PAIRS * CANDLES_PER_SECOND;
  const leaseShare = PARTITIONS / MARKETS;
  const nodeCores = perSecond * found.nodeSeconds + leaseShare * found.idleNodes;
  const brokerCores = perSecond * found.brokerSeconds + leaseShare * found.idleBroker;
  const bytesADay = perSecond * SECONDS_A_DAY * found.bytesPerCandle;
  const of = '10 000 pairs at 1 s';
  return [
    row({
      name: 'leases and asking, 12 partitions and no candles: nodes',
      value: 1000 * found.idleNodes,
      unit: 'ms/s',
    }),
    row({
      name: 'leases and asking, 12 partitions and no candles: broker',
      value: 1000 * found.idleBroker,
      unit: 'ms/s',
    }),
    row({ name: 'kept for each candle', value: found.bytesPerCandle, unit: 'B' }),
    row({
      name: `${of}: cores of nodes = 10 000 × decision + 256/12 × idle`,
      value: nodeCores,
      unit: 'cores',
    }),
    row({
      name: `${of}: node processes = those cores at 60 % load`,
      value: Math.ceil(nodeCores / LOAD),
      unit: '',
    }),
    row({
      name: `${of}: broker's cores, one replica, by the same sum`,
      value: brokerCores,
      unit: 'cores',
    }),
    row({
      name: `${of}: kept a day, one replica = 864 000 000 × candle`,
      value: bytesADay / 1e12,
      unit: 'TB',
    }),
  ];
}

async function failOverRows(program: string, { quick }: SuiteOptions): Promise<Row[]> {
  const times = await measureFailOver(await clusterModule(), program, quick ? 3 : 15);
  const of = `SIGKILL to the next decision, ${String(times.length)} markets taken over`;
  const target = { atMost: FAIL_OVER_MS };
  return [
    row({ name: `${of}, p50`, value: quantileOf(times, 0.5), unit: 'ms', target }),
    row({ name: `${of}, p99`, value: quantileOf(times, 0.99), unit: 'ms', target }),
  ];
}
