import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { NodeStatus } from '@sema/service/cluster';
import { CliError } from '../cli-error.ts';
import type { Interruption } from '../interruption.ts';
import { openKeyFile } from '../key-file.ts';
import { findNatsServer, NatsServer } from './nats-server.ts';
import { NodeProcess } from './node-process.ts';
import { writeMarketsFile, type TrialMarket } from './trial-markets.ts';

type ClusterModule = typeof import('@sema/service/cluster');
type OpenPorts = Awaited<ReturnType<ClusterModule['openPorts']>>;

export interface TrialOptions {
  readonly nodes: number;
  readonly markets: readonly TrialMarket[];
  readonly keyFile: string;
  /** A broker that runs already; one of our own is started when undefined. */
  readonly natsUrl: string | undefined;
  /** Candles a second and market; as fast as they are taken when undefined. */
  readonly perSecond: number | undefined;
}

/** How one market stands in the journal of the cluster. */
export interface TrialMarketResult {
  readonly market: string;
  readonly candles: number;
  readonly decisions: number;
  /** Why its journal does not hold; null when it does. */
  readonly fault: string | null;
}

const SHOW_MS = 1000;

/** Some nodes on this machine, and everything that was started for them. */
export class ClusterTrial {
  readonly #options: TrialOptions;
  readonly #cluster: ClusterModule;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sema-cluster-'));
  #server: NatsServer | undefined;
  #ports: OpenPorts | undefined;
  #nodes: NodeProcess[] = [];

  constructor(options: TrialOptions, cluster: ClusterModule) {
    this.#options = options;
    this.#cluster = cluster;
  }

  /** @throws {CliError} `BROKER_MISSING`, `BROKER_NOT_STARTED`, `NODE_NOT_STARTED` */
  async start(): Promise<void> {
    const { nodes, markets, keyFile } = this.#options;
    const natsUrl = this.#options.natsUrl ?? (await this.#ownBroker());
    const marketsFile = join(this.#folder, 'markets.json');
    writeMarketsFile(marketsFile, markets);
    this.#ports = await this.#cluster.openPorts({ ...env, SEMA_NATS_URL: natsUrl });
    const names = Array.from({ length: nodes }, (_, index) => `node-${String(index + 1)}`);
    const started = await Promise.allSettled(
      names.map((name) => NodeProcess.start({ name, marketsFile, keyFile, natsUrl })),
    );
    this.#nodes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Feeds every candle and waits until the last is decided, showing how far it has come. */
  async run(interruption: Interruption, show: (nodes: NodeStatus[]) => void): Promise<void> {
    let isFed = false;
    const fed = Promise.all(this.#options.markets.map((market) => this.#feed(market)))
      .then(() => undefined)
      .finally(() => {
        isFed = true;
      });
    // Awaited below, where its failure belongs; until then it must not end the process.
    fed.catch(() => undefined);
    for (let shownAt = -Infinity; ;) {
      await interruption.breathe();
      const statuses = await this.#statuses();
      if (performance.now() - shownAt >= SHOW_MS) {
        show(statuses);
        shownAt = performance.now();
      }
      if (isFed) await fed;
      if (isFed && this.#isDone(statuses)) {
        show(statuses);
        return;
      }
      await wait(100);
    }
  }

  /** Checks the journal of every market from its first line to its last. */
  async audit(): Promise<TrialMarketResult[]> {
    using key = openKeyFile(this.#options.keyFile);
    const publicKey = key.verifyingKey.toText();
    const results: TrialMarketResult[] = [];
    for (const { venue, pair, candles } of this.#options.markets) {
      const names = this.#cluster.marketNames(venue, pair);
      const audit = await this.#cluster.auditMarket(this.#opened.journal, names, publicKey);
      const missing = candles.length - audit.candles;
      const lost = missing === 0 ? undefined : `${String(missing)} candles have no record`;
      const { decisions } = audit;
      const fault = audit.fault ?? lost ?? null;
      results.push({ market: names.market, candles: audit.candles, decisions, fault });
    }
    return results;
  }

  /** Stops whatever was started, the broker last. */
  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
    await this.#ports?.close();
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ownBroker(): Promise<string> {
    const program = findNatsServer();
    if (program === undefined) {
      throw new CliError(
        'BROKER_MISSING',
        'nodes share their markets through NATS, and no nats-server is installed here',
        'install it (Debian and Ubuntu: apt install nats-server), or name one with --nats-url',
      );
    }
    this.#server = await NatsServer.start(program, join(this.#folder, 'nats'));
    return this.#server.url;
  }

  async #feed({ venue, pair, candles }: TrialMarket): Promise<void> {
    const { perSecond } = this.#options;
    const names = this.#cluster.marketNames(venue, pair);
    const publisher = await this.#cluster.CandlePublisher.resume(this.#opened.bus, names);
    for (const candle of candles) {
      await publisher.publish(candle);
      if (perSecond !== undefined) await wait(1000 / perSecond);
    }
  }

  async #statuses(): Promise<NodeStatus[]> {
    const statuses = await Promise.all(this.#nodes.map((node) => node.status()));
    return statuses.filter((status) => status !== undefined);
  }

  #isDone(statuses: readonly NodeStatus[]): boolean {
    const owned = statuses.flatMap(({ markets }) => markets);
    return this.#options.markets.every(({ venue, pair, candles }) => {
      const { market } = this.#cluster.marketNames(venue, pair);
      const last = candles[candles.length - 1]?.time;
      return owned.some((each) => each.market === market && each.lastTime === last);
    });
  }

  get #opened(): OpenPorts {
    if (this.#ports === undefined) throw new Error('the trial was not started');
    return this.#ports;
  }
}
