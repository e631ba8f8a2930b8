import { PortError } from '@sema/qar/ports';
import { expect, test } from 'vitest';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { CLUSTER_KEY, recordedMarkets, singleNodeJournal } from './cluster-world.ts';
import { faultSchedule } from './fault-schedule.ts';
import { SimulatedCluster } from './simulated-cluster.ts';

const NODES = 3;
const CANDLES = 256 + 24;
const SPAN_MS = 20_000;
const SEEDS = Number(process.env.SEMA_CLUSTER_SEEDS ?? 20);
const MARKETS = recordedMarkets(3, CANDLES);
const EXPECTED = MARKETS.map(singleNodeJournal);
const RATES = { lost: 0.01, unanswered: 0.01, slow: 0.01, twice: 0.05 };
const KINDS = ['kill', 'pause', 'cut', 'kill-server'] as const;

async function runSchedule(seed: number): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(MARKETS, NODES, seed, RATES);
  const { time } = cluster;
  cluster.startAll();
  const options = { nodes: NODES, servers: 1, faults: 8, spanMs: SPAN_MS, kinds: KINDS };
  const work = faultSchedule(seed, options).faults.map(async (fault) => {
    await time.sleep(fault.atMs);
    await cluster.apply(fault);
  });
  MARKETS.forEach((market, index) => {
    work.push(cluster.feed(market, seed + index, SPAN_MS / CANDLES));
  });
  let done = false;
  void Promise.all(work).then(() => {
    done = true;
  });
  await time.until('all faults are over', () => done, 10 * SPAN_MS);
  const last = MARKETS.map(({ candles }) => candles[CANDLES - 1].time);
  const caughtUp = (): boolean => {
    const seen = cluster.nodes.flatMap(({ status }) => status.markets);
    return MARKETS.every(({ name }, i) =>
      seen.some(({ market, lastTime }) => market === name && lastTime === last[i]),
    );
  };
  await time.until('every candle is decided', caughtUp, 60_000);
  await Promise.all(stopAll(cluster));
  return cluster;
}

function stopAll(cluster: SimulatedCluster): Promise<void>[] {
  let left = cluster.nodes.length;
  const stops = cluster.nodes.map(async (node) => {
    await node.stop();
    left--;
  });
  stops.push(cluster.time.until('all nodes have stopped', () => left === 0, 60_000));
  return stops;
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'faults of seed %i: every candle is decided once, as one undisturbed node decides it',
  async (seed) => {
    const cluster = await runSchedule(seed);
    for (const [index, market] of MARKETS.entries()) {
      const names = marketNames(market.venue, market.pair);
      const publicKey = CLUSTER_KEY.verifyingKey.toText();
      const audit = await auditMarket(cluster.ports.journal, names, publicKey);
      expect(audit.fault).toBeUndefined();
      expect(audit.candles).toBe(CANDLES);
      expect(audit.journals).toEqual([EXPECTED[index]]);
      const published = await cluster.decisions(market);
      // What was published is in the journal, each once, and all of it was published.
      expect(published.map(({ line }) => line)).toEqual(EXPECTED[index].slice(1));
      const ids = published.map(({ id }) => id);
      const known = [...cluster.acknowledged].filter((id) => id.startsWith(`${market.name}/`));
      expect(ids).toEqual(expect.arrayContaining(known));
    }
    // Whatever went wrong was something that a port says can go wrong.
    for (const error of cluster.failures) expect(error).toBeInstanceOf(PortError);
  },
);
