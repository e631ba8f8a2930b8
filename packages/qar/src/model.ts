import { CONTEXTS, LearningError, REGIMES, RegimeTracker } from '@sema/learning';
import type {
  FeedbackOperator,
  LearningOrchestrator,
  LearningResult,
  Presence,
  Regime,
  TrackRecord,
} from '@sema/learning';
import { encodeSnapshot } from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { monadHash, MonadHasher } from '@sema/synthesis-crypto';
import { ACTIONS } from './actions.ts';
import type { Seat } from './board.ts';
import type { EngineConfiguration } from './configuration.ts';
import type { BoardState } from './emergence/board-state.ts';
import type { Emergence } from './emergence/emergence.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import { newParts, restoreParts } from './model-parts.ts';
import type { ModelParts } from './model-parts.ts';
import type { AlgorithmLearner } from './resources/algorithm-learner.ts';
import type { EntanglementRecord } from './resources/entanglement-record.ts';
import { ALGORITHMS } from './resources/qubit-shares.ts';
import type { BasalGanglia, Selection } from './selection/basal-ganglia.ts';
import type { TradedDecision } from './risk/intervention.ts';
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
  /**
   * What the algorithms said then, in the order of `ALGORITHMS`, and the fusion without and with
   * entanglement where that is learned; left out or empty where nothing was decided.
   */
  readonly forecasts?: Float64Array | undefined;
  readonly regime: Regime;
  /** Simple return between the two opens. */
  readonly change: number;
}

const NOTHING = new Float64Array(0);
/** Of an outcome: nine numbers, a direction per expert, the algorithms' and fusions' forecasts. */
const MOST_FACTS = 9 + EXPERTS.length + ALGORITHMS.length + 2;
/** What `decide` asks of a model, one that learns or one that is frozen. */
export type DecidingModel = Pick<
  Model,
  'record' | 'feedback' | 'algorithmWeights' | 'entangles' | 'weigh' | 'observe' | 'select'
>;

/** Everything that learns. Its hash is in every receipt. */
export class Model implements Disposable {
  readonly record: TrackRecord;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
  readonly selection: BasalGanglia;
  readonly #learner: LearningOrchestrator;
  readonly #tracker: RegimeTracker;
  readonly #algorithms: AlgorithmLearner;
  readonly #entanglement: EntanglementRecord | undefined;
  readonly #alwaysEntangles: boolean;
  readonly #oneWayCost: number;
  readonly #board: BoardState | undefined;
  readonly #hasher = new MonadHasher();
  /** The facts of a link, and the same as bytes. */
  readonly #facts = new Float64Array(MOST_FACTS);
  readonly #factBytes = new Uint8Array(this.#facts.buffer);
  #presence: Presence;
  #hash: string;

  private constructor(parts: ModelParts, configuration: EngineConfiguration) {
    this.#learner = parts.learner;
    this.#tracker = parts.tracker;
    this.#algorithms = parts.algorithms;
    this.#entanglement = parts.entanglement;
    this.#alwaysEntangles = configuration.qubits.entanglement === 'always';
    this.#presence = parts.presence;
    this.#hash = parts.hash;
    this.#board = parts.board;
    this.record = parts.record;
    this.feedback = parts.feedback;
    this.selection = parts.selection;
    this.#oneWayCost = configuration.feeRate + configuration.slippageRate;
  }

  static create(configuration: EngineConfiguration): Model {
    return new Model(newParts(configuration), configuration);
  }

  /**
   * Which model this is: the last link of a chain that starts from the configuration and the names
   * of the experts and has one link for each opinion weighed, each open of a candle and each trade
   * told, in their order; the link of an open holds the selection before it and the outcome that
   * it settles. The model is a deterministic function of that sequence, so equal hashes mean equal
   * models, bit for bit, and another opinion or outcome anywhere gives another hash; a selection
   * is in it from the next open on. A link costs as much as what was said or learned, however
   * large the model has grown.
   */
  get hash(): string {
    return this.#hash;
  }

  /** Weights of all experts where the market was last, voters or not, couplings aside; sum 1. */
  get weights(): Float64Array {
    return this.#learner.weights(this.#presence);
  }

  /** Weights of the algorithms, in the order of `ALGORITHMS`, sum 1. */
  get algorithmWeights(): Float64Array {
    return this.#algorithms.weights;
  }

  /** Whether the regime's pattern entangles the algorithms now. */
  entangles(regime: Regime): boolean {
    return this.#alwaysEntangles || (this.#entanglement?.engaged(regime) ?? false);
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
    const experts = seats.length;
    const probabilities = new Float64Array(experts);
    for (let e = 0; e < experts; e++) {
      const seat = seats[e];
      probabilities[e] = seat.kind === 'vote' ? seat.probabilityUp : NaN;
    }
    const presence = { regimes, contexts };
    const regime = this.#tracker.update(regimes);
    const { decision, weights } = this.#learner.decide({ time, regime, presence, probabilities });
    this.#presence = presence;
    const facts = this.#facts;
    facts[0] = time;
    facts.set(regimes, 1);
    facts.set(contexts, 1 + REGIMES.length);
    const first = 1 + REGIMES.length + CONTEXTS;
    // −1 for an abstention: the bits of NaN are not the same everywhere.
    for (let e = 0; e < experts; e++) {
      facts[first + e] = Number.isNaN(probabilities[e]) ? -1 : probabilities[e];
    }
    this.#extend('weighed', first + experts);
    return { lesson: decision, regime, weights };
  }

  /**
   * Takes note of what the groups of the board do, and says how much they are one.
   *
   * @returns undefined where the configuration does not ask, or too little is remembered.
   */
  observe(seats: readonly Seat[]): Emergence | undefined {
    if (this.#board === undefined) return undefined;
    const directions = directionsOf(seats);
    this.#facts.set(directions);
    this.#extend('observed', directions.length);
    return this.#board.observe(directions);
  }

  /** Go or no-go of the likeliest action, to be learned from when its position has closed. */
  select(preferences: Float64Array, regime: Regime): Selection {
    return this.selection.select(preferences, regime);
  }

  /**
   * This model as it stands, for `decide`: it says what this one would say now of any window, and
   * takes note of none. It follows what this model learns.
   */
  frozen(): DecidingModel {
    let lessons = 0;
    const weigh = ({ regimes, contexts, seats }: BoardOpinion): BoardWeights => {
      const probabilities = Float64Array.from(seats, (seat) =>
        seat.kind === 'vote' ? seat.probabilityUp : NaN,
      );
      const regime = RegimeTracker.restore(this.#tracker.snapshot()).update(regimes);
      const { weights } = this.#learner.foresee({ regimes, contexts }, probabilities);
      return { lesson: lessons++, regime, weights };
    };
    const algorithms = this.#algorithms;
    return {
      record: this.record,
      feedback: this.feedback,
      get algorithmWeights() {
        return algorithms.weights;
      },
      entangles: (regime) => this.entangles(regime),
      weigh,
      observe: (seats) => this.#board?.copy().observe(directionsOf(seats)),
      select: (preferences, regime) => this.selection.foresee(preferences, regime),
    };
  }

  /**
   * Takes in the open of the next candle: what the position that it closes has come to, and the
   * outcome of an opinion that it settles. A move of exactly zero says nothing about direction and
   * teaches no expert anything; nor does an outcome that the learner refuses.
   *
   * A voter's loss is the Brier score (p − y)² of its probability in the regimes and contexts of
   * then, and who abstained keeps its weight; everyone who named a direction, voter or not, has it
   * entered in the record. How fast learning fades, how many experts couplings may tie together and
   * how many outcomes are held back to measure them follow the regime.
   *
   * @param price - the open, > 0.
   * @returns undefined for a move of zero and without an outcome.
   */
  open(price: number, outcome: MarketOutcome | undefined): LearningResult | undefined {
    const [side, evidence, went] = this.selection.proposed;
    this.selection.advance(price);
    if (outcome === undefined) {
      this.#facts.set([price, side, evidence, went]);
      this.#extend('opened', 4);
      return undefined;
    }
    const { lesson, time, change, regime, directions, forecasts = NOTHING } = outcome;
    const isNumber = Number.isFinite(change);
    const facts = this.#facts;
    facts[0] = lesson;
    facts[1] = time;
    facts[2] = REGIMES.indexOf(regime);
    facts[3] = isNumber ? 1 : 0;
    facts[4] = isNumber ? change : 0;
    facts[5] = price;
    facts[6] = side;
    facts[7] = evidence;
    facts[8] = went;
    facts.set(directions, 9);
    facts.set(forecasts, 9 + directions.length);
    this.#extend('learned', 9 + directions.length + forecasts.length);
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
    this.#judge(forecasts, regime, wentUp);
    const best = change > this.#oneWayCost ? 'long' : change < -this.#oneWayCost ? 'short' : 'flat';
    ACTIONS.forEach((action, index) => {
      this.feedback[regime].record(index, action === best);
    });
    return result;
  }

  /**
   * Takes in what became of a position that was taken on a decision of the model as it once was.
   * Confidence and the thresholds of selection learn from it; experts do not, whose word is on the
   * next candle and was learned there.
   */
  learnTrade({ side, evidence, regime }: TradedDecision, profitable: boolean): void {
    const index = REGIMES.indexOf(regime);
    this.selection.learnTaken({ side, evidence, regime: index, went: true, profitable });
    this.#facts.set([side, evidence, index, profitable ? 1 : 0]);
    this.#extend('traded', 4);
  }

  /**
   * The model as named sections of a snapshot, and a digest that binds its hash to them. O(model).
   */
  sections(): Record<string, SectionValue> {
    const { regimes, contexts } = this.#presence;
    const state = {
      ...toSections('learner', this.#learner.snapshot()),
      ...toSections('record', this.record.snapshot()),
      ...toSections('algorithms', this.#algorithms.snapshot()),
      ...(this.#entanglement && toSections('entanglement', this.#entanglement.snapshot())),
      ...toSections('selection', this.selection.snapshot()),
      tracker: { ...this.#tracker.snapshot() },
      feedback: REGIMES.map((regime) => ({ ...this.feedback[regime].snapshot() })),
      presence: { regimes: Array.from(regimes), contexts: Array.from(contexts) },
      ...(this.#board !== undefined && toSections('board', this.#board.snapshot())),
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
      const model = new Model(restoreParts(sections, configuration), configuration);
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

  #judge(forecasts: Float64Array, regime: Regime, wentUp: boolean): void {
    if (forecasts.length === 0) return;
    this.#algorithms.learn(forecasts, wentUp);
    const [plain, entangled] = forecasts.subarray(ALGORITHMS.length);
    this.#entanglement?.record(regime, plain, entangled, wentUp);
  }

  /** @param count - how many facts there are. */
  #extend(event: 'weighed' | 'opened' | 'observed' | 'learned' | 'traded', count: number): void {
    const said = this.#factBytes.subarray(0, 8 * count);
    this.#hash = this.#hasher.hash('sema/model-link/v1', { event, previous: this.#hash, said });
  }
}

function directionsOf(seats: readonly Seat[]): Float64Array {
  return Float64Array.from(seats, (seat) => seat.direction ?? 0);
}
