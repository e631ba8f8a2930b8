import {
  FeedbackOperator,
  LearningOrchestrator,
  REGIMES,
  RegimeTracker,
  TrackRecord,
} from '@sema/learning';
import type {
  FeedbackSnapshot,
  LearnerSnapshot,
  OrchestratorSnapshot,
  Presence,
  Regime,
  RegimeTrackerSnapshot,
  TrackRecordSnapshot,
} from '@sema/learning';
import type { SectionValue } from '@sema/serializer';
import { monadHash } from '@sema/synthesis-crypto';
import { ACTIONS } from './actions.ts';
import { configurationHash } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import { BoardState } from './emergence/board-state.ts';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import { AlgorithmLearner } from './resources/algorithm-learner.ts';
import { EntanglementRecord } from './resources/entanglement-record.ts';
import { BasalGanglia } from './selection/basal-ganglia.ts';
import { fromSections } from './snapshot-sections.ts';

/** What a model is made of. */
export interface ModelParts {
  readonly learner: LearningOrchestrator;
  readonly record: TrackRecord;
  readonly tracker: RegimeTracker;
  readonly feedback: Readonly<Record<Regime, FeedbackOperator>>;
  readonly algorithms: AlgorithmLearner;
  /** Only where entanglement is learned. */
  readonly entanglement: EntanglementRecord | undefined;
  readonly presence: Presence;
  readonly selection: BasalGanglia;
  /** Where the configuration asks for emergence. */
  readonly board: BoardState | undefined;
  readonly hash: string;
}

/** Opinions that may wait for their outcome: two ever do, and a move of zero leaves one behind. */
const OPEN_LESSONS = 8;
/** Before the first window nothing is known of the market, so every cell counts alike. */
const ANYWHERE: Presence = {
  regimes: [0.25, 0.25, 0.25, 0.25],
  contexts: [0.25, 0.25, 0.25, 0.25],
};

/** What a model that has seen nothing yet is made of. */
export function newParts(configuration: EngineConfiguration): ModelParts {
  const experts = EXPERTS.length;
  return {
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
    algorithms: AlgorithmLearner.create(configuration.periodsPerYear),
    entanglement: learnsEntanglement(configuration) ? new EntanglementRecord() : undefined,
    presence: ANYWHERE,
    selection: new BasalGanglia(configuration),
    board: boardStateFor(configuration),
    hash: monadHash('sema/model/v3', {
      configuration: configurationHash(configuration),
      experts: EXPERTS.map(({ name }) => name),
    }),
  };
}

function boardStateFor(configuration: EngineConfiguration): BoardState | undefined {
  const { emergenceThreshold, recordMemory } = configuration;
  return emergenceThreshold === null ? undefined : new BoardState(recordMemory);
}

/** A crisis holds back whatever takes a position; the other regimes hold back nothing. */
const RISKY_ACTIONS = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

function feedbackFor(regime: Regime): FeedbackOperator {
  const risky = regime === 'crisis' ? RISKY_ACTIONS : [];
  return new FeedbackOperator({ regime, actions: ACTIONS.length, risky });
}

/**
 * What a snapshot holds of a model.
 *
 * @throws {QarError} `BAD_SNAPSHOT`, and whatever each part throws for its own section.
 */
export function restoreParts(
  sections: Readonly<Record<string, SectionValue>>,
  configuration: EngineConfiguration,
): ModelParts {
  // The casts only name what each `restore` checks for itself, field by field.
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
    algorithms: AlgorithmLearner.restore(
      fromSections('algorithms', sections) as unknown as LearnerSnapshot,
      configuration.periodsPerYear,
    ),
    entanglement: learnsEntanglement(configuration)
      ? EntanglementRecord.restore(fromSections('entanglement', sections))
      : undefined,
    selection: BasalGanglia.restore(configuration, fromSections('selection', sections)),
    board:
      configuration.emergenceThreshold === null
        ? undefined
        : BoardState.restore(configuration.recordMemory, fromSections('board', sections)),
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

function learnsEntanglement({ qubits }: EngineConfiguration): boolean {
  return qubits.entanglement === 'learned';
}

function perRegime<Value>(make: (regime: Regime, index: number) => Value): Record<Regime, Value> {
  const [stable, trending, volatile, crisis] = REGIMES.map(make);
  return { stable, trending, volatile, crisis };
}
