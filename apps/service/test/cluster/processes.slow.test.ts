import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError } from '@sema/qar/ports';
import type { EngineConfiguration } from '@sema/qar';
import type { OpenPorts } from '@sema/qar/ports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceChange } from '../../src/cluster/candle-publisher.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { encodeMessage } from '../../src/cluster/candle-message.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { readMarkets } from '../../src/cluster/market-file.ts';
import { natsPorts } from '../../src/nats/nats-ports.ts';
import { NATS_SERVER, needingNats, startNats } from '../nats/nats-servers.ts';
import type { NatsServers } from '../nats/nats-servers.ts';
import {
  CLUSTER_KEY,
  configurationFor,
  recordedMarkets,
  singleNodeJournal,
  singleNodeJournals,
} from './cluster-world.ts';
import type { RecordedMarket } from './cluster-world.ts';
import { deliveries, faultSchedule } from './fault-schedule.ts';
import type { Fault } from './fault-schedule.ts';
import { NAMESPACES, NetworkNamespace } from './network-namespace.ts';
import { buildNode, NodeProcess } from './node-process.ts';
import type { BuiltNode } from './node-process.ts';

const NODES = 3;
const SERVERS = 3;
/** Decided before anything goes wrong: after so many, orders are placed. */
const WARM_UP = 256 + 245;
const CANDLES = WARM_UP + 30;
/** Candles before the announcement of a change, and before the one at which it takes effect. */
const ANNOUNCED = WARM_UP + 9;
const CHANGED = WARM_UP + 14;
const SPAN_MS = 10_000;
const FAULTS = 5;
/** How many schedules, and the first one's seed. */
const SCHEDULES = Number(process.env.SEMA_CLUSTER_SCHEDULES ?? 2);
const FIRST_SEED = Number(process.env.SEMA_CLUSTER_FIRST_SEED ?? 0);
/** Nodes and servers are killed while the change is announced and takes effect. */
const FIRST_CHANGING_SEED = FIRST_SEED + 7;
const CHANGING = Array.from(
  { length: Math.ceil(SCHEDULES / 2) },
  (_, index) => FIRST_CHANGING_SEED + index,
);
/** Ends what hangs; a loaded machine is done long before. */
const DONE_MS = 240_000;
const MARKETS = recordedMarkets(3, CANDLES);
const CLOCK_AHEAD_MS = 30_000;

let folder = '';
/** The journals of each market by a single node: one, or with the change two. */
let expected: Readonly<Record<Course, readonly string[][][]>> = { steady: [], changing: [] };
let servers: NatsServers | undefined;
let built: BuiltNode;

/** Whether markets are decided by another configuration in the midst of it all. */
type Course = 'steady' | 'changing';

/** Says what is left out where it is. */
function named(name: string): string {
  const cut = NAMESPACES ? '' : ' (no cuts: this user may make no network namespace)';
  return needingNats(name) + cut;
}

/** What its streams begin with. */
function worldName(seed: number, course: Course): string {
  return `${course}-${String(seed)}`;
}

class World implements AsyncDisposable {
  readonly #seed: number;
  readonly #course: Course;
  readonly #servers: NatsServers;
  readonly #ports: OpenPorts;
  readonly #nodes: readonly NodeProcess[];
  readonly #network: NetworkNamespace | undefined;

  private constructor(
    seed: number,
    course: Course,
    servers: NatsServers,
    ports: OpenPorts,
    nodes: readonly NodeProcess[],
    network: NetworkNamespace | undefined,
  ) {
    this.#seed = seed;
    this.#course = course;
    this.#servers = servers;
    this.#ports = ports;
    this.#nodes = nodes;
    this.#network = network;
  }

  /** Three nodes: the first's clock is wrong, the second is in a network of its own. */
  static async start(seed: number, course: Course, servers: NatsServers): Promise<World> {
    const world = worldName(seed, course);
    const options = { servers: servers.addresses, replicas: SERVERS, prefix: world };
    const ports = await natsPorts(options);
    const network = NAMESPACES ? new NetworkNamespace((process.pid + seed) % 250) : undefined;
    const relays: string[] = [];
    for (const address of servers.addresses) {
      relays.push(network === undefined ? address : await network.relay(address));
    }
    const nodes = Array.from({ length: NODES }, (_, index) => {
      const isApart = index === 1 && network !== undefined;
      return new NodeProcess({
        main: built.main,
        name: `node-${String(index)}`,
        marketsFile: join(folder, 'markets.json'),
        keyFile: join(folder, 'key.pem'),
        natsUrl: isApart ? relays.map((each) => `nats://${each}`).join(',') : servers.url,
        world,
        replicas: SERVERS,
        ...(index === 0 && { clockAheadMs: CLOCK_AHEAD_MS }),
        ...(isApart && { prefix: network.prefix }),
      });
    });
    for (const node of nodes) node.start();
    return new World(seed, course, servers, ports, nodes, network);
  }

  async run(): Promise<void> {
    for (const market of MARKETS) await this.#feed(market, 0, WARM_UP, 0);
    await this.#decided(WARM_UP);
    const kinds: Fault['kind'][] = ['kill', 'pause', 'kill-server', 'pause-server'];
    if (this.#network !== undefined) kinds.push('cut');
    const options = { nodes: NODES, servers: SERVERS, faults: FAULTS, spanMs: SPAN_MS, kinds };
    const faults = (async () => {
      const start = performance.now();
      for (const fault of faultSchedule(this.#seed, options).faults) {
        await wait(Math.max(0, start + fault.atMs - performance.now()));
        // One after another, since of three servers two must run for anything to be kept.
        await this.#apply(fault);
      }
    })();
    const everyMs = SPAN_MS / (CANDLES - WARM_UP);
    const fed = MARKETS.map((market) => this.#feedThrough(market, everyMs));
    await Promise.all([faults, ...fed]);
    await this.#decided(CANDLES);
  }

  async check(): Promise<void> {
    const publicKey = CLUSTER_KEY.verifyingKey.toText();
    for (const [index, { venue, pair }] of MARKETS.entries()) {
      const names = marketNames(venue, pair);
      const audit = await auditMarket(this.#ports.journal, names, publicKey);
      expect(audit.fault).toBeUndefined();
      expect(audit.candles).toBe(CANDLES);
      const journals = expected[this.#course][index];
      expect(audit.journals).toEqual(journals);
      expect(await this.#published(names.decisions)).toEqual(journals.flatMap(decisionsOf));
    }
    for (const node of this.#nodes) expect(node.endedWith).toBeUndefined();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.kill()));
    await this.#ports.close();
    this.#network?.[Symbol.dispose]();
    await this.#servers.drop(worldName(this.#seed, this.#course));
  }

  async #apply(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        await this.#nodes[fault.node].kill();
        await wait(fault.backAfterMs);
        this.#nodes[fault.node].start();
        return;
      case 'pause':
        this.#nodes[fault.node].pause();
        await wait(fault.forMs);
        this.#nodes[fault.node].resume();
        return;
      case 'cut':
        this.#network?.cut();
        await wait(fault.forMs);
        this.#network?.mend();
        return;
      case 'kill-server':
        await this.#servers.kill(fault.server);
        await wait(fault.backAfterMs);
        await this.#servers.restart(fault.server);
        return;
      case 'pause-server':
        this.#servers.pause(fault.server);
        await wait(fault.forMs);
        this.#servers.resume(fault.server);
        return;
    }
  }

  async #feedThrough(market: RecordedMarket, everyMs: number): Promise<void> {
    if (this.#course === 'steady') return this.#feed(market, WARM_UP, CANDLES, everyMs);
    const { venue, pair, candles } = market;
    await this.#feed(market, WARM_UP, ANNOUNCED, everyMs);
    const change = { configuration: changedConfiguration(pair), learned: undefined };
    const { time } = candles[CHANGED];
    const names = marketNames(venue, pair);
    await answered(() => announceChange(this.#ports, names, change, time));
    await this.#feed(market, ANNOUNCED, CANDLES, everyMs);
  }

  /** Some candles come twice, and none in its place. */
  async #feed(market: RecordedMarket, from: number, to: number, everyMs: number): Promise<void> {
    const { candles, venue, pair } = market;
    const names = marketNames(venue, pair);
    for (const [nth, offset] of deliveries(to - from, this.#seed, 6).entries()) {
      const index = from + offset;
      const after = index === 0 ? null : candles[index - 1].time;
      const bytes = encodeMessage({ kind: 'candle', candle: candles[index], after });
      const id = `delivery/${String(from)}/${String(nth)}`;
      await answered(() => this.#ports.bus.publish(names.candles, id, bytes));
      await wait(everyMs);
    }
  }

  async #decided(candles: number): Promise<void> {
    const until = performance.now() + DONE_MS;
    for (const { venue, pair, name, candles: recorded } of MARKETS) {
      const { journal, decisions } = marketNames(venue, pair);
      const id = `${name}/${String(recorded[candles - 1].time)}`;
      const areKept = async (): Promise<boolean> => {
        const kept = await answered(() => this.#ports.journal.last(journal));
        const published = await answered(() => this.#ports.bus.last(decisions));
        return kept?.id === id && published?.id === id;
      };
      while (!(await areKept())) {
        if (performance.now() > until) throw new Error(`${id} is not decided`);
        await wait(50);
      }
    }
  }

  /** Every decision that anybody was told of, in its order. */
  async #published(subject: string): Promise<string[]> {
    const { bus } = this.#ports;
    const last = await bus.last(subject);
    const lines: string[] = [];
    const stop = new AbortController();
    for await (const { bytes, position } of bus.follow(subject, 0, stop.signal)) {
      lines.push(new TextDecoder().decode(bytes));
      if (position >= (last?.position ?? 0)) break;
    }
    return lines;
  }
}

function changedConfiguration(pair: string): EngineConfiguration {
  return configurationFor(pair, 0.7);
}

/** The lines between a header and the seal, if there is one. */
function decisionsOf(journal: readonly string[]): string[] {
  return journal.filter((line) => line.startsWith('{"body":{"kind":"decision"'));
}

/** Asks until there is an answer, as whoever feeds a cluster does. */
async function answered<Result>(action: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + DONE_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const isAway = error instanceof PortError && error.code === 'UNAVAILABLE';
      if (!isAway || performance.now() > until) throw error;
    }
  }
}

describe.skipIf(NATS_SERVER === undefined)(named('three nodes and three NATS servers'), () => {
  beforeAll(async () => {
    built = buildNode();
    folder = mkdtempSync(join(tmpdir(), 'sema-cluster-'));
    const markets = MARKETS.map(({ venue, pair, configuration }) => {
      const { intervalMs, periodsPerYear, path, pair: _, ...settings } = configuration;
      return { venue, pair, intervalMs, periodsPerYear, path, settings };
    });
    const file = join(folder, 'markets.json');
    writeFileSync(file, JSON.stringify({ markets }));
    // A header shows the settings in the order of the file.
    const asRead = readMarkets(file).map(({ configuration }, index) => {
      return { ...MARKETS[index], configuration };
    });
    expected = {
      steady: asRead.map((market) => [singleNodeJournal(market)]),
      changing: asRead.map((market) =>
        singleNodeJournals(market, CHANGED, changedConfiguration(market.pair)),
      ),
    };
    writeFileSync(join(folder, 'key.pem'), CLUSTER_KEY.toPem(), { mode: 0o600 });
    servers = await startNats({ count: SERVERS });
  }, DONE_MS);
  afterAll(async () => {
    await servers?.[Symbol.asyncDispose]();
    built[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  }, DONE_MS);

  test.each(Array.from({ length: SCHEDULES }, (_, index) => FIRST_SEED + index))(
    'faults of seed %i: every candle is decided once, as one undisturbed node decides it',
    async (seed) => {
      if (servers === undefined) throw new Error('the servers did not start');
      await using world = await World.start(seed, 'steady', servers);
      await world.run();
      await world.check();
    },
  );

  test.each(CHANGING)(
    'faults of seed %i around a change: every node makes it at the same candle',
    async (seed) => {
      if (servers === undefined) throw new Error('the servers did not start');
      await using world = await World.start(seed, 'changing', servers);
      await world.run();
      await world.check();
    },
  );
});
