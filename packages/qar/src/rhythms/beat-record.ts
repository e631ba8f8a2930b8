import { DurationHistogram } from '@sema/timing-buffer';
import type { Beat } from '@sema/timing-buffer';

export interface BeatFigures {
  /** Beats that ran. */
  readonly beats: number;
  /** Beats passed over because the one after was due as well. */
  readonly missed: number;
  /** How late those that ran were; null before the first. */
  readonly p50LateNs: number | null;
  readonly p99LateNs: number | null;
}

/** Counts a rhythm's beats, and how late they were. 12.5 kB, whatever is recorded. */
export class BeatRecord {
  readonly #lateness = new DurationHistogram();
  #missed = 0;

  add({ missed, startedNs, intendedNs }: Beat): void {
    this.#missed += missed;
    this.#lateness.record(Math.max(0, startedNs - intendedNs));
  }

  figures(): BeatFigures {
    return {
      beats: this.#lateness.count,
      missed: this.#missed,
      p50LateNs: this.#lateness.quantileNs(0.5) ?? null,
      p99LateNs: this.#lateness.quantileNs(0.99) ?? null,
    };
  }
}
