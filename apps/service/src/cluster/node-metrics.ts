import { PortError } from '@sema/qar/ports';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { ClusterError } from './cluster-error.ts';
import type { NodeEvents, NodeStatus } from './cluster-node.ts';

const MS_PER_S = 1000;

/** What one node of a cluster counts, in a registry of its own. */
export class NodeMetrics implements NodeEvents {
  readonly registry = new Registry();
  readonly #records = this.#counter('records_total', 'Candles whose record was kept.');
  readonly #decisions = this.#counter('decisions_total', 'Decisions kept and published.');
  readonly #orders = this.#counter('orders_total', 'Decisions that ask for an order.');
  readonly #opened = this.#counter('opened_total', 'Times a market was opened at its end.');
  readonly #repeated = this.#counter('repeated_total', 'Records decided again to open a market.');
  readonly #moves = this.#counter('moves_total', 'Markets that came or went.', ['direction']);
  readonly #failures = this.#counter('failures_total', 'Markets given up, by reason.', ['code']);
  readonly #unreachable = this.#counter('unreachable_total', 'Beats without an answer.');

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Gauges that are read when somebody looks. */
  watch(status: () => NodeStatus): void {
    this.#gauge('ready', '1 while it is heard as one of the cluster.', () =>
      Number(status().ready),
    );
    this.#gauge('nodes', 'Nodes that it sees, itself included.', () => status().nodes.length);
    this.#gauge('markets', 'Markets that it owns.', () => status().markets.length);
    this.#gauge('markets_not_open', 'Of these, those that do not follow their candles now.', () => {
      return status().markets.filter(({ state }) => state !== 'open').length;
    });
    this.#gauge('oldest_candle_seconds', 'Time of the market that is furthest behind.', () => {
      const times = status().markets.flatMap(({ lastTime }) => lastTime ?? []);
      return times.length === 0 ? 0 : Math.min(...times) / MS_PER_S;
    });
  }

  opened(_: string, repeated: number): void {
    this.#opened.inc();
    this.#repeated.inc(repeated);
  }

  kept(...[, receipt]: Parameters<NodeEvents['kept']>): void {
    this.#records.inc();
    if (receipt === undefined) return;
    this.#decisions.inc();
    if (receipt.outcome.kind === 'order') this.#orders.inc();
  }

  owns(_: string, owned: boolean): void {
    this.#moves.inc({ direction: owned ? 'came' : 'went' });
  }

  failed(_: string, error: unknown): void {
    this.#failures.inc({ code: codeOfFailure(error) });
  }

  unreachable(): void {
    this.#unreachable.inc();
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    const registers = [this.registry];
    return new Counter({ name: `sema_cluster_${name}`, help, labelNames, registers });
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name: `sema_cluster_${name}`,
      help,
      registers: [this.registry],
      collect: () => {
        gauge.set(read());
      },
    });
  }
}

export function codeOfFailure(error: unknown): string {
  const isKnown = error instanceof PortError || error instanceof ClusterError;
  return isKnown ? error.code : 'OTHER';
}
