import { PortError } from '@sema/qar/ports';
import type { Lease } from '@sema/qar/ports';
import { assignPartitions, partitionOf } from './assignment.ts';
import { ClusterError } from './cluster-error.ts';
import { marketNames } from './cluster-market.ts';
import type { ClusterMarket } from './cluster-market.ts';
import { MarketOwner } from './market-owner.ts';
import type { OwnerEvents, OwnerOptions, OwnerStatus } from './market-owner.ts';
import { Membership } from './membership.ts';

export interface ClusterNodeOptions extends Omit<OwnerOptions, 'events' | 'retryMs'> {
  /** Its name among the nodes: of what a lease's holder may be called. */
  readonly name: string;
  /** The same on all nodes. */
  readonly markets: readonly ClusterMarket[];
  /** The most nodes that there can be at once. */
  readonly mostNodes: number;
  /** Into how many parts the markets are divided that are owned as one; the same on all nodes. */
  readonly partitions: number;
  readonly events: NodeEvents;
}

export interface NodeEvents extends OwnerEvents {
  /** A market became this node's, or is no longer. */
  owns(market: string, owned: boolean): void;
  /** Who keeps the leases did not answer. */
  unreachable(error: unknown): void;
}

export interface NodeStatus {
  readonly name: string;
  /** Whether it is one of the cluster and has lately been heard as such. */
  readonly ready: boolean;
  /** Nodes that it saw last, itself included, sorted. */
  readonly nodes: readonly string[];
  /** Markets that it owns, by name. */
  readonly markets: readonly OwnerStatus[];
}

/** Beats in the lifetime of a lease. At three of them one may be late and one lost. */
const BEATS_A_LIFETIME = 4;
const NS_PER_MS = 1e6;

/**
 * One of several processes that share the markets of a cluster.
 *
 * In every beat it renews what it holds, sees who is there, and takes what is to be its own as soon
 * as nobody holds it; what is to be another's it hands over between two candles. What is held is a
 * partition of the markets, so that many markets cost few leases. Leases only say who should decide:
 * that nobody else can is for the journal to see to.
 */
export class ClusterNode {
  readonly #options: ClusterNodeOptions;
  readonly #partitions: ReadonlyMap<string, readonly ClusterMarket[]>;
  readonly #membership: Membership;
  readonly #owned = new Map<string, Owned>();
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #nodes: readonly string[] = [];
  #heardNs = -Infinity;

  /** @throws {ClusterError} `BAD_MARKET`, `BAD_SETTING` */
  constructor(options: ClusterNodeOptions) {
    const { name, mostNodes, snapshotEvery, partitions, ports } = options;
    for (const count of [mostNodes, snapshotEvery, partitions]) {
      if (Number.isInteger(count) && count >= 1) continue;
      throw new ClusterError('BAD_SETTING', `${String(count)} is not a whole number above 0`);
    }
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw new ClusterError('BAD_SETTING', `node '${name}' is not 1 to 64 of A–Z a–z 0–9 _ . -`);
    }
    this.#options = options;
    this.#partitions = divided(options);
    this.#membership = new Membership(ports.leases, name, mostNodes);
  }

  start(): void {
    this.#ended ??= this.#run(this.#stopping.signal);
  }

  get status(): NodeStatus {
    const { name, clock, ports } = this.#options;
    const silentMs = (clock.nowNs() - this.#heardNs) / NS_PER_MS;
    return {
      name,
      ready: silentMs <= ports.leases.lifetimeMs,
      nodes: this.#nodes,
      markets: [...this.#owned.values()].flatMap(({ owners }) => owners.map((o) => o.status)),
    };
  }

  /** Finishes the candles in hand, keeps snapshots and gives everything back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    for (const partition of this.#owned.keys()) this.#handOver(partition);
    await Promise.all(this.#leaving.values());
    await this.#reach(() => this.#membership.leave());
  }

  async #run(signal: AbortSignal): Promise<void> {
    const beatMs = this.#options.ports.leases.lifetimeMs / BEATS_A_LIFETIME;
    while (!signal.aborted) {
      await this.#reach(() => this.#beat());
      await this.#options.sleep(beatMs, signal);
    }
  }

  async #beat(): Promise<void> {
    const [isMember] = await Promise.all([this.#membership.renew(), this.#renewLeases()]);
    this.#nodes = await this.#membership.nodes();
    const { name, clock } = this.#options;
    const assigned = assignPartitions([...this.#partitions.keys()], isMember ? this.#nodes : []);
    for (const partition of this.#owned.keys()) {
      // A node that is no member, because the places are taken, keeps nothing from those who are.
      if (assigned.get(partition) !== name) this.#handOver(partition);
    }
    await Promise.all(
      [...this.#partitions.keys()].map(async (partition) => {
        const isFree = !this.#owned.has(partition) && !this.#leaving.has(partition);
        if (isFree && assigned.get(partition) === name) await this.#acquire(partition);
      }),
    );
    if (isMember) this.#heardNs = clock.nowNs();
  }

  async #renewLeases(): Promise<void> {
    await Promise.all(
      [...this.#owned].map(async ([partition, { lease }]) => {
        if (!(await lease.renew())) this.#handOver(partition);
      }),
    );
  }

  async #acquire(partition: string): Promise<void> {
    const { ports, name, events } = this.#options;
    const lease = await ports.leases.acquire(partition, name);
    if (lease === undefined) return;
    const retryMs = ports.leases.lifetimeMs / BEATS_A_LIFETIME;
    const markets = this.#partitions.get(partition) ?? [];
    const owners = markets.map((market) => new MarketOwner(market, { ...this.#options, retryMs }));
    this.#owned.set(partition, { lease, owners });
    for (const { names } of owners) events.owns(names.market, true);
  }

  /** Lets go of a partition, and of its lease when that is done. */
  #handOver(partition: string): void {
    const owned = this.#owned.get(partition);
    if (owned === undefined) return;
    this.#owned.delete(partition);
    const left = (async () => {
      await Promise.all(owned.owners.map((owner) => owner.stop()));
      await this.#reach(() => owned.lease.release());
      this.#leaving.delete(partition);
      for (const { names } of owned.owners) this.#options.events.owns(names.market, false);
    })();
    this.#leaving.set(partition, left);
  }

  async #reach(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.#options.events.unreachable(error);
    }
  }
}

interface Owned {
  readonly lease: Lease;
  readonly owners: readonly MarketOwner[];
}

/** The markets of each partition that has any, by the partition's name. */
function divided({ markets, partitions }: ClusterNodeOptions): Map<string, ClusterMarket[]> {
  const divided = new Map<string, ClusterMarket[]>();
  const known = new Set<string>();
  for (const each of markets) {
    const { market } = marketNames(each.venue, each.pair);
    if (known.has(market)) throw new ClusterError('BAD_MARKET', `${market} is there twice`);
    known.add(market);
    const partition = partitionOf(market, partitions);
    divided.set(partition, [...(divided.get(partition) ?? []), each]);
  }
  return divided;
}
