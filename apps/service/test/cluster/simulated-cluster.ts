import { inProcessPorts } from '@sema/qar/ports';
import type { Ports } from '@sema/qar/ports';
import { mulberry32 } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { encodeMessage } from '../../src/cluster/candle-message.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { ClusterNode } from '../../src/cluster/cluster-node.ts';
import type { NodeEvents } from '../../src/cluster/cluster-node.ts';
import { CLUSTER_KEY } from './cluster-world.ts';
import type { RecordedMarket } from './cluster-world.ts';
import { deliveries } from './fault-schedule.ts';
import type { Fault } from './fault-schedule.ts';
import { FaultyWay } from './faulty-ports.ts';
import type { FaultRates } from './faulty-ports.ts';
import { VirtualTime } from './virtual-time.ts';

export const LEASE_MS = 1500;
/** The first node's clock is wrong by so much. */
const CLOCK_OFF_NS = 30_000 * 1e6;

const FAULTLESS: FaultRates = { lost: 0, unanswered: 0, slow: 0, twice: 0 };

interface SimulatedNode {
  readonly node: ClusterNode;
  readonly way: FaultyWay;
}

/** Some nodes in one process and in virtual time, over ports that they reach through faults. */
export class SimulatedCluster {
  readonly time = new VirtualTime();
  readonly ports: Ports;
  readonly markets: readonly RecordedMarket[];
  /** Decisions that nodes have acknowledged, by market and time. */
  readonly acknowledged = new Set<string>();
  readonly failures: unknown[] = [];
  readonly #nodes: (SimulatedNode | undefined)[];
  readonly #random: RandomSource;
  readonly #rates: FaultRates;

  constructor(
    markets: readonly RecordedMarket[],
    nodes: number,
    seed: number,
    rates: FaultRates = FAULTLESS,
  ) {
    const { clock, sleep } = this.time;
    this.ports = inProcessPorts({ leaseMs: LEASE_MS, silenceMs: LEASE_MS, clock, sleep });
    this.markets = markets;
    this.#random = mulberry32(seed);
    this.#rates = rates;
    this.#nodes = Array.from({ length: nodes }, () => undefined);
  }

  get nodes(): ClusterNode[] {
    return this.#nodes.filter((n) => n !== undefined).map(({ node }) => node);
  }

  start(index: number, markets: readonly RecordedMarket[] = this.markets): ClusterNode {
    const way = new FaultyWay(this.time, this.#random, this.#rates);
    const { clock } = this.time;
    const node = new ClusterNode({
      name: `node-${String(index)}`,
      markets,
      mostNodes: 5,
      partitions: 64,
      ports: way.to(this.ports),
      key: CLUSTER_KEY,
      clock: { nowNs: () => clock.nowNs() + (index === 0 ? CLOCK_OFF_NS : 0) },
      sleep: way.sleep,
      snapshotEvery: 8,
      events: this.#events(),
    });
    this.#nodes[index] = { node, way };
    node.start();
    return node;
  }

  startAll(): void {
    this.#nodes.forEach((_, index) => this.start(index));
  }

  way(index: number): FaultyWay {
    const found = this.#nodes[index];
    if (found === undefined) throw new Error(`node ${String(index)} was not started`);
    return found.way;
  }

  kill(index: number): void {
    this.way(index).dead = true;
    this.#nodes[index] = undefined;
  }

  async apply(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        if (this.#nodes[fault.node] === undefined) return;
        this.kill(fault.node);
        await this.time.sleep(fault.backAfterMs);
        this.start(fault.node);
        return;
      case 'pause':
        this.#nodes[fault.node]?.way.pause(fault.forMs);
        return;
      case 'cut':
        return this.#cut([fault.node], fault.forMs);
      // To nodes a broker that is away is a cut of every way at once.
      case 'kill-server':
        return this.#cut([...this.#nodes.keys()], fault.backAfterMs);
      case 'pause-server':
        return this.#cut([...this.#nodes.keys()], fault.forMs);
    }
  }

  async #cut(nodes: readonly number[], forMs: number): Promise<void> {
    const ways = nodes.map((index) => this.#nodes[index]?.way).filter((way) => way !== undefined);
    for (const way of ways) way.cut = true;
    await this.time.sleep(forMs);
    for (const way of ways) way.cut = false;
  }

  /** Puts a market's candles where they are followed, some twice and none in its place. */
  async feed(
    market: RecordedMarket,
    seed: number,
    everyMs: number,
    from: number,
    to: number,
  ): Promise<void> {
    const { candles } = market;
    const names = marketNames(market.venue, market.pair);
    for (const [nth, offset] of deliveries(to - from, seed, 12).entries()) {
      const index = from + offset;
      const after = index === 0 ? null : candles[index - 1].time;
      const bytes = encodeMessage({ kind: 'candle', candle: candles[index], after });
      // Under an id of its own, or the bus would keep a repeated candle once.
      await this.ports.bus.publish(names.candles, `delivery/${String(from)}/${String(nth)}`, bytes);
      await this.time.sleep(everyMs);
    }
  }

  /** Ids of a market's decisions as whoever follows them sees them, and their lines. */
  async decisions({ venue, pair }: RecordedMarket): Promise<{ id: string; line: string }[]> {
    const { decisions } = marketNames(venue, pair);
    const last = await this.ports.bus.last(decisions);
    const found: { id: string; line: string }[] = [];
    if (last === undefined) return found;
    const stop = new AbortController();
    for await (const { id, bytes, position } of this.ports.bus.follow(decisions, 0, stop.signal)) {
      found.push({ id, line: new TextDecoder().decode(bytes) });
      if (position >= last.position) break;
    }
    return found;
  }

  #events(): NodeEvents {
    return {
      opened: () => undefined,
      owns: () => undefined,
      unreachable: () => undefined,
      failed: (_, error) => void this.failures.push(error),
      kept: (market, receipt) => {
        if (receipt !== undefined) this.acknowledged.add(`${market}/${String(receipt.time)}`);
      },
    };
  }
}
