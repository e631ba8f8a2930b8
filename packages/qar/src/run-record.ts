import { REGIMES } from '@sema/learning';
import { ACTIONS } from './actions.ts';
import type { Step } from './engine.ts';
import type { ExecutedFill } from './execution/paper-execution.ts';
import { EXPERTS } from './experts/board.ts';
import type { DecisionReceipt } from './receipt.ts';
import { JointRecord } from './transference/joint-record.ts';
import type { CollectiveFigures, EmergenceFigures } from './transference/joint-record.ts';

export interface DecisionCounts {
  readonly decisions: number;
  /** Fills. */
  readonly trades: number;
  /** Decisions whose evidence is too common among wrong ones of their regime. */
  readonly noGo: number;
  /** Windows the path had nothing to say on, by reason. */
  readonly undecided: Readonly<Record<string, number>>;
  /** Entries the risk gate refused, by reason. */
  readonly denials: Readonly<Record<string, number>>;
  /** Seats without a vote, by reason. */
  readonly abstentions: Readonly<Record<string, number>>;
  readonly abstentionsByExpert: Readonly<Record<string, number>>;
  /** Which path decided. */
  readonly paths: { readonly quantum: number; readonly twin: number };
  /** Undefined where the configuration does not ask, or too little was remembered. */
  readonly emergence: EmergenceFigures | undefined;
  /** Undefined where the configuration has it off. */
  readonly collective: CollectiveFigures | undefined;
}

/** What a run keeps of every step, for its figures and charts. Sized once, for the run's length. */
export class RunRecord {
  readonly #time: Float64Array;
  readonly #equity: Float64Array;
  readonly #exposure: Float64Array;
  readonly #regimes: Uint8Array;
  readonly #memberships: Float64Array;
  readonly #weights: Float64Array;
  readonly #preferences: Float64Array;
  readonly #fills: ExecutedFill[] = [];
  readonly #undecided = new Map<string, number>();
  readonly #denials = new Map<string, number>();
  readonly #abstentions = new Map<string, number>();
  readonly #abstentionsByExpert = new Map<string, number>();
  readonly #paths = { quantum: 0, twin: 0 };
  readonly #joint = new JointRecord();
  #noGo = 0;
  #steps = 0;

  constructor(steps: number) {
    this.#time = new Float64Array(steps);
    this.#equity = new Float64Array(steps);
    this.#exposure = new Float64Array(steps);
    this.#regimes = new Uint8Array(steps).fill(255);
    this.#memberships = new Float64Array(steps * REGIMES.length);
    this.#weights = new Float64Array(steps * EXPERTS.length);
    this.#preferences = new Float64Array(steps * ACTIONS.length);
  }

  add(step: Step, weights: Float64Array): void {
    const { receipt } = step;
    const row = this.#steps++;
    this.#time[row] = receipt.time;
    this.#equity[row] = receipt.equity;
    this.#exposure[row] = step.exposure;
    this.#weights.set(weights, row * EXPERTS.length);
    if (receipt.regime !== null) this.#regimes[row] = REGIMES.indexOf(receipt.regime);
    this.#memberships.set(receipt.memberships ?? [], row * REGIMES.length);
    this.#preferences.set(receipt.verdict?.preferences ?? [], row * ACTIONS.length);
    this.#fills.push(...step.fills);
    if (receipt.verdict !== null) this.#joint.add(receipt.verdict);
    this.#tally(receipt);
  }

  columns() {
    return {
      time: this.#time,
      equity: this.#equity,
      exposure: this.#exposure,
      regimes: this.#regimes,
      memberships: this.#memberships,
      weights: this.#weights,
      preferences: this.#preferences,
      fills: this.#fills,
    };
  }

  counts(): DecisionCounts {
    return {
      decisions: this.#steps,
      trades: this.#fills.length,
      noGo: this.#noGo,
      undecided: Object.fromEntries(this.#undecided),
      denials: Object.fromEntries(this.#denials),
      abstentions: Object.fromEntries(this.#abstentions),
      abstentionsByExpert: Object.fromEntries(this.#abstentionsByExpert),
      paths: { ...this.#paths },
      emergence: this.#joint.emergence(),
      collective: this.#joint.collective(),
    };
  }

  /** What `performanceMetrics` needs besides the length of a year. */
  performance() {
    let tradedNotional = 0;
    for (const fill of this.#fills) tradedNotional += Math.abs(fill.units) * fill.price;
    return {
      equity: this.#equity,
      exposure: this.#exposure,
      tradedNotional,
      trades: this.#fills.length,
    };
  }

  #tally({ outcome, seats, path }: DecisionReceipt): void {
    this.#paths[path]++;
    if (outcome.kind === 'no-go') this.#noGo++;
    if (outcome.kind === 'no-decision') increment(this.#undecided, outcome.reason);
    if (outcome.kind === 'denied') increment(this.#denials, outcome.reason);
    if (outcome.kind === 'order' && outcome.denied !== null) {
      increment(this.#denials, outcome.denied);
    }
    for (const seat of seats) {
      if (!('abstained' in seat)) continue;
      increment(this.#abstentions, seat.abstained);
      increment(this.#abstentionsByExpert, seat.expert);
    }
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
