import { DecisionLedger, type LedgerSnapshot, type Refusal } from './decision-ledger.ts';
import { LearningError } from './errors.ts';
import {
  CONTEXTS,
  ExperienceRegister,
  type ExperienceRegisterSnapshot,
  type Presence,
  type UpdateForm,
} from './experience-register.ts';
import { REGIME_CHARACTERISTICS } from './regime-characteristics.ts';
import { REGIMES, requireMemberships, type Regime } from './regimes.ts';
import { Synergy, type SynergySnapshot } from './synergy.ts';
import { requireEntry, requireInteger, requireLength, restoredArray } from './validation.ts';
import { snapshotFields, type Range } from './validation.ts';

export interface LearningOrchestratorOptions {
  /** N in [1, 16]. */
  readonly experts: number;
  /** η in [1e-9, 8]; at most 1/2 for the first-order form. */
  readonly learningRate: number;
  readonly form: UpdateForm;
  /** Of the choice of outcomes that are held back, an integer in [0, 2^32). */
  readonly seed: number;
  /** Decisions that may wait for their outcome, in [1, 65536]. */
  readonly openDecisions: number;
}

/** One decision, as the learner sees it. */
export interface LearningQuestion {
  /** Market time, not before that of the decision before. */
  readonly time: number;
  /** The regime to act by, whose characteristics govern what this decision teaches. */
  readonly regime: Regime;
  readonly presence: Presence;
  /** N probabilities that the outcome is 1, in [0, 1]; NaN for an expert that abstains. */
  readonly probabilities: ArrayLike<number>;
}

export interface LearningAnswer {
  /** The number under which the outcome is reported. */
  readonly decision: number;
  /** Of those that spoke, with sum 1; 0 for the others, and for all when nobody spoke. */
  readonly weights: Float64Array;
  /** Σ w p; undefined when nobody spoke. */
  readonly probability: number | undefined;
}

export interface DecisionOutcome {
  readonly decision: number;
  /** Market time at which it was known, after that of its decision. */
  readonly time: number;
  /** What happened, 0 to 1; finite numbers beyond that are clipped to it. */
  readonly outcome: number;
}

export type LearningResult =
  | { readonly kind: 'learned'; readonly clipped: boolean }
  | { readonly kind: 'refused'; readonly reason: Refusal };

/** The whole state of a `LearningOrchestrator`. */
export interface OrchestratorSnapshot {
  /** Market time of the last outcome learned; null before the first. */
  readonly asOf: number | null;
  readonly register: ExperienceRegisterSnapshot;
  readonly synergy: SynergySnapshot;
  readonly ledger: LedgerSnapshot;
  /** Outcomes learned, clipped, and refused by reason in the order of `REFUSALS`. */
  readonly counts: Float64Array;
}

const REFUSALS: readonly Refusal[] = [
  'UNKNOWN_DECISION',
  'DUPLICATE',
  'OUT_OF_ORDER',
  'NOT_A_NUMBER',
];
/** What is noted of a decision: its regime, shares of regimes and contexts, forecasts. */
const FIRST_FORECAST = 1 + REGIMES.length + CONTEXTS;
const PROBABILITY: Range = { min: 0, max: 1 };
const COUNT_RANGE: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * Learns from decisions and their outcomes which expert to trust, in which regime and context, and
 * which experts to trust together. Weights come from an `ExperienceRegister` under Brier losses,
 * with as much sharing as the regime's coherence time asks for; a `Synergy` may couple them.
 *
 * Feedback is checked before anything moves: what is refused changes nothing but a counter.
 */
export class LearningOrchestrator implements Disposable {
  readonly experts: number;
  #register: ExperienceRegister;
  #synergy: Synergy;
  #ledger: DecisionLedger;
  #counts: Float64Array = new Float64Array(2 + REFUSALS.length);
  /** What is noted of the decision that is being made. */
  readonly #noted: Float64Array;

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor(options: LearningOrchestratorOptions) {
    const { experts, learningRate, form, seed, openDecisions } = options;
    this.#register = new ExperienceRegister({ experts, learningRate, form });
    this.experts = experts;
    this.#synergy = new Synergy({ experts, learningRate, seed });
    this.#noted = new Float64Array(widthFor(experts));
    this.#ledger = new DecisionLedger({ capacity: openDecisions, width: widthFor(experts) });
  }

  /** What experts are worth together, to look at. */
  get synergy(): Pick<Synergy, 'engaged' | 'gain' | 'couplings' | 'heldBackDifference'> {
    return this.#synergy;
  }

  /** How many outcomes were learned, how many of them clipped, and how many refused, by reason. */
  get counts(): Readonly<Record<'learned' | 'clipped' | Refusal, number>> {
    const [learned, clipped, unknown, duplicate, disorder, nan] = this.#counts;
    return {
      learned,
      clipped,
      UNKNOWN_DECISION: unknown,
      DUPLICATE: duplicate,
      OUT_OF_ORDER: disorder,
      NOT_A_NUMBER: nan,
    };
  }

  /** The weights of all N experts at a presence, couplings aside. */
  weights(presence: Presence): Float64Array {
    return this.#register.weights(presence);
  }

  /**
   * Answers with weights and the pooled probability, and waits for the outcome.
   *
   * @throws {LearningError} `INVALID_TIME`, `INVALID_OPTION`, `INVALID_MEMBERSHIPS`,
   *   `INVALID_FORECAST`, `LENGTH_MISMATCH`; nothing changes then
   */
  decide({ time, regime, presence, probabilities }: LearningQuestion): LearningAnswer {
    const regimeIndex = REGIMES.indexOf(regime);
    if (regimeIndex < 0) {
      throw new LearningError('INVALID_OPTION', `regime is ${String(regime)}, not one of REGIMES`);
    }
    const forecasts = this.#forecasts(probabilities);
    const spoken = spokenWeights(this.#register.weights(presence), forecasts);
    const noted = this.#noted;
    noted[0] = regimeIndex;
    noted.set(presence.regimes, 1);
    noted.set(presence.contexts, 1 + REGIMES.length);
    for (let e = 0; e < this.experts; e += 1) {
      // −1 stands for an abstention, because a snapshot holds finite numbers only.
      noted[FIRST_FORECAST + e] = Number.isNaN(forecasts[e]) ? -1 : forecasts[e];
    }
    const decision = this.#ledger.open(time, noted);
    return { decision, ...this.#pooled(spoken, forecasts) };
  }

  /**
   * What `decide` would answer, without waiting for an outcome: changes nothing.
   *
   * @throws {LearningError} `INVALID_MEMBERSHIPS`, `INVALID_FORECAST`, `LENGTH_MISMATCH`
   */
  foresee(
    presence: Presence,
    probabilities: ArrayLike<number>,
  ): Pick<LearningAnswer, 'weights' | 'probability'> {
    const forecasts = this.#forecasts(probabilities);
    return this.#pooled(spokenWeights(this.#register.weights(presence), forecasts), forecasts);
  }

  #forecasts(probabilities: ArrayLike<number>): Float64Array {
    requireLength(probabilities, 'probabilities', this.experts);
    const forecasts = new Float64Array(this.experts);
    for (let e = 0; e < this.experts; e += 1) {
      forecasts[e] = Number.isNaN(probabilities[e])
        ? NaN
        : requireEntry(probabilities, e, 'probabilities', PROBABILITY, 'INVALID_FORECAST');
    }
    return forecasts;
  }

  #pooled(
    spoken: Float64Array | undefined,
    forecasts: Float64Array,
  ): Pick<LearningAnswer, 'weights' | 'probability'> {
    if (spoken === undefined) {
      return { weights: new Float64Array(this.experts), probability: undefined };
    }
    const weights = this.#synergy.weights(spoken);
    let probability = 0;
    for (let e = 0; e < this.experts; e += 1) {
      if (weights[e] > 0) probability += weights[e] * forecasts[e];
    }
    return { weights, probability: Math.min(1, probability) };
  }

  /**
   * Learns the outcome of a decision, or refuses it by the rules of `Refusal`; a finite outcome
   * outside [0, 1] is clipped to it. O(256 + N²); O(N³) more for a held-back one.
   */
  learn({ decision, time, outcome }: DecisionOutcome): LearningResult {
    const reason = Number.isFinite(outcome) ? this.#ledger.refusal(decision, time) : 'NOT_A_NUMBER';
    if (reason !== undefined) {
      this.#counts[2 + REFUSALS.indexOf(reason)] += 1;
      return { kind: 'refused', reason };
    }
    const happened = Math.min(1, Math.max(0, outcome));
    const clipped = happened !== outcome;
    const noted = this.#ledger.noted(decision);
    const regimes = noted.subarray(1, 1 + REGIMES.length);
    const contexts = noted.subarray(1 + REGIMES.length, FIRST_FORECAST);
    const forecasts = noted.slice(FIRST_FORECAST);
    for (let e = 0; e < this.experts; e += 1) if (forecasts[e] < 0) forecasts[e] = NaN;
    const characteristics = REGIME_CHARACTERISTICS[REGIMES[noted[0]]];
    const presence = { regimes, contexts };
    const spoken = spokenWeights(this.#register.weights(presence), forecasts);
    if (spoken !== undefined) {
      this.#synergy.record(spoken, forecasts, happened, characteristics);
      const losses = new Float64Array(this.experts);
      const awake: boolean[] = [];
      for (let e = 0; e < this.experts; e += 1) {
        losses[e] = (forecasts[e] - happened) * (forecasts[e] - happened);
        awake.push(!Number.isNaN(forecasts[e]));
      }
      this.#register.update(losses, awake, presence, 1 / characteristics.coherenceTime);
    }
    this.#ledger.settle(decision, time);
    this.#counts[0] += 1;
    if (clipped) this.#counts[1] += 1;
    return { kind: 'learned', clipped };
  }

  snapshot(): OrchestratorSnapshot {
    const ledger = this.#ledger.snapshot();
    return {
      asOf: ledger.lastOutcome,
      register: this.#register.snapshot(),
      synergy: this.#synergy.snapshot(),
      ledger,
      counts: this.#counts.slice(),
    };
  }

  /**
   * An orchestrator that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: OrchestratorSnapshot): LearningOrchestrator {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    // Each part checks its own fields.
    const register = ExperienceRegister.restore(fields.register as ExperienceRegisterSnapshot);
    const synergy = Synergy.restore(fields.synergy as SynergySnapshot);
    const ledger = DecisionLedger.restore(fields.ledger as LedgerSnapshot);
    const { experts, learningRate, form } = register;
    const orchestrator = new LearningOrchestrator({
      experts,
      learningRate,
      form,
      seed: 0,
      openDecisions: ledger.capacity,
    });
    const fits =
      synergy.experts === experts &&
      synergy.learningRate === learningRate &&
      ledger.width === widthFor(experts);
    if (!fits) throw new LearningError(code, 'register, synergy and ledger are not of one learner');
    requireReadable(ledger, experts);
    const lastOutcome = ledger.lastOutcome === -Infinity ? null : ledger.lastOutcome;
    if (fields.asOf !== lastOutcome) throw new LearningError(code, 'asOf is not the last outcome');
    const counts = restoredArray(fields.counts, 'counts', 2 + REFUSALS.length, COUNT_RANGE);
    for (let i = 0; i < counts.length; i += 1) {
      requireInteger(counts[i], 'a count', COUNT_RANGE, code);
    }
    orchestrator.#register[Symbol.dispose]();
    orchestrator.#register = register;
    orchestrator.#synergy = synergy;
    orchestrator.#ledger = ledger;
    orchestrator.#counts = counts;
    return orchestrator;
  }

  [Symbol.dispose](): void {
    this.#register[Symbol.dispose]();
  }
}

function widthFor(experts: number): number {
  return FIRST_FORECAST + experts;
}

/** The weights of those with a forecast, scaled to sum 1; undefined when nobody spoke. */
function spokenWeights(weights: Float64Array, forecasts: Float64Array): Float64Array | undefined {
  let total = 0;
  for (let e = 0; e < weights.length; e += 1) {
    if (Number.isNaN(forecasts[e])) weights[e] = 0;
    total += weights[e];
  }
  if (!(total > 0)) return undefined;
  for (let e = 0; e < weights.length; e += 1) weights[e] /= total;
  return weights;
}

/** Refuses open decisions whose notes `learn` could not read. */
function requireReadable(ledger: DecisionLedger, experts: number): void {
  const { next, rows, capacity } = ledger.snapshot();
  const code = 'INVALID_SNAPSHOT';
  for (let k = 0; k < Math.min(next, capacity); k += 1) {
    const noted = rows.subarray(k * (2 + ledger.width) + 2, (k + 1) * (2 + ledger.width));
    try {
      requireInteger(noted[0], 'regime', { min: 0, max: REGIMES.length - 1 }, code);
      requireMemberships(noted.subarray(1, 1 + REGIMES.length));
      requireMemberships(noted.subarray(1 + REGIMES.length, FIRST_FORECAST));
    } catch (cause) {
      throw new LearningError(code, `open decision ${k} cannot be read`, { cause });
    }
    for (let e = 0; e < experts; e += 1) {
      const p = noted[FIRST_FORECAST + e];
      if (p !== -1) requireEntry([p], 0, 'a forecast', PROBABILITY, code);
    }
  }
}
