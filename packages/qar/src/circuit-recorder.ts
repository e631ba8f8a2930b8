import type { CircuitTrace } from '@sema/algorithms';
import { QuantumSignature } from '@sema/learning';
import type { CircuitReading } from '@sema/learning';
import type { Clock, WindowSummary } from '@sema/timing-buffer';
import { OverwritingRing, WindowAggregator } from '@sema/timing-buffer';

/** The circuits of one decision. */
export const CIRCUITS = ['lmsr', 'prospect', 'hedge', 'fusion'] as const;
export type CircuitName = (typeof CIRCUITS)[number];

export interface CircuitSummary extends WindowSummary {
  /**
   * The least fidelity between a run in the window and how the circuit usually looks, in [0, 1]: a
   * sudden fall says that it is asked something new or is broken.
   */
  readonly leastResemblance: number;
}

/** One run of a circuit: how long it took, and what was read from it. */
export interface CircuitRun {
  readonly executionNs: number;
  readonly reading: CircuitReading;
}

export type CircuitSummaries = Readonly<Record<CircuitName, CircuitSummary | undefined>>;

const RING_SLOTS = 1 << 12;
/** Runs over which the usual look of a circuit is learned. */
const SIGNATURE_RUNS = 1000;

/**
 * Times every circuit, keeps the newest 4 096 runs, the window statistics of each circuit and how
 * it usually looks.
 */
export class CircuitRecorder {
  readonly ring = new OverwritingRing(RING_SLOTS);
  readonly #clock: Clock;
  readonly #windows: Readonly<Record<CircuitName, WindowAggregator>> = {
    lmsr: new WindowAggregator(),
    prospect: new WindowAggregator(),
    hedge: new WindowAggregator(),
    fusion: new WindowAggregator(),
  };

  readonly #latest = new Map<CircuitName, CircuitRun>();
  readonly #signatures = new Map<CircuitName, QuantumSignature>();
  readonly #leastResemblances = new Map<CircuitName, number>();
  #lastReadNs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The clock that times the circuits, ns. */
  nowNs(): number {
    return this.#clock.nowNs();
  }

  /** When a circuit's answer was last read, on the clock; −Infinity before the first. */
  get lastReadNs(): number {
    return this.#lastReadNs;
  }

  /** Runs a circuit and records when it started, how long it took and what was read from it. */
  time<Result extends { readonly trace: CircuitTrace }>(
    name: CircuitName,
    circuit: () => Result,
  ): Result {
    const start = this.#clock.nowNs();
    const result = circuit();
    this.#lastReadNs = this.#clock.nowNs();
    const executionNs = this.#lastReadNs - start;
    const { measurements, coherence } = result.trace;
    this.ring.insert(start, measurements, coherence, executionNs);
    this.#windows[name].add(start, measurements, coherence, executionNs);
    this.#resemble(name, result.trace);
    this.#latest.set(name, { executionNs, reading: result.trace });
    return result;
  }

  /** The last run of a circuit; undefined before the first. */
  latest(name: CircuitName): CircuitRun | undefined {
    return this.#latest.get(name);
  }

  /** Statistics of each circuit since the last close; `undefined` for one that did not run. */
  close(): CircuitSummaries {
    const summary = (name: CircuitName): CircuitSummary | undefined => {
      const window = this.#windows[name].close();
      const leastResemblance = this.#leastResemblances.get(name);
      if (window === undefined || leastResemblance === undefined) return undefined;
      return { ...window, leastResemblance };
    };
    const summaries = {
      lmsr: summary('lmsr'),
      prospect: summary('prospect'),
      hedge: summary('hedge'),
      fusion: summary('fusion'),
    };
    this.#leastResemblances.clear();
    return summaries;
  }

  #resemble(name: CircuitName, trace: CircuitTrace): void {
    let signature = this.#signatures.get(name);
    if (signature === undefined) {
      const size = trace.measurements.length;
      signature = new QuantumSignature({ size, memory: SIGNATURE_RUNS });
      this.#signatures.set(name, signature);
    }
    const resemblance = signature.record(trace) ?? 1;
    const least = this.#leastResemblances.get(name) ?? 1;
    this.#leastResemblances.set(name, Math.min(least, resemblance));
  }
}
