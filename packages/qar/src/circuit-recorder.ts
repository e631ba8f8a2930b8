import type { CircuitTrace } from '@sema/algorithms';
import type { Clock, WindowSummary } from '@sema/timing-buffer';
import { OverwritingRing, WindowAggregator } from '@sema/timing-buffer';

/** The circuits of one decision. */
export const CIRCUITS = ['lmsr', 'prospect', 'hedge', 'fusion'] as const;
export type CircuitName = (typeof CIRCUITS)[number];

export type CircuitSummaries = Readonly<Record<CircuitName, WindowSummary | undefined>>;

const RING_SLOTS = 1 << 12;

/** Times every circuit, keeps the newest 4 096 runs and the window statistics of each circuit. */
export class CircuitRecorder {
  readonly ring = new OverwritingRing(RING_SLOTS);
  readonly #clock: Clock;
  readonly #windows: Readonly<Record<CircuitName, WindowAggregator>> = {
    lmsr: new WindowAggregator(),
    prospect: new WindowAggregator(),
    hedge: new WindowAggregator(),
    fusion: new WindowAggregator(),
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a circuit and records when it started, how long it took and what was read from it. */
  time<Result extends { readonly trace: CircuitTrace }>(
    name: CircuitName,
    circuit: () => Result,
  ): Result {
    const start = this.#clock.nowNs();
    const result = circuit();
    const executionNs = this.#clock.nowNs() - start;
    const { measurements, coherence } = result.trace;
    this.ring.insert(start, measurements, coherence, executionNs);
    this.#windows[name].add(start, measurements, coherence, executionNs);
    return result;
  }

  /** Statistics of each circuit since the last close; `undefined` for one that did not run. */
  close(): CircuitSummaries {
    const { lmsr, prospect, hedge, fusion } = this.#windows;
    return {
      lmsr: lmsr.close(),
      prospect: prospect.close(),
      hedge: hedge.close(),
      fusion: fusion.close(),
    };
  }
}
