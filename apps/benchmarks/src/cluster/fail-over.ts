import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryData } from '../service/service-process.ts';
import { BenchCluster } from './bench-cluster.ts';
import type { ClusterModule } from './cluster-module.ts';
import { WARM_UP } from './node-throughput.ts';

const NODES = 3;
const MARKETS = 12;
const CANDLE_EVERY_MS = 100;
/** What was on its way when a node was killed arrives long before. */
const ON_ITS_WAY_MS = 250;
/** Ends what hangs. */
const PATIENCE_MS = 60_000;

/**
 * Kills one node after another without notice, and starts it again, while candles come.
 *
 * @returns for each market of a killed node, ms from the kill to its next decision.
 */
export async function measureFailOver(
  module: ClusterModule,
  program: string,
  rounds: number,
): Promise<number[]> {
  using data = temporaryData();
  await using cluster = await BenchCluster.start(module, program, data.path, MARKETS);
  const names = Array.from({ length: NODES }, (_, index) => `node-${String(index)}`);
  for (const name of names) await cluster.startNode(name);
  await cluster.settled();
  await cluster.publish(0, WARM_UP);
  await cluster.decided(MARKETS);
  using arrivals = new Arrivals(cluster);
  const stop = new AbortController();
  const fed = feed(cluster, stop.signal);
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const name = names[round % NODES];
      const { markets } = await cluster.status(name);
      // So that kills do not keep step with the leases.
      await wait((round * 137) % 500);
      const killedAt = performance.now();
      await cluster.killNode(name);
      for (const { market } of markets) {
        times.push((await arrivals.after(market, killedAt + ON_ITS_WAY_MS)) - killedAt);
      }
      await cluster.startNode(name);
      await cluster.settled();
    }
  } finally {
    stop.abort();
  }
  const last = await fed;
  await cluster.decided(MARKETS * (last - WARM_UP + 1));
  await cluster.audit(last);
  return times;
}

/** Publishes a candle of every market again and again; returns how many there are at the end. */
async function feed(cluster: BenchCluster, signal: AbortSignal): Promise<number> {
  let next = WARM_UP;
  for (; !signal.aborted; next++) {
    await Promise.all([cluster.publish(next, next + 1), wait(CANDLE_EVERY_MS)]);
  }
  return next;
}

/** When decisions of each market arrive. */
class Arrivals implements Disposable {
  readonly #stop = new AbortController();
  readonly #times = new Map<string, number[]>();

  constructor({ markets, ports }: BenchCluster) {
    for (const { names } of markets) {
      const times: number[] = [];
      this.#times.set(names.market, times);
      void (async () => {
        for await (const _ of ports.bus.follow(names.decisions, 0, this.#stop.signal)) {
          times.push(performance.now());
        }
      })();
    }
  }

  /** The first after a time, waited for. */
  async after(market: string, time: number): Promise<number> {
    const until = time + PATIENCE_MS;
    for (;;) {
      const found = this.#times.get(market)?.find((each) => each > time);
      if (found !== undefined) return found;
      if (performance.now() > until) throw new Error(`nobody took over ${market}`);
      await wait(2);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}
