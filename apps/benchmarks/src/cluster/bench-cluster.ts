import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Candle } from '@sema/qar';
import type { OpenPorts } from '@sema/qar/ports';
import { SigningKey } from '@sema/synthesis-crypto';
import { seededCandles } from '../seeded-candles.ts';
import { SERVICE } from './cluster-module.ts';
import type { ClusterModule, MarketNames, NodeStatus } from './cluster-module.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { NatsProcess } from './nats-process.ts';

const INTERVAL_MS = 1000;
const VENUE = 'bench';
const START = Date.UTC(2024, 0, 1);
const SEED = 20_000_103;
/** Ends what hangs. */
const PATIENCE_MS = 120_000;

export interface BenchMarket {
  readonly names: MarketNames;
  readonly pair: string;
  candleAt(index: number): Candle;
}

interface RunningNode {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
}

/** One broker and some nodes, each in a process of its own, on one machine. */
export class BenchCluster implements AsyncDisposable {
  readonly markets: readonly BenchMarket[];
  readonly ports: OpenPorts;
  readonly broker: NatsProcess;
  readonly #module: ClusterModule;
  readonly #folder: string;
  readonly #key: SigningKey;
  #nodes: RunningNode[] = [];

  private constructor(
    module: ClusterModule,
    folder: string,
    broker: NatsProcess,
    ports: OpenPorts,
    markets: readonly BenchMarket[],
    key: SigningKey,
  ) {
    this.#module = module;
    this.#folder = folder;
    this.broker = broker;
    this.ports = ports;
    this.markets = markets;
    this.#key = key;
  }

  static async start(
    module: ClusterModule,
    program: string,
    folder: string,
    count: number,
  ): Promise<BenchCluster> {
    const broker = await NatsProcess.start(program, join(folder, 'nats'));
    const ports = await module.openPorts({ SEMA_NATS_URL: broker.url });
    const markets = Array.from({ length: count }, (_, index) => marketOf(module, index));
    const described = markets.map(({ pair }) => ({ venue: VENUE, pair, intervalMs: INTERVAL_MS }));
    writeFileSync(join(folder, 'markets.json'), JSON.stringify({ markets: described }));
    const key = SigningKey.generate();
    writeFileSync(join(folder, 'key.pem'), key.toPem(), { mode: 0o600 });
    return new BenchCluster(module, folder, broker, ports, markets, key);
  }

  get nodes(): readonly string[] {
    return this.#nodes.map(({ name }) => name);
  }

  async startNode(name: string): Promise<void> {
    const files = ['--markets', join(this.#folder, 'markets.json')];
    const flags = ['--name', name, ...files, '--key', join(this.#folder, 'key.pem')];
    const main = join(SERVICE, 'dist', 'node.js');
    const child = spawn(
      process.execPath,
      [main, ...flags, '--port', '0', '--log-level', 'silent'],
      {
        env: { ...process.env, SEMA_NATS_URL: this.broker.url },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    // It prints its name and where its probes are.
    const { url } = JSON.parse(line) as { url: string };
    this.#nodes.push({ name, child, url });
  }

  /** Takes a node away without notice. */
  async killNode(name: string): Promise<void> {
    const node = this.#nodes.find((each) => each.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    this.#nodes = this.#nodes.filter((each) => each !== node);
    const ended = once(node.child, 'exit');
    node.child.kill('SIGKILL');
    await ended;
  }

  async status(name: string): Promise<NodeStatus> {
    const node = this.#nodes.find((each) => each.name === name);
    const response = await fetch(`${node?.url ?? ''}/status`);
    return (await response.json()) as NodeStatus;
  }

  /** Waits until every node has its share of the markets, and all are followed. */
  async settled(): Promise<void> {
    const share = this.markets.length / this.#nodes.length;
    await this.#until('nodes share the markets', async () => {
      const all = await Promise.all(this.nodes.map((name) => this.status(name)));
      return all.every(({ markets, nodes }) => {
        const isEven = Math.abs(markets.length - share) <= MOST_UNEVEN;
        const areOpen = markets.every(({ state }) => state === 'open');
        return isEven && areOpen && nodes.length === this.#nodes.length;
      });
    });
  }

  /** Decisions of all markets so far. */
  async decisions(): Promise<number> {
    const all = await Promise.all(this.nodes.map((name) => this.status(name)));
    return all.flatMap(({ markets }) => markets).reduce((sum, m) => sum + m.decisions, 0);
  }

  /** Waits until there are so many. */
  async decided(decisions: number): Promise<void> {
    const isDone = async (): Promise<boolean> => (await this.decisions()) >= decisions;
    await this.#until(`${String(decisions)} decisions`, isDone);
  }

  /** Publishes candles of every market, all markets at once. */
  async publish(from: number, to: number): Promise<void> {
    await Promise.all(
      this.markets.map(async (market) => {
        const { CandlePublisher } = this.#module;
        const publisher = await CandlePublisher.resume(this.ports.bus, market.names);
        for (let index = from; index < to; index++) await publisher.publish(market.candleAt(index));
      }),
    );
  }

  /** Processor time of all nodes together, s. */
  get nodeCpuSeconds(): number {
    return this.#nodes.reduce((sum, { child }) => sum + (cpuSeconds(child.pid ?? 0) ?? NaN), 0);
  }

  /** Throws when a journal does not hold. */
  async audit(candles: number): Promise<void> {
    for (const { names } of this.markets) {
      const publicKey = this.#key.verifyingKey.toText();
      const audit = await this.#module.auditMarket(this.ports.journal, names, publicKey);
      if (audit.fault !== undefined) throw new Error(`${names.market}: ${audit.fault}`);
      if (audit.candles !== candles) throw new Error(`${names.market}: ${String(audit.candles)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.nodes) await this.killNode(name);
    await this.ports.close();
    await this.broker.stop();
    this.#key[Symbol.dispose]();
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (performance.now() > until) throw new Error(`${what}: not within 120 s`);
      await wait(50);
    }
  }
}

/** Two markets of one partition are one share of the markets. */
const MOST_UNEVEN = 2;

function marketOf(module: ClusterModule, index: number): BenchMarket {
  const record = seededCandles(5000, SEED + index);
  const pair = `B${String(index)}/USD`;
  return {
    names: module.marketNames(VENUE, pair),
    pair,
    candleAt(at) {
      const { open, high, low, close, volume } = record;
      const i = at % record.length;
      const time = START + at * INTERVAL_MS;
      return {
        time,
        open: open[i],
        high: high[i],
        low: low[i],
        close: close[i],
        volume: volume[i],
      };
    },
  };
}
