import { ACTIONS } from '../actions.ts';
import type { Emergence } from '../emergence/emergence.ts';
import type { CollectiveReceipt, EmergenceReceipt, Verdict } from '../receipt.ts';
import { INTELLIGENCE_TYPES } from './collective-twin.ts';
import type { IntelligenceType } from './collective-twin.ts';

/** What emergence was over a run, where it was measured. */
export interface EmergenceFigures {
  /** Decisions it was measured at. */
  readonly measured: number;
  readonly flagged: number;
  /** Of each figure over the decisions it was measured at. */
  readonly mean: Emergence;
  readonly largest: Emergence;
}

/** What the collective said and did over a run, where it was on. */
export interface CollectiveFigures {
  /** The type that acts. */
  readonly type: IntelligenceType;
  readonly decisions: number;
  /** Decisions at which each type had an opinion. */
  readonly spoke: Readonly<Record<IntelligenceType, number>>;
  /** Decisions whose likeliest action is another for it. */
  readonly changed: number;
}

const FIGURES = ['integration', 'synchrony', 'complexity', 'emergence'] as const;

/** Counts what the components of the board did together. */
export class JointRecord {
  readonly #sums = new Float64Array(FIGURES.length);
  readonly #largest = new Float64Array(FIGURES.length);
  readonly #spoke = { consensus: 0, divergent: 0, breakthrough: 0 };
  #measured = 0;
  #flagged = 0;
  #type: IntelligenceType | undefined;
  #decisions = 0;
  #changed = 0;

  add({ emergence, collective, preferences }: Verdict): void {
    if (emergence !== undefined) this.#addEmergence(emergence);
    if (collective !== undefined) this.#addCollective(collective, preferences);
  }

  /** Undefined where it was never measured. */
  emergence(): EmergenceFigures | undefined {
    if (this.#measured === 0) return undefined;
    return {
      measured: this.#measured,
      flagged: this.#flagged,
      mean: named(this.#sums.map((sum) => sum / this.#measured)),
      largest: named(this.#largest),
    };
  }

  /** Undefined where it was off. */
  collective(): CollectiveFigures | undefined {
    if (this.#type === undefined) return undefined;
    return {
      type: this.#type,
      decisions: this.#decisions,
      spoke: { ...this.#spoke },
      changed: this.#changed,
    };
  }

  #addEmergence(emergence: EmergenceReceipt): void {
    this.#measured++;
    if (emergence.flagged) this.#flagged++;
    FIGURES.forEach((name, k) => {
      this.#sums[k] += emergence[name];
      this.#largest[k] = Math.max(this.#largest[k], emergence[name]);
    });
  }

  #addCollective({ type, opinions, alone }: CollectiveReceipt, joined: readonly number[]): void {
    this.#type = type;
    this.#decisions++;
    for (const each of INTELLIGENCE_TYPES) if (opinions[each] !== null) this.#spoke[each]++;
    if (likeliest(alone) !== likeliest(joined)) this.#changed++;
  }
}

function named(values: Float64Array): Emergence {
  const [integration, synchrony, complexity, emergence] = values;
  return { integration, synchrony, complexity, emergence };
}

function likeliest(preferences: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < ACTIONS.length; i++) if (preferences[i] > preferences[best]) best = i;
  return best;
}
