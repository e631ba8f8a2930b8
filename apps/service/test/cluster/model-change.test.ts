import { Engine, replayJournal } from '@sema/qar';
import { expect, test } from 'vitest';
import { announceChange, CandlePublisher } from '../../src/cluster/candle-publisher.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import type { ModelChange } from '../../src/cluster/model-change.ts';
import {
  CLUSTER_KEY,
  configurationFor,
  recordedMarkets,
  singleNodeJournal,
} from './cluster-world.ts';
import type { RecordedMarket } from './cluster-world.ts';
import { SimulatedCluster } from './simulated-cluster.ts';

const CANDLES = 256 + 24;
const FROM = 256 + 10;
const LONG_MS = 120_000;
const MARKETS = recordedMarkets(3, CANDLES);
const PUBLIC_KEY = CLUSTER_KEY.verifyingKey.toText();

async function publish(cluster: SimulatedCluster, from: number, to: number): Promise<void> {
  for (const { venue, pair, candles } of cluster.markets) {
    const publisher = await CandlePublisher.resume(cluster.ports.bus, marketNames(venue, pair));
    for (const candle of candles.slice(from, to)) await publisher.publish(candle);
  }
  const { nodes, time, markets } = cluster;
  const seen = () => nodes.flatMap(({ status }) => status.markets);
  const isDecided = ({ name, candles }: RecordedMarket): boolean =>
    seen().some((m) => m.market === name && m.lastTime === candles[to - 1].time);
  await time.until('all are decided', () => markets.every(isDecided), LONG_MS);
}

async function announce(
  cluster: SimulatedCluster,
  from: number,
  changeOf: (market: RecordedMarket) => ModelChange,
): Promise<void> {
  for (const market of cluster.markets) {
    const names = marketNames(market.venue, market.pair);
    await announceChange(cluster.ports, names, changeOf(market), market.candles[from].time);
  }
}

async function auditsOf({ ports, markets }: SimulatedCluster) {
  const names = markets.map(({ venue, pair }) => marketNames(venue, pair));
  return Promise.all(names.map((each) => auditMarket(ports.journal, each, PUBLIC_KEY)));
}

const another = ({ pair }: RecordedMarket): ModelChange => {
  return { configuration: configurationFor(pair, 0.7), learned: undefined };
};

/** Three nodes; a change is announced ahead, and every node dies in turn around its candle. */
async function disturbedRun(): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(MARKETS, 3, 1);
  cluster.startAll();
  await publish(cluster, 0, FROM - 4);
  await announce(cluster, FROM, another);
  await publish(cluster, FROM - 4, FROM - 1);
  cluster.kill(0);
  await publish(cluster, FROM - 1, FROM + 1);
  cluster.kill(1);
  cluster.start(0);
  await publish(cluster, FROM + 1, FROM + 3);
  cluster.kill(2);
  await publish(cluster, FROM + 3, CANDLES);
  return cluster;
}

async function quietRun(): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(MARKETS, 1, 1);
  cluster.startAll();
  await publish(cluster, 0, FROM - 4);
  await announce(cluster, FROM, another);
  await publish(cluster, FROM - 4, CANDLES);
  return cluster;
}

test('a change takes effect at one candle in every market, whichever nodes decide', async () => {
  const audits = await auditsOf(await disturbedRun());
  const quiet = await auditsOf(await quietRun());
  for (const [index, { fault, journals, candles }] of audits.entries()) {
    expect(fault).toBeUndefined();
    expect(candles).toBe(CANDLES);
    expect(journals).toHaveLength(2);
    expect(journals).toEqual(quiet[index].journals);
    const market = MARKETS[index];
    // Up to the change the journal is that of a node that never heard of it.
    const until = singleNodeJournal({ ...market, candles: market.candles.slice(0, FROM) });
    expect(journals[0].slice(0, -1)).toEqual(until);
    const first = JSON.parse(journals[1][1]) as { body: { time: number; sequence: number } };
    expect(first.body).toMatchObject({ time: market.candles[FROM].time, sequence: 0 });
    expect(journals[1][0]).toContain('"minimumConfidence":0.7');
  }
});

test('a change brings a model that has learned elsewhere', async () => {
  const [market] = recordedMarkets(1, CANDLES);
  const configuration = configurationFor(market.pair, 0.7);
  const clock = { nowNs: () => 0 };
  using teacher = new Engine(configuration, { clock });
  const columns = columnsOf(market);
  for (let end = 255; end < FROM; end++) {
    teacher.step(columns, end, { now: columns.time[end] + 60_000 });
  }
  const learned = teacher.snapshot();
  const cluster = new SimulatedCluster([market], 1, 1);
  cluster.startAll();
  await publish(cluster, 0, FROM);
  await announce(cluster, FROM, () => ({ configuration, learned }));
  await publish(cluster, FROM, CANDLES);
  const [{ fault, journals }] = await auditsOf(cluster);
  expect(fault).toBeUndefined();
  const next = teacher.step(columns, FROM, { now: columns.time[FROM] + 60_000 }).receipt;
  const first = JSON.parse(journals[1][1]) as { body: { seats: unknown; window: string } };
  // What experts are worth is part of the model: the new engine has them vote as the teacher does.
  expect(first.body.seats).toEqual(next.seats);
  expect(first.body.window).toBe(next.window);
});

test('a change that does not fit the market is left out, and decisions go on', async () => {
  const [market] = recordedMarkets(1, CANDLES);
  const broken = { ...market.configuration, windowCandles: 3 };
  const changes: ModelChange[] = [
    { configuration: configurationFor('OTHER/USDT'), learned: undefined },
    { configuration: broken, learned: undefined },
    { configuration: market.configuration, learned: new Uint8Array(100) },
  ];
  for (const change of changes) {
    const cluster = new SimulatedCluster([market], 2, 1);
    cluster.startAll();
    await publish(cluster, 0, FROM);
    await announce(cluster, FROM, () => change);
    await publish(cluster, FROM, CANDLES);
    const [{ fault, journals }] = await auditsOf(cluster);
    expect(fault).toBeUndefined();
    expect(journals).toEqual([singleNodeJournal(market)]);
  }
});

test('without the change that was announced nothing is decided until it is there', async () => {
  const [market] = recordedMarkets(1, CANDLES);
  const cluster = new SimulatedCluster([market], 1, 1);
  cluster.startAll();
  await publish(cluster, 0, FROM);
  await announce(cluster, FROM, another);
  const [blob] = await cluster.ports.blobs.list('changes/');
  const bytes = await cluster.ports.blobs.get(blob);
  await cluster.ports.blobs.delete(blob);
  const before = cluster.acknowledged.size;
  const { venue, pair, candles } = market;
  const publisher = await CandlePublisher.resume(cluster.ports.bus, marketNames(venue, pair));
  await publisher.publish(candles[FROM]);
  await cluster.time.pass(5000);
  expect(cluster.acknowledged.size).toBe(before);
  expect(cluster.failures[0]).toMatchObject({ code: 'CHANGE_NOT_USABLE' });
  await cluster.ports.blobs.put(blob, bytes ?? new Uint8Array());
  await publish(cluster, FROM + 1, CANDLES);
  const [{ fault, journals }] = await auditsOf(cluster);
  expect(fault).toBeUndefined();
  expect(journals).toHaveLength(2);
});

test('the journal before a change replays like any other', async () => {
  const [{ journals }] = await auditsOf(await quietRun());
  const columns = columnsOf(MARKETS[0]);
  const replay = replayJournal(journals[0], columns, { clock: { nowNs: () => 0 } });
  expect(replay).toMatchObject({ decisions: FROM - 255, differenceCount: 0 });
});

function columnsOf({ candles }: RecordedMarket) {
  const column = (pick: (candle: (typeof candles)[number]) => number) =>
    Float64Array.from(candles, pick);
  return {
    time: column((c) => c.time),
    open: column((c) => c.open),
    high: column((c) => c.high),
    low: column((c) => c.low),
    close: column((c) => c.close),
    volume: column((c) => c.volume),
    length: candles.length,
  };
}
