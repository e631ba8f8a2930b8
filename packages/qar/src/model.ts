import {
  ExpertLearner,
  FeedbackOperator,
  LearningError,
  REGIME_CHARACTERISTICS,
  REGIMES,
  RegimeTracker,
  TrackRecord,
} from '@sema/learning';
import type {
  FeedbackSnapshot,
  LearnerSnapshot,
  Regime,
  RegimeTrackerSnapshot,
  TrackRecordSnapshot,
} from '@sema/learning';
import { encodeSnapshot } from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { monadHash } from '@sema/synthesis-crypto';
import { ACTIONS } from './actions.ts';
import type { EngineConfiguration } from './configuration.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';

/**
 * What became of an earlier decision: the price moved from the open it would have filled at to the
 * next.
 */
export interface MarketOutcome {
  /** What each expert said then: its direction, or 0. */
  readonly directions: Int8Array;
  /** The probability of a gain each voter gave then; NaN for an expert that did not vote. */
  readonly probabilities: Float64Array;
  readonly regime: Regime | undefined;
  /** Simple return between the two opens. */
  readonly change: number;
}

/** Everything that learns. Its hash is in every receipt. */
export class Model {
  readonly learner: ExpertLearner;
  readonly record: TrackRecord;
  readonly tracker: RegimeTracker;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
  readonly #oneWayCost: number;

  private constructor(parts: ModelParts, configuration: EngineConfiguration) {
    this.learner = parts.learner;
    this.record = parts.record;
    this.tracker = parts.tracker;
    this.feedback = parts.feedback;
    this.#oneWayCost = configuration.feeRate + configuration.slippageRate;
  }

  static create(configuration: EngineConfiguration): Model {
    const experts = EXPERTS.length;
    const parts: ModelParts = {
      learner: new ExpertLearner({ experts, learningRate: configuration.learningRate }),
      record: new TrackRecord({ experts, memory: configuration.recordMemory }),
      tracker: new RegimeTracker(),
      feedback: perRegime(feedbackFor),
    };
    return new Model(parts, configuration);
  }

  /**
   * Learns from one outcome. A move of exactly zero says nothing about direction and teaches
   * nothing.
   *
   * A voter's loss is the Brier score (p − y)² of its probability; everyone who named a direction,
   * voter or not, has it entered in the record. The weights fade towards equal ones with the
   * coherence time of the regime.
   */
  learn(outcome: MarketOutcome): void {
    const { change, directions, probabilities } = outcome;
    if (change === 0) return;
    const wentUp = change > 0;
    directions.forEach((direction, expert) => {
      if (direction === 1 || direction === -1) this.record.record(expert, direction, wentUp);
    });
    const losses = probabilities.map((p) => (p - (wentUp ? 1 : 0)) * (p - (wentUp ? 1 : 0)));
    const awake = Array.from(probabilities, (p) => !Number.isNaN(p));
    const { regime } = outcome;
    const share = regime === undefined ? 0 : 1 / REGIME_CHARACTERISTICS[regime].coherenceTime;
    this.learner.update(losses, awake, share);
    if (regime === undefined) return;
    const feedback = this.feedback[regime];
    const best = change > this.#oneWayCost ? 'long' : change < -this.#oneWayCost ? 'short' : 'flat';
    ACTIONS.forEach((action, index) => {
      feedback.record(index, action === best);
    });
  }

  hash(): string {
    return monadHash('sema/model/v1', encodeSnapshot(this.sections()));
  }

  /** The model as named sections of a snapshot. */
  sections(): Record<string, SectionValue> {
    const { amplitudes, ...learner } = this.learner.snapshot();
    const { right, wrong, ...record } = this.record.snapshot();
    return {
      learner,
      'learner.amplitudes': amplitudes,
      record,
      'record.right': right,
      'record.wrong': wrong,
      tracker: { ...this.tracker.snapshot() },
      feedback: REGIMES.map((regime) => ({ ...this.feedback[regime].snapshot() })),
    };
  }

  /**
   * The model a snapshot holds; each part checks its own section.
   *
   * @throws {QarError} `BAD_SNAPSHOT`
   */
  static restore(
    sections: Readonly<Record<string, SectionValue>>,
    configuration: EngineConfiguration,
  ): Model {
    try {
      return new Model(restoreParts(sections), configuration);
    } catch (error) {
      if (!(error instanceof LearningError || error instanceof TypeError)) throw error;
      throw new QarError('BAD_SNAPSHOT', `the model: ${error.message}`, { cause: error });
    }
  }
}

/** A crisis holds back whatever takes a position; the other regimes hold back nothing. */
const RISKY_ACTIONS = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

function feedbackFor(regime: Regime): FeedbackOperator {
  const risky = regime === 'crisis' ? RISKY_ACTIONS : [];
  return new FeedbackOperator({ regime, actions: ACTIONS.length, risky });
}

interface ModelParts {
  readonly learner: ExpertLearner;
  readonly record: TrackRecord;
  readonly tracker: RegimeTracker;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
}

/** The casts below only name what each `restore` checks for itself, field by field. */
function restoreParts(sections: Readonly<Record<string, SectionValue>>): ModelParts {
  const learner = ExpertLearner.restore({
    ...(sections.learner as object),
    amplitudes: sections['learner.amplitudes'],
  } as LearnerSnapshot);
  const record = TrackRecord.restore({
    ...(sections.record as object),
    right: sections['record.right'],
    wrong: sections['record.wrong'],
  } as TrackRecordSnapshot);
  if (learner.experts !== EXPERTS.length || record.experts !== EXPERTS.length) {
    throw new QarError('BAD_SNAPSHOT', `the model is not of ${String(EXPERTS.length)} experts`);
  }
  const feedback = sections.feedback as unknown as readonly FeedbackSnapshot[];
  return {
    learner,
    record,
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
