import type { Occasion, Orchestrator } from './orchestrator.ts';

/** Rhythms of thought: immediate response, analysis, patterns and regime, planning and quotas. */
export const RHYTHMS_NS = {
  gamma: 25_000_000,
  beta: 50_000_000,
  theta: 167_000_000,
  delta: 500_000_000,
} as const;

/** Layers of oscillation: circuits, market data, patterns over it, strategy. */
export const LAYERS_NS = {
  circuit: 1_000,
  market: 1_000_000,
  pattern: 100_000_000,
  strategy: 1_000_000_000,
} as const;

export type Rhythm = keyof typeof RHYTHMS_NS | keyof typeof LAYERS_NS;

const PERIODS_NS: Readonly<Record<Rhythm, number>> = { ...RHYTHMS_NS, ...LAYERS_NS };

/** Every rhythm there is. */
// The record's keys are the type's members.
export const RHYTHMS = Object.keys(PERIODS_NS) as readonly Rhythm[];

export interface RhythmOptions {
  /** When every rhythm has its beat 0, in whole nanoseconds of the orchestrator's clock. */
  readonly startNs: number;
}

/** One beat: its number from 0, and what the orchestrator says of it. */
export interface Beat extends Occasion {
  readonly rhythm: Rhythm;
  readonly beat: number;
}

export interface BeatRequest {
  /** Of subscribers whose beats fall together the lowest number runs first. */
  readonly priority: number;
  readonly run: (beat: Beat) => void;
}

/**
 * The rhythms as a schedule to subscribe to. All share one origin, so where two beat together, such
 * as gamma and beta at every 50 ms, they do so exactly; a rhythm without subscribers costs nothing.
 */
export class RhythmSchedule {
  readonly #orchestrator: Orchestrator;
  readonly #startNs: number;

  constructor(orchestrator: Orchestrator, { startNs }: RhythmOptions) {
    this.#orchestrator = orchestrator;
    this.#startNs = startNs;
  }

  /**
   * Runs `run` on the beats of a rhythm that are not before `fromNs`.
   *
   * @returns the id to cancel it by at the orchestrator, or undefined when that is full.
   * @throws {TimingBufferError} as {@link Orchestrator.every}
   */
  subscribe(rhythm: Rhythm, fromNs: number, { priority, run }: BeatRequest): number | undefined {
    const periodNs = PERIODS_NS[rhythm];
    const startNs = this.#startNs;
    const firstBeat = Math.max(0, Math.ceil((fromNs - startNs) / periodNs));
    return this.#orchestrator.every({
      timeNs: startNs + firstBeat * periodNs,
      periodNs,
      priority,
      run: (occasion) => {
        const beat = Math.round((occasion.intendedNs - startNs) / periodNs);
        run({ ...occasion, rhythm, beat });
      },
    });
  }
}
