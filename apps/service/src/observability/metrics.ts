import type { Step } from '@sema/qar';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** In the order of a receipt's quotas. */
const ALGORITHMS = ['lmsr', 'prospect', 'hedge'] as const;
const DECISION_BUCKETS = [
  0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5,
];
const REQUEST_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** Everything at `/metrics`, in a registry of its own. */
export class Metrics {
  readonly registry = new Registry();
  readonly #decisions = this.#counter('decisions_total', 'Decisions by action and regime.', [
    'market',
    'action',
    'regime',
  ]);
  readonly #denials = this.#counter('denials_total', 'Entries refused by the risk gate.', [
    'market',
    'reason',
  ]);
  readonly #fallbacks = this.#counter('fallbacks_total', 'Decisions the twin made in need.', [
    'market',
    'reason',
  ]);
  readonly #qubits = new Gauge({
    name: 'sema_decision_qubits',
    help: 'Qubits that each algorithm might hold at the last decision.',
    labelNames: ['market', 'algorithm'],
    registers: [this.registry],
  });
  readonly #decisionSeconds = new Histogram({
    name: 'sema_decision_seconds',
    help: 'From a candle to its receipt, without storage.',
    labelNames: ['market'],
    buckets: DECISION_BUCKETS,
    registers: [this.registry],
  });
  readonly #requests = this.#counter('http_requests_total', 'Requests by route and status.', [
    'method',
    'route',
    'status',
  ]);
  readonly #requestSeconds = new Histogram({
    name: 'sema_http_request_seconds',
    help: 'From a request to its answer.',
    labelNames: ['route'],
    buckets: REQUEST_BUCKETS,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  step(market: string, { receipt, timing }: Step): void {
    const action = receipt.verdict?.action ?? 'none';
    this.#decisions.inc({ market, action, regime: receipt.regime ?? 'none' });
    receipt.verdict?.quotas.forEach((qubits, index) => {
      this.#qubits.set({ market, algorithm: ALGORITHMS[index] }, qubits);
    });
    this.#decisionSeconds.observe({ market }, (timing.endedNs - timing.startedNs) / 1e9);
    const { outcome, fallback } = receipt;
    const reason = outcome.kind === 'order' ? outcome.denied : denialOf(outcome);
    if (reason !== null) this.#denials.inc({ market, reason });
    if (fallback !== null) this.#fallbacks.inc({ market, reason: fallback });
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.inc({ method, route, status });
    this.#requestSeconds.observe({ route }, seconds);
  }

  /** A gauge that is read when somebody looks. */
  gauge(name: string, help: string, read: (gauge: Gauge) => void, labelNames: string[] = []): void {
    const gauge = new Gauge({
      name: `sema_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        read(gauge);
      },
    });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `sema_${name}`, help, labelNames, registers: [this.registry] });
  }
}

function denialOf(outcome: Step['receipt']['outcome']): string | null {
  return outcome.kind === 'denied' ? outcome.reason : null;
}
