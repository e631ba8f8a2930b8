import {
  FeedbackOperator,
  LearningError,
  LearningOrchestrator,
  REGIMES,
  RegimeTracker,
  TrackRecord,
} from '@sema/learning';
import type {
  FeedbackSnapshot,
  LearningResult,
  OrchestratorSnapshot,
  Presence,
  Regime,
  RegimeTrackerSnapshot,
  TrackRecordSnapshot,
} from '@sema/learning';
import { encodeSnapshot } from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { monadHash } from '@sema/synthesis-crypto';
import { ACTIONS } from './actions.ts';
import type { Seat } from './board.ts';
import { configurationHash } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import { fromSections, toSections } from './snapshot-sections.ts';

/** What the board said on one window. */
export interface BoardOpinion extends Presence {
  /** Market time, ms, not before that of the opinion before. */
  readonly time: number;
  /** Shares of the four regimes. */
  readonly regimes: Float64Array;
  /** Shares of the four contexts. */
  readonly contexts: Float64Array;
  /** In the order of `EXPERTS`. */
  readonly seats: readonly Seat[];
}

/** What the model makes of it. */
export interface BoardWeights {
  /** The number under which the outcome is to be learned. */
  readonly lesson: number;
  readonly regime: Regime;
  /** Weight per expert: 0 without a vote, sum 1 over the voters, all 0 when nobody voted. */
  readonly weights: Float64Array;
}

/**
 * What became of an earlier decision: the price moved from the open it would have filled at to the
 * next.
 */
export interface MarketOutcome {
  /** The number that `weigh` gave. */
  readonly lesson: number;
  /** Market time at which it was known, ms. */
  readonly time: number;
  /** What each expert said then: its direction, or 0. */
  readonly directions: Int8Array;
  readonly regime: Regime;
  /** Simple return between the two opens. */
  readonly change: number;
}

interface ModelParts {
  readonly learner: LearningOrchestrator;
  readonly record: TrackRecord;
  readonly tracker: RegimeTracker;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
  readonly presence: Presence;
  readonly hash: string;
}

/** Opinions that may wait for their outcome: two ever do, and a move of zero leaves one behind. */
const OPEN_LESSONS = 8;
/** Before the first window nothing is known of the market, so every cell counts alike. */
const ANYWHERE: Presence = {
  regimes: [0.25, 0.25, 0.25, 0.25],
  contexts: [0.25, 0.25, 0.25, 0.25],
};

/** Everything that learns. Its hash is in every receipt. */
export class Model implements Disposable {
  readonly record: TrackRecord;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
  readonly #learner: LearningOrchestrator;
  readonly #tracker: RegimeTracker;
  readonly #oneWayCost: number;
  #presence: Presence;
  #hash: string;

  private constructor(parts: ModelParts, configuration: EngineConfiguration) {
    this.#learner = parts.learner;
    this.#tracker = parts.tracker;
    this.#presence = parts.presence;
    this.#hash = parts.hash;
    this.record = parts.record;
    this.feedback = parts.feedback;
    this.#oneWayCost = configuration.feeRate + configuration.slippageRate;
  }

  static create(configuration: EngineConfiguration): Model {
    const experts = EXPERTS.length;
    const parts: ModelParts = {
      learner: new LearningOrchestrator({
        experts,
        learningRate: configuration.learningRate,
        form: 'rotation',
        seed: configuration.learningSeed,
        openDecisions: OPEN_LESSONS,
      }),
      record: new TrackRecord({ experts, memory: configuration.recordMemory }),
      tracker: new RegimeTracker(),
      feedback: perRegime(feedbackFor),
      presence: ANYWHERE,
      hash: monadHash('sema/model/v2', {
        configuration: configurationHash(configuration),
        experts: EXPERTS.map(({ name }) => name),
      }),
    };
    return new Model(parts, configuration);
  }

  /**
   * Which model this is: the last link of a chain that starts from the configuration and the names
   * of the experts and has one link for each opinion weighed and each outcome learned, in their
   * order. The model is a deterministic function of that sequence, so equal hashes mean equal
   * models, bit for bit, and another opinion or outcome anywhere gives another hash. A link costs
   * as much as what was said or learned, however large the model has grown.
   */
  get hash(): string {
    return this.#hash;
  }

  /** Weights of all experts where the market was last, voters or not, couplings aside; sum 1. */
  get weights(): Float64Array {
    return this.#learner.weights(this.#presence);
  }

  /** What the learner has to say of itself: outcomes by kind, and what experts gain together. */
  get learning(): Pick<LearningOrchestrator, 'counts' | 'synergy'> {
    return this.#learner;
  }

  /**
   * Names the regime to act by, weighs the voters by what was learned in this regime and context,
   * and waits for the outcome.
   *
   * @throws {LearningError} `INVALID_TIME`, `INVALID_MEMBERSHIPS`
   */
  weigh({ time, regimes, contexts, seats }: BoardOpinion): BoardWeights {
    const probabilities = Float64Array.from(seats, (seat) =>
      seat.kind === 'vote' ? seat.probabilityUp : NaN,
    );
    const presence = { regimes, contexts };
    const regime = this.#tracker.update(regimes);
    const { decision, weights } = this.#learner.decide({ time, regime, presence, probabilities });
    this.#presence = presence;
    // −1 for an abstention: the bits of NaN are not the same everywhere.
    const said = probabilities.map((p) => (Number.isNaN(p) ? -1 : p));
    this.#extend('weighed', [time, ...regimes, ...contexts, ...said]);
    return { lesson: decision, regime, weights };
  }

  /**
   * This model as it stands, for `decide`: it says what `weigh` would say now of any window, and
   * takes note of none. It follows what this model learns.
   */
  frozen(): Pick<Model, 'record' | 'feedback' | 'weigh'> {
    const weigh = ({ regimes, contexts, seats }: BoardOpinion): BoardWeights => {
      const probabilities = Float64Array.from(seats, (seat) =>
        seat.kind === 'vote' ? seat.probabilityUp : NaN,
      );
      const regime = RegimeTracker.restore(this.#tracker.snapshot()).update(regimes);
      const { weights } = this.#learner.foresee({ regimes, contexts }, probabilities);
      return { lesson: 0, regime, weights };
    };
    return { record: this.record, feedback: this.feedback, weigh };
  }

  /**
   * Learns from one outcome. A move of exactly zero says nothing about direction and teaches
   * nothing; an outcome that the learner refuses teaches nothing either.
   *
   * A voter's loss is the Brier score (p − y)² of its probability in the regimes and contexts of
   * then, and who abstained keeps its weight; everyone who named a direction, voter or not, has it
   * entered in the record. How fast learning fades, how many experts couplings may tie together and
   * how many outcomes are held back to measure them follow the regime.
   *
   * @returns undefined for a move of zero.
   */
  learn(outcome: MarketOutcome): LearningResult | undefined {
    const { lesson, time, change, regime, directions } = outcome;
    const isNumber = Number.isFinite(change);
    const moved = isNumber ? [1, change] : [0, 0];
    this.#extend('learned', [lesson, time, REGIMES.indexOf(regime), ...moved, ...directions]);
    if (change === 0) return undefined;
    const wentUp = change > 0;
    const result = this.#learner.learn({
      decision: lesson,
      time,
      outcome: isNumber ? Number(wentUp) : NaN,
    });
    if (result.kind === 'refused') return result;
    directions.forEach((direction, expert) => {
      if (direction === 1 || direction === -1) this.record.record(expert, direction, wentUp);
    });
    const best = change > this.#oneWayCost ? 'long' : change < -this.#oneWayCost ? 'short' : 'flat';
    ACTIONS.forEach((action, index) => {
      this.feedback[regime].record(index, action === best);
    });
    return result;
  }

  /**
   * The model as named sections of a snapshot, and a digest that binds its hash to them. O(model).
   */
  sections(): Record<string, SectionValue> {
    const { regimes, contexts } = this.#presence;
    const state = {
      ...toSections('learner', this.#learner.snapshot()),
      ...toSections('record', this.record.snapshot()),
      tracker: { ...this.#tracker.snapshot() },
      feedback: REGIMES.map((regime) => ({ ...this.feedback[regime].snapshot() })),
      presence: { regimes: Array.from(regimes), contexts: Array.from(contexts) },
    };
    const hash = this.#hash;
    const digest = monadHash('sema/model-state/v1', { hash, state: encodeSnapshot(state) });
    return { ...state, model: { hash, digest } };
  }

  /**
   * The model a snapshot holds. Each part checks its own section, and what was restored must have
   * the digest that the snapshot gives for its hash.
   *
   * @throws {QarError} `BAD_SNAPSHOT`
   */
  static restore(
    sections: Readonly<Record<string, SectionValue>>,
    configuration: EngineConfiguration,
  ): Model {
    try {
      const model = new Model(restoreParts(sections), configuration);
      const { digest } = model.sections().model as { readonly digest: string };
      if (fromSections('model', sections).digest === digest) return model;
      throw new QarError('BAD_SNAPSHOT', 'the model is not the one of its hash');
    } catch (error) {
      if (!(error instanceof LearningError || error instanceof TypeError)) throw error;
      throw new QarError('BAD_SNAPSHOT', `the model: ${error.message}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#learner[Symbol.dispose]();
  }

  #extend(event: 'weighed' | 'learned', facts: readonly number[]): void {
    const said = new Uint8Array(Float64Array.from(facts).buffer);
    this.#hash = monadHash('sema/model-link/v1', { previous: this.#hash, event, said });
  }
}

/** A crisis holds back whatever takes a position; the other regimes hold back nothing. */
const RISKY_ACTIONS = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

function feedbackFor(regime: Regime): FeedbackOperator {
  const risky = regime === 'crisis' ? RISKY_ACTIONS : [];
  return new FeedbackOperator({ regime, actions: ACTIONS.length, risky });
}

/** The casts below only name what each `restore` checks for itself, field by field. */
function restoreParts(sections: Readonly<Record<string, SectionValue>>): ModelParts {
  const learner = LearningOrchestrator.restore(
    fromSections('learner', sections) as unknown as OrchestratorSnapshot,
  );
  const record = TrackRecord.restore(
    fromSections('record', sections) as unknown as TrackRecordSnapshot,
  );
  if (learner.experts !== EXPERTS.length || record.experts !== EXPERTS.length) {
    throw new QarError('BAD_SNAPSHOT', `the model is not of ${String(EXPERTS.length)} experts`);
  }
  const { hash } = fromSections('model', sections);
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) {
    throw new QarError('BAD_SNAPSHOT', 'the model has no hash');
  }
  const presence = fromSections('presence', sections) as unknown as Presence;
  // Refuses shares that are none.
  learner.weights(presence);
  const feedback = sections.feedback as unknown as readonly FeedbackSnapshot[];
  return {
    learner,
    record,
    presence,
    hash,
    tracker: RegimeTracker.restore(sections.tracker as unknown as RegimeTrackerSnapshot),
    feedback: perRegime((regime, index) => {
      const operator = FeedbackOperator.restore(feedback[index]);
      const isSame = operator.risky.join() === feedbackFor(regime).risky.join();
      if (operator.regime === regime && operator.actions === ACTIONS.length && isSame) {
        return operator;
      }
      throw new QarError(
        'BAD_SNAPSHOT',
        `feedback ${String(index)} is not of the ${regime} regime`,
      );
    }),
  };
}

function perRegime<Value>(make: (regime: Regime, index: number) => Value): Record<Regime, Value> {
  const [stable, trending, volatile, crisis] = REGIMES.map(make);
  return { stable, trending, volatile, crisis };
}
