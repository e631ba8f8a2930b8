import { SigningKey } from '@sema/synthesis-crypto';
import { expect, test } from 'vitest';
import { CandlePublisher } from '../../src/cluster/candle-publisher.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { ClusterNode } from '../../src/cluster/cluster-node.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { MarketOwner } from '../../src/cluster/market-owner.ts';
import {
  CLUSTER_KEY,
  configurationFor,
  recordedMarkets,
  singleNodeJournal,
} from './cluster-world.ts';
import { LEASE_MS, SimulatedCluster } from './simulated-cluster.ts';

const CANDLES = 256 + 12;
const LONG_MS = 120_000;
const PUBLIC_KEY = CLUSTER_KEY.verifyingKey.toText();

function ownersOf({ nodes }: SimulatedCluster): string[] {
  return nodes.flatMap(({ status }) => status.markets.map((m) => `${m.market} ${status.name}`));
}

function allOpen({ nodes, markets }: SimulatedCluster): boolean {
  const open = nodes.flatMap(({ status }) => status.markets.filter((m) => m.state === 'open'));
  return open.length === markets.length;
}

function decidedUpTo({ nodes, markets }: SimulatedCluster, candles: number): boolean {
  const seen = nodes.flatMap(({ status }) => status.markets);
  return markets.every((market) =>
    seen.some((m) => m.market === market.name && m.lastTime === market.candles[candles - 1].time),
  );
}

/** Publishes the candles from one to the other index, in order. */
async function publish(cluster: SimulatedCluster, from: number, to: number): Promise<void> {
  for (const { venue, pair, candles } of cluster.markets) {
    const publisher = await CandlePublisher.resume(cluster.ports.bus, marketNames(venue, pair));
    for (const candle of candles.slice(from, to)) await publisher.publish(candle);
  }
}

async function journalOf(cluster: SimulatedCluster, index: number): Promise<readonly string[]> {
  const { venue, pair } = cluster.markets[index];
  const audit = await auditMarket(cluster.ports.journal, marketNames(venue, pair), PUBLIC_KEY);
  expect(audit.fault).toBeUndefined();
  return audit.journals[0] ?? [];
}

test('nodes share markets evenly, take over from one that dies, and give them back', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(6, 1), 3, 1);
  const { time } = cluster;
  cluster.startAll();
  await time.until('every market has an owner', () => allOpen(cluster), LONG_MS);
  await time.pass(3 * LEASE_MS);
  const before = ownersOf(cluster).sort();
  for (const { status } of cluster.nodes) {
    expect(status.markets).toHaveLength(2);
    expect(status.ready).toBe(true);
    expect(status.nodes).toEqual(['node-0', 'node-1', 'node-2']);
  }
  const died = time.nowMs;
  cluster.kill(1);
  const taken = () => cluster.nodes.every(({ status }) => status.markets.length === 3);
  await time.until('two nodes own all', () => taken() && allOpen(cluster), LONG_MS);
  expect(time.nowMs - died).toBeLessThanOrEqual(2 * LEASE_MS);
  cluster.start(1);
  const again = () => ownersOf(cluster).sort().join() === before.join();
  await time.until('the third has its markets again', again, LONG_MS);
});

test('a node that stops hands over at once, long before its leases would end', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(4, 1), 2, 1);
  const { time } = cluster;
  cluster.startAll();
  await time.until('every market has an owner', () => allOpen(cluster), LONG_MS);
  await time.pass(3 * LEASE_MS);
  const stopped = time.nowMs;
  await cluster.nodes[0].stop();
  const taken = () => cluster.nodes[1].status.markets.length === 4;
  await time.until('the other owns all', taken, LONG_MS);
  expect(time.nowMs - stopped).toBeLessThan(LEASE_MS / 2);
});

test('more nodes than there are places wait, and take the place of one that goes', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(6, 1), 6, 1);
  const { time } = cluster;
  for (let index = 0; index < 5; index++) cluster.start(index);
  await time.pass(3 * LEASE_MS);
  const waiting = cluster.start(5);
  await time.pass(3 * LEASE_MS);
  expect(waiting.status.markets).toEqual([]);
  expect(waiting.status.ready).toBe(false);
  cluster.kill(0);
  await time.until('it is one of five', () => waiting.status.ready, LONG_MS);
});

test('any node goes on from the journal alone, snapshots lost or damaged', async () => {
  const markets = recordedMarkets(1, CANDLES);
  const expected = singleNodeJournal(markets[0]);
  const snapshot = marketNames(markets[0].venue, markets[0].pair).snapshot;
  const damages = [
    (cluster: SimulatedCluster) => cluster.ports.blobs.delete(snapshot),
    (cluster: SimulatedCluster) => cluster.ports.blobs.put(snapshot, new Uint8Array(5000)),
    async (cluster: SimulatedCluster) => {
      const bytes = await cluster.ports.blobs.get(snapshot);
      await cluster.ports.blobs.put(snapshot, (bytes ?? new Uint8Array()).slice(0, 1000));
    },
  ];
  for (const damage of damages) {
    const cluster = new SimulatedCluster(markets, 2, 1);
    const { time } = cluster;
    cluster.start(0);
    await publish(cluster, 0, CANDLES - 6);
    await time.until('most are decided', () => decidedUpTo(cluster, CANDLES - 6), LONG_MS);
    cluster.kill(0);
    await damage(cluster);
    cluster.start(1);
    await publish(cluster, CANDLES - 6, CANDLES);
    await time.until('all are decided', () => decidedUpTo(cluster, CANDLES), LONG_MS);
    expect(await journalOf(cluster, 0)).toEqual(expected);
  }
});

test("a journal goes on by its own configuration, whatever a node's file says", async () => {
  const markets = recordedMarkets(1, CANDLES);
  const cluster = new SimulatedCluster(markets, 2, 1);
  const { time } = cluster;
  cluster.start(0);
  await publish(cluster, 0, CANDLES - 6);
  await time.until('most are decided', () => decidedUpTo(cluster, CANDLES - 6), LONG_MS);
  cluster.kill(0);
  await cluster.ports.blobs.delete(marketNames(markets[0].venue, markets[0].pair).snapshot);
  cluster.start(1, [{ ...markets[0], configuration: configurationFor(markets[0].pair, 0.9) }]);
  await publish(cluster, CANDLES - 6, CANDLES);
  await time.until('all are decided', () => decidedUpTo(cluster, CANDLES), LONG_MS);
  expect(await journalOf(cluster, 0)).toEqual(singleNodeJournal(markets[0]));
});

test('a node with another key goes on with nothing, since its lines would be others', async () => {
  const markets = recordedMarkets(1, CANDLES);
  const cluster = new SimulatedCluster(markets, 1, 1);
  const { time } = cluster;
  cluster.start(0);
  await publish(cluster, 0, CANDLES - 6);
  await time.until('most are decided', () => decidedUpTo(cluster, CANDLES - 6), LONG_MS);
  cluster.kill(0);
  const before = await journalOf(cluster, 0);
  const failures: unknown[] = [];
  const stranger = new ClusterNode({
    name: 'stranger',
    markets,
    mostNodes: 5,
    partitions: 64,
    ports: cluster.ports,
    key: SigningKey.generate(),
    clock: time.clock,
    sleep: time.sleep,
    snapshotEvery: 8,
    events: {
      opened: () => undefined,
      owns: () => undefined,
      unreachable: () => undefined,
      kept: () => undefined,
      failed: (_, error) => void failures.push(error),
    },
  });
  stranger.start();
  await publish(cluster, CANDLES - 6, CANDLES);
  await time.until('it has failed', () => failures.length > 0, LONG_MS);
  expect(failures[0]).toMatchObject({ code: 'DIVERGED' });
  expect(await journalOf(cluster, 0)).toEqual(before);
});

test('without a broker nobody is told of a decision, and what was kept stays kept', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(2, CANDLES), 2, 1);
  const { time } = cluster;
  cluster.startAll();
  await publish(cluster, 0, CANDLES - 6);
  await time.until('most are decided', () => decidedUpTo(cluster, CANDLES - 6), LONG_MS);
  for (const index of [0, 1]) cluster.way(index).cut = true;
  const before = new Set(cluster.acknowledged);
  await publish(cluster, CANDLES - 6, CANDLES);
  await time.pass(10 * LEASE_MS);
  expect(cluster.acknowledged).toEqual(before);
  expect(cluster.nodes.map(({ status }) => status.ready)).toEqual([false, false]);
  for (const error of cluster.failures) expect(error).toMatchObject({ code: 'UNAVAILABLE' });
  for (const index of [0, 1]) cluster.way(index).cut = false;
  await time.until('all are decided', () => decidedUpTo(cluster, CANDLES), LONG_MS);
  for (const [index, market] of cluster.markets.entries()) {
    expect(await journalOf(cluster, index)).toEqual(singleNodeJournal(market));
  }
});

test('a node that stood still for longer than its leases last changes nothing', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(1, CANDLES), 2, 1);
  const { time, markets } = cluster;
  cluster.start(0);
  await publish(cluster, 0, CANDLES - 6);
  await time.until('most are decided', () => decidedUpTo(cluster, CANDLES - 6), LONG_MS);
  cluster.way(0).pause(3 * LEASE_MS);
  cluster.start(1);
  await time.until('the other has it', () => cluster.nodes[1].status.markets.length > 0, LONG_MS);
  await publish(cluster, CANDLES - 6, CANDLES);
  await time.until('all are decided', () => decidedUpTo(cluster, CANDLES), LONG_MS);
  await time.pass(4 * LEASE_MS);
  expect(await journalOf(cluster, 0)).toEqual(singleNodeJournal(markets[0]));
});

test('of two owners at a time one goes on, and nothing is decided twice', async () => {
  const cluster = new SimulatedCluster(recordedMarkets(1, CANDLES), 0, 1);
  const { time, markets, ports } = cluster;
  const [market] = markets;
  const failures: unknown[] = [];
  const options = {
    ports,
    key: CLUSTER_KEY,
    clock: time.clock,
    sleep: time.sleep,
    snapshotEvery: 8,
    retryMs: 10,
    events: {
      opened: () => undefined,
      kept: () => undefined,
      failed: (_: string, error: unknown) => void failures.push(error),
    },
  };
  // No lease stands between them: each believes that the market is its own.
  const owners = [new MarketOwner(market, options), new MarketOwner(market, options)];
  await publish(cluster, 0, CANDLES);
  const { time: last } = market.candles[CANDLES - 1];
  const areDone = (): boolean => owners.every(({ status }) => status.lastTime === last);
  await time.until('both are at the end', areDone, LONG_MS);
  expect(await journalOf(cluster, 0)).toEqual(singleNodeJournal(market));
  const published = await cluster.decisions(market);
  expect(published.map(({ line }) => line)).toEqual(singleNodeJournal(market).slice(1));
  expect(failures.length).toBeGreaterThan(0);
  for (const error of failures) expect(error).toMatchObject({ code: 'CONFLICT' });
  await Promise.all(owners.map((owner) => owner.stop()));
});

test('a candle that no engine can take is kept without a decision, by all nodes', async () => {
  const [market] = recordedMarkets(1, CANDLES);
  const off = { ...market.candles[CANDLES - 4], time: market.candles[CANDLES - 4].time - 1000 };
  const candles = market.candles.toSpliced(CANDLES - 4, 0, off);
  const cluster = new SimulatedCluster([{ ...market, candles }], 2, 1);
  const { time } = cluster;
  cluster.start(0);
  await publish(cluster, 0, CANDLES - 2);
  await time.until('it is taken', () => decidedUpTo(cluster, CANDLES - 2), LONG_MS);
  cluster.kill(0);
  cluster.start(1);
  await publish(cluster, CANDLES - 2, candles.length);
  await time.until('all are taken', () => decidedUpTo(cluster, candles.length), LONG_MS);
  expect(await journalOf(cluster, 0)).toEqual(singleNodeJournal(market));
});

test('settings that no cluster can have are refused', () => {
  const cluster = new SimulatedCluster(recordedMarkets(1, 1), 1, 1);
  const options = {
    name: 'a',
    markets: cluster.markets,
    mostNodes: 3,
    partitions: 64,
    ports: cluster.ports,
    key: CLUSTER_KEY,
    clock: cluster.time.clock,
    sleep: cluster.time.sleep,
    snapshotEvery: 8,
    events: {
      opened: () => undefined,
      owns: () => undefined,
      unreachable: () => undefined,
      kept: () => undefined,
      failed: () => undefined,
    },
  };
  const refused = (change: Partial<typeof options>, code: string): void => {
    const error = expect.objectContaining({ code }) as Error;
    expect(() => new ClusterNode({ ...options, ...change })).toThrow(error);
  };
  for (const count of [0, -1, 1.5, NaN, Infinity]) {
    refused({ mostNodes: count }, 'BAD_SETTING');
    refused({ snapshotEvery: count }, 'BAD_SETTING');
    refused({ partitions: count }, 'BAD_SETTING');
  }
  for (const name of ['', 'a b', 'a/b', 'a'.repeat(65)]) refused({ name }, 'BAD_SETTING');
  const { markets } = cluster;
  refused({ markets: [...markets, ...markets] }, 'BAD_MARKET');
  refused({ markets: [{ ...markets[0], pair: 'A.B' }] }, 'BAD_MARKET');
});
