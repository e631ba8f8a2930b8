import type { Step } from './engine.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { judgePerformance } from './performance-targets.ts';
import type { PerformanceJudgement } from './performance-targets.ts';
import type { MemoryAnswer } from './tick-memory.ts';

export interface MonitorOptions {
  readonly intervalMs: number;
  /**
   * Whether decisions are made at a clock's time. In a backtest they are made as at the close,
   * which says nothing about synchronisation, so it is not measured.
   */
  readonly live: boolean;
}

/** How much of the ring of circuit runs is in use. */
export interface BufferUse {
  /** Circuit runs ever written. */
  readonly written: number;
  /** Of them that can be read at a time. */
  readonly capacity: number;
}

export interface Durations {
  readonly count: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maximumNs: number;
}

export interface PerformanceReport extends PerformanceJudgement {
  readonly decisions: number;
  /** From the candle to its receipt; signing and writing are not in it. */
  readonly decisionTime: Durations | null;
  /** From the last circuit's answer to the receipt. */
  readonly quantumToClassical: Durations | null;
  /** How far decisions were from their intended time, the candle's close. */
  readonly synchronisation: {
    readonly intended: 'candle close';
    readonly late: number;
    readonly early: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly maximumMs: number;
  } | null;
  readonly preservation: {
    readonly retrieved: number;
    readonly lost: number;
    /** Means over the states that came back: of the register as drawn, and of one qubit. */
    readonly registerFidelity: number | null;
    readonly expectedFidelity: number | null;
    readonly unprotectedFidelity: number | null;
  } | null;
  readonly buffer:
    | (BufferUse & {
        /** Of the slots, since the last report; above 1, runs were overwritten before it. */
        readonly utilisation: number;
      })
    | null;
  readonly circuits: {
    /** Decisions that circuits were to make. */
    readonly asked: number;
    readonly failures: number;
    readonly reasons: Readonly<Record<string, number>>;
  };
}

/** Different reasons that are counted by name; what comes after is counted together. */
const MOST_REASONS = 32;

/**
 * Measures how the engine works, not what it earns: feed it every step, ask for a report when you
 * like. 66 kB, whatever is recorded.
 */
export class PerformanceMonitor {
  readonly #options: MonitorOptions;
  readonly #decisionTime = new LatencyHistogram();
  readonly #quantumToClassical = new LatencyHistogram();
  readonly #offset = new LatencyHistogram();
  readonly #reasons = new Map<string, number>();
  #decisions = 0;
  #late = 0;
  #early = 0;
  #asked = 0;
  #failures = 0;
  #retrieved = 0;
  #lost = 0;
  readonly #fidelitySums = { register: 0, expected: 0, unprotected: 0 };
  #writtenBefore = 0;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /**
   * @param memory - what `Session.tick` said of the kept state, where there is a memory.
   * @throws {QarError} `OUT_OF_ORDER` when the engine's clock ran backwards.
   */
  record(step: Step, memory?: MemoryAnswer): void {
    const { startedNs, readNs, endedNs } = step.timing;
    this.#decisions++;
    this.#decisionTime.record(endedNs - startedNs);
    if (readNs !== undefined) this.#quantumToClassical.record(endedNs - readNs);
    if (this.#options.live) this.#recordOffset(step);
    this.#recordPath(step);
    if (memory !== undefined) this.#recordMemory(memory);
  }

  /**
   * Everything recorded so far, beside the targets.
   *
   * @param use - of the engine's buffer; `undefined` where nobody reads it.
   */
  report(use: BufferUse | undefined): PerformanceReport {
    const decisionTime = durations(this.#decisionTime);
    const quantumToClassical = durations(this.#quantumToClassical);
    const synchronisation = this.#synchronisation();
    const buffer = use === undefined ? null : this.#buffer(use);
    return {
      decisions: this.#decisions,
      ...judgePerformance({
        decisionTime: decisionTime?.p99Ns,
        quantumToClassical: quantumToClassical?.p99Ns,
        synchronisation: synchronisation?.p99Ms,
        preservation: this.#preservedFidelity(),
        bufferUtilisation: buffer?.utilisation,
        circuitFailures: this.#asked === 0 ? undefined : this.#failures / this.#asked,
      }),
      decisionTime,
      quantumToClassical,
      synchronisation,
      preservation: this.#preservation(),
      buffer,
      circuits: {
        asked: this.#asked,
        failures: this.#failures,
        reasons: Object.fromEntries(this.#reasons),
      },
    };
  }

  #buffer(use: BufferUse): PerformanceReport['buffer'] {
    const utilisation = (use.written - this.#writtenBefore) / use.capacity;
    this.#writtenBefore = use.written;
    return { ...use, utilisation };
  }

  #recordOffset({ receipt }: Step): void {
    const offsetMs = receipt.decidedAt - (receipt.time + this.#options.intervalMs);
    if (offsetMs > 0) this.#late++;
    if (offsetMs < 0) this.#early++;
    this.#offset.record(Math.abs(offsetMs) * 1e6);
  }

  #recordPath({ receipt: { path, fallback, verdict } }: Step): void {
    if (fallback === null) {
      if (path === 'quantum' && verdict !== null) this.#asked++;
      return;
    }
    this.#asked++;
    this.#failures++;
    const isNew = !this.#reasons.has(fallback);
    const reason = isNew && this.#reasons.size >= MOST_REASONS ? 'others' : fallback;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  #recordMemory(memory: MemoryAnswer): void {
    if (memory.status === 'lost') this.#lost++;
    if (memory.status !== 'retrieved') return;
    this.#retrieved++;
    this.#fidelitySums.register += memory.fidelity;
    this.#fidelitySums.expected += memory.expectedFidelity;
    this.#fidelitySums.unprotected += memory.unprotectedFidelity;
  }

  #synchronisation(): PerformanceReport['synchronisation'] {
    const found = durations(this.#offset);
    if (found === null) return null;
    return {
      intended: 'candle close',
      late: this.#late,
      early: this.#early,
      p50Ms: found.p50Ns / 1e6,
      p99Ms: found.p99Ns / 1e6,
      maximumMs: found.maximumNs / 1e6,
    };
  }

  #preservation(): PerformanceReport['preservation'] {
    const [retrieved, lost] = [this.#retrieved, this.#lost];
    if (retrieved + lost === 0) return null;
    const mean = (sum: number): number | null => (retrieved === 0 ? null : sum / retrieved);
    const { register, expected, unprotected } = this.#fidelitySums;
    return {
      retrieved,
      lost,
      registerFidelity: mean(register),
      expectedFidelity: mean(expected),
      unprotectedFidelity: mean(unprotected),
    };
  }

  /** A lost state is worth as much as a random one: 1/2. */
  #preservedFidelity(): number | undefined {
    const states = this.#retrieved + this.#lost;
    return states === 0 ? undefined : (this.#fidelitySums.expected + this.#lost / 2) / states;
  }
}

function durations(histogram: LatencyHistogram): Durations | null {
  const p50Ns = histogram.percentileNs(0.5);
  const p99Ns = histogram.percentileNs(0.99);
  if (p50Ns === undefined || p99Ns === undefined) return null;
  return { count: histogram.count, p50Ns, p99Ns, maximumNs: histogram.maximumNs };
}
