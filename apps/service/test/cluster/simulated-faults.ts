import { PortError } from '@sema/qar/ports';
import { expect } from 'vitest';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { CLUSTER_KEY, recordedMarkets, singleNodeJournal } from './cluster-world.ts';
import { faultSchedule } from './fault-schedule.ts';
import { playPrelude, preludeOf } from './prelude.ts';
import type { Prelude } from './prelude.ts';
import { SimulatedCluster } from './simulated-cluster.ts';

const NODES = 3;
/** Decided before anything goes wrong: after so many, orders are placed. */
const QUIET = 256 + 245;
const CANDLES = QUIET + 24;
const SPAN_MS = 20_000;
const MARKETS = recordedMarkets(3, CANDLES);
const RATES = { lost: 0.01, unanswered: 0.01, slow: 0.01, twice: 0.05 };
const KINDS = ['kill', 'pause', 'cut', 'kill-server'] as const;
const LONG_MS = 120_000;

/** What the schedules of some seeds have in common. */
export interface QuietStart {
  readonly prelude: Prelude;
  readonly expected: readonly (readonly string[])[];
}

export async function quietStart(): Promise<QuietStart> {
  const cluster = new SimulatedCluster(MARKETS, 1, 0);
  cluster.startAll();
  await fed(
    cluster,
    MARKETS.map((market) => cluster.feed(market, 0, 1, 0, QUIET)),
  );
  await decided(cluster, QUIET);
  await stopped(cluster);
  const prelude = await preludeOf(cluster.ports, MARKETS);
  return { prelude, expected: MARKETS.map(singleNodeJournal) };
}

/** Runs one schedule and checks what it left. Answers what nodes failed with. */
export async function checkSchedule(seed: number, start: QuietStart): Promise<unknown[]> {
  const cluster = new SimulatedCluster(MARKETS, NODES, seed, RATES);
  await playPrelude(cluster.ports, start.prelude);
  cluster.startAll();
  const { time } = cluster;
  const options = { nodes: NODES, servers: 1, faults: 8, spanMs: SPAN_MS, kinds: KINDS };
  const work = faultSchedule(seed, options).faults.map(async (fault) => {
    await time.sleep(fault.atMs);
    await cluster.apply(fault);
  });
  MARKETS.forEach((market, index) => {
    const everyMs = SPAN_MS / (CANDLES - QUIET);
    work.push(cluster.feed(market, seed + index, everyMs, QUIET, CANDLES));
  });
  await fed(cluster, work);
  await decided(cluster, CANDLES);
  await stopped(cluster);
  for (const [index, market] of MARKETS.entries()) {
    const names = marketNames(market.venue, market.pair);
    const publicKey = CLUSTER_KEY.verifyingKey.toText();
    const audit = await auditMarket(cluster.ports.journal, names, publicKey);
    expect(audit.fault).toBeUndefined();
    expect(audit.candles).toBe(CANDLES);
    expect(audit.journals).toEqual([start.expected[index]]);
    const published = await cluster.decisions(market);
    // What was published is in the journal, each once, and all of it was published.
    expect(published.map(({ line }) => line)).toEqual(start.expected[index].slice(1));
    const ids = published.map(({ id }) => id);
    const known = [...cluster.acknowledged].filter((id) => id.startsWith(`${market.name}/`));
    expect(ids).toEqual(expect.arrayContaining(known));
  }
  // Whatever went wrong was something that a port says can go wrong.
  for (const error of cluster.failures) expect(error).toBeInstanceOf(PortError);
  return cluster.failures;
}

async function fed({ time }: SimulatedCluster, work: readonly Promise<void>[]): Promise<void> {
  let isDone = false;
  const all = Promise.all(work).then(() => {
    isDone = true;
  });
  await time.until('all is fed and over', () => isDone, 10 * SPAN_MS);
  await all;
}

async function decided(cluster: SimulatedCluster, candles: number): Promise<void> {
  const seen = () => cluster.nodes.flatMap(({ status }) => status.markets);
  const isDone = (): boolean =>
    MARKETS.every(({ name, candles: recorded }) =>
      seen().some((m) => m.market === name && m.lastTime === recorded[candles - 1].time),
    );
  await cluster.time.until('every candle is decided', isDone, LONG_MS);
}

async function stopped(cluster: SimulatedCluster): Promise<void> {
  let left = cluster.nodes.length;
  for (const node of cluster.nodes) {
    void node.stop().then(() => {
      left--;
    });
  }
  await cluster.time.until('all nodes have stopped', () => left === 0, LONG_MS);
}
