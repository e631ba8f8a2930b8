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
  readonly #records: Readonly<Record<CircuitName, CircuitRecord>> = {
    lmsr: new CircuitRecord(),
    prospect: new CircuitRecord(),
    hedge: new CircuitRecord(),
    fusion: new CircuitRecord(),
  };

  #lastReadNs = -Infinity;
  /** When the twin last began to stand in, and how long that took. */
  #stoodIn = { startNs: -Infinity, executionNs: 0 };

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
    this.#records[name].add(start, { executionNs, reading: result.trace });
    return result;
  }

  /** Times a twin that stands in for circuits that have failed. */
  timeStandIn<Answer>(twin: () => Answer): Answer {
    const startNs = this.#clock.nowNs();
    const answer = twin();
    this.#stoodIn = { startNs, executionNs: this.#clock.nowNs() - startNs };
    return answer;
  }

  /** How long the twin took that stood in at this time or since; undefined where none did. */
  standInSince(timeNs: number): number | undefined {
    const { startNs, executionNs } = this.#stoodIn;
    return startNs >= timeNs ? executionNs : undefined;
  }

  /** The last run of a circuit; undefined before the first. */
  latest(name: CircuitName): CircuitRun | undefined {
    return this.#records[name].latest;
  }

  /** Statistics of each circuit since the last close; `undefined` for one that did not run. */
  close(): CircuitSummaries {
    return {
      lmsr: this.#records.lmsr.close(),
      prospect: this.#records.prospect.close(),
      hedge: this.#records.hedge.close(),
      fusion: this.#records.fusion.close(),
    };
  }
}

/** What is kept of the runs of one circuit. */
class CircuitRecord {
  latest: CircuitRun | undefined;
  readonly #window = new WindowAggregator();
  #signature: QuantumSignature | undefined;
  /** Since the last close. */
  #leastResemblance = 1;

  add(startNs: number, run: CircuitRun): void {
    const { measurements, coherence } = run.reading;
    this.latest = run;
    this.#window.add(startNs, measurements, coherence, run.executionNs);
    this.#signature ??= new QuantumSignature({
      size: measurements.length,
      memory: SIGNATURE_RUNS,
    });
    const resemblance = this.#signature.record(run.reading) ?? 1;
    this.#leastResemblance = Math.min(this.#leastResemblance, resemblance);
  }

  close(): CircuitSummary | undefined {
    const window = this.#window.close();
    const leastResemblance = this.#leastResemblance;
    this.#leastResemblance = 1;
    return window === undefined ? undefined : { ...window, leastResemblance };
  }
}
