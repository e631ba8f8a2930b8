import { REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';
import type { DecisionReceipt } from '../receipt.ts';
import { FALSE_GO_TARGETS } from './basal-ganglia.ts';
import type { SelectionMode, SelectionOptions } from './basal-ganglia.ts';
import { isProfitable } from './open-positions.ts';
import { reliability } from './reliability.ts';
import type { Reliability } from './reliability.ts';

/** Positions whose outcome is known, and how many of them were let go. */
export interface GoCounts {
  /** Ended without profit. */
  readonly wrong: number;
  readonly falseGo: number;
  /** Ended in profit. */
  readonly right: number;
  readonly hit: number;
}

/** How good selection and confidence were, over every position asked for, taken or not. */
export interface SelectionFigures {
  readonly mode: SelectionMode;
  /** Share of the wrong positions that the mode lets go. */
  readonly falseGoTarget: number;
  /** Candles after which an outcome is known. */
  readonly positionCandles: number;
  readonly counts: GoCounts;
  readonly countsByRegime: Readonly<Record<Regime, GoCounts>>;
  /** Of the stated confidence; undefined when none was stated whose outcome is known. */
  readonly confidence: Reliability | undefined;
  /** Of the preference, were it read as that probability, for the same positions. */
  readonly preference: Reliability | undefined;
}

const BINS = 20;

/** Collects what was said of positions and what came of them. Sized once, for the run's length. */
export class SelectionRecord {
  readonly #options: SelectionOptions;
  readonly #opens: Float64Array;
  readonly #sides: Int8Array;
  readonly #preferences: Float64Array;
  /** NaN where none was stated. */
  readonly #confidences: Float64Array;
  readonly #regimes: Uint8Array;
  readonly #went: Uint8Array;
  #steps = 0;

  constructor(steps: number, options: SelectionOptions) {
    this.#options = options;
    this.#opens = new Float64Array(steps);
    this.#sides = new Int8Array(steps);
    this.#preferences = new Float64Array(steps);
    this.#confidences = new Float64Array(steps).fill(NaN);
    this.#regimes = new Uint8Array(steps);
    this.#went = new Uint8Array(steps);
  }

  /** @param open - of the candle that the receipt decides on. */
  add({ verdict, regime }: DecisionReceipt, open: number): void {
    const row = this.#steps++;
    this.#opens[row] = open;
    if (verdict === null || regime === null || verdict.action === 'flat') return;
    this.#sides[row] = verdict.action === 'long' ? 1 : -1;
    this.#preferences[row] = Math.max(...verdict.preferences);
    this.#confidences[row] = verdict.confidence ?? NaN;
    this.#regimes[row] = REGIMES.indexOf(regime);
    this.#went[row] = verdict.go ? 1 : 0;
  }

  figures(): SelectionFigures {
    const { selectionMode: mode, positionCandles } = this.#options;
    const tallies = REGIMES.map(() => ({ wrong: 0, falseGo: 0, right: 0, hit: 0 }));
    const stated = { confidences: [] as number[], preferences: [] as number[] };
    const outcomes: number[] = [];
    for (let row = 0; row + 1 + positionCandles < this.#steps; row++) {
      const profitable = this.#outcome(row);
      if (profitable === undefined) continue;
      const tally = tallies[this.#regimes[row]];
      tally[profitable ? 'right' : 'wrong']++;
      if (this.#went[row] === 1) tally[profitable ? 'hit' : 'falseGo']++;
      if (Number.isNaN(this.#confidences[row])) continue;
      stated.confidences.push(this.#confidences[row]);
      stated.preferences.push(this.#preferences[row]);
      outcomes.push(profitable ? 1 : 0);
    }
    const [stable, trending, volatile, crisis] = tallies;
    const options = { bins: BINS, overlap: positionCandles };
    return {
      mode,
      falseGoTarget: FALSE_GO_TARGETS[mode],
      positionCandles,
      counts: tallies.reduce(sumOf),
      countsByRegime: { stable, trending, volatile, crisis },
      confidence: reliability(stated.confidences, outcomes, options),
      preference: reliability(stated.preferences, outcomes, options),
    };
  }

  /** Whether the position of this row ended in profit; undefined where there was none. */
  #outcome(row: number): boolean | undefined {
    const side = this.#sides[row];
    if (side !== 1 && side !== -1) return undefined;
    const entry = this.#opens[row + 1];
    const exit = this.#opens[row + 1 + this.#options.positionCandles];
    return isProfitable(side, entry, exit, this.#options);
  }
}

function sumOf(one: GoCounts, other: GoCounts): GoCounts {
  return {
    wrong: one.wrong + other.wrong,
    falseGo: one.falseGo + other.falseGo,
    right: one.right + other.right,
    hit: one.hit + other.hit,
  };
}
