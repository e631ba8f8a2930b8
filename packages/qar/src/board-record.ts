import { EXPERTS } from './experts/board.ts';
import type { SeatReceipt } from './receipt.ts';
import { reliability } from './selection/reliability.ts';
import type { Reliability } from './selection/reliability.ts';

/** How far an expert's probability of a gain could be taken at its word. */
export interface ExpertFigures {
  readonly expert: string;
  /** Votes. */
  readonly votes: number;
  /**
   * Share of them on whose side the market moved; null without a vote whose outcome is known. A
   * price that did not move is no outcome.
   */
  readonly accuracy: number | null;
  /** Share of those moves that were gains: what always saying so would have as accuracy. */
  readonly gainFrequency: number | null;
  /** Of the stated probabilities; null as above. */
  readonly reliability: Reliability | null;
}

const BINS = 20;

/**
 * Collects what each expert stated of the next move, and what came of it: from the open after the
 * decision to the open after that, as the model learns it. Sized once, for the run's length.
 */
export class BoardRecord {
  readonly #opens: Float64Array;
  /** Steps × experts; NaN without a vote. */
  readonly #stated: Float64Array;
  #steps = 0;

  constructor(steps: number) {
    this.#opens = new Float64Array(steps);
    this.#stated = new Float64Array(steps * EXPERTS.length).fill(NaN);
  }

  /**
   * @param seats - of one decision, in the order of `EXPERTS`.
   * @param open - of the candle decided on.
   */
  add(seats: readonly SeatReceipt[], open: number): void {
    const row = this.#steps++;
    this.#opens[row] = open;
    seats.forEach((seat, expert) => {
      if (!('probabilityUp' in seat)) return;
      this.#stated[row * EXPERTS.length + expert] = seat.probabilityUp;
    });
  }

  /** In the order of `EXPERTS`. */
  figures(): ExpertFigures[] {
    return EXPERTS.map(({ name }, expert) => this.#figuresOf(name, expert));
  }

  #figuresOf(name: string, expert: number): ExpertFigures {
    const stated: number[] = [];
    const rose: number[] = [];
    let votes = 0;
    let right = 0;
    let gains = 0;
    for (let row = 0; row < this.#steps; row++) {
      const probability = this.#stated[row * EXPERTS.length + expert];
      if (Number.isNaN(probability)) continue;
      votes++;
      const change = row + 2 < this.#steps ? this.#opens[row + 2] - this.#opens[row + 1] : 0;
      if (change === 0) continue;
      const up = change > 0;
      stated.push(probability);
      rose.push(up ? 1 : 0);
      if (up) gains++;
      if (up ? probability > 0.5 : probability < 0.5) right++;
    }
    const known = stated.length;
    return {
      expert: name,
      votes,
      accuracy: known === 0 ? null : right / known,
      gainFrequency: known === 0 ? null : gains / known,
      reliability: reliability(stated, rose, { bins: BINS, overlap: 1 }) ?? null,
    };
  }
}
