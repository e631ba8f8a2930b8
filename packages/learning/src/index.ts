export { coherentRotation, effectiveLosses } from './coherent-update.ts';
export { AncillaFilter } from './ancilla-filter.ts';
export { type LedgerSnapshot, type Refusal } from './decision-ledger.ts';
export { LearningError, type LearningErrorCode } from './errors.ts';
export { ExpertLearner, type LearnerSnapshot } from './expert-learner.ts';
export {
  FEEDBACK_MEMORY,
  FeedbackOperator,
  type FeedbackMemory,
  type FeedbackSnapshot,
} from './feedback-operator.ts';
export {
  applyRotation,
  rotationGenerator,
  rotationUnitary,
  type PlaneRotation,
} from './plane-rotation.ts';
export {
  regimeAmplitudes,
  regimeMemberships,
  REGIMES,
  STOCK_INDEX_THRESHOLDS,
  thresholdsFor,
  type Regime,
  type RegimeFeatures,
  type RegimeThresholds,
  type SoftBoundary,
} from './regimes.ts';
export {
  RegimeTracker,
  type RegimeTrackerOptions,
  type RegimeTrackerSnapshot,
} from './regime-tracker.ts';
export { TrackRecord, type TrackRecordOptions, type TrackRecordSnapshot } from './track-record.ts';
export { ExperienceOperator, type Coupling } from './experience-operator.ts';
export {
  CONTEXTS,
  ExperienceRegister,
  LEARNING_QUBITS,
  type ExperienceRegisterSnapshot,
  type Presence,
  type UpdateForm,
} from './experience-register.ts';
export { ExperienceReservoir, type ReservoirSnapshot } from './experience-reservoir.ts';
export { firstOrderRotation } from './first-order-update.ts';
export {
  LearningOrchestrator,
  type DecisionOutcome,
  type LearningAnswer,
  type LearningOrchestratorOptions,
  type LearningQuestion,
  type LearningResult,
  type OrchestratorSnapshot,
} from './learning-orchestrator.ts';
export { MatrixLearner, type MatrixLearnerSnapshot } from './matrix-learner.ts';
export { PairGains, type PairGain, type PairGainsSnapshot } from './pair-gains.ts';
export { REGIME_CHARACTERISTICS, type RegimeCharacteristics } from './regime-characteristics.ts';
export { SnapshotHistory } from './snapshot-history.ts';
export { Synergy, type SynergySnapshot } from './synergy.ts';
export { applyMarkedPhase, applyPatternPhase, type SplitState } from './pattern-phase.ts';
export {
  applyRiskSuppression,
  riskSuppressionUnitary,
  type RiskSuppression,
} from './risk-suppression.ts';
export {
  PATTERN_LIFETIME_MS,
  PerformanceTracker,
  type Performance,
  type PerformanceSnapshot,
  type PerformanceTrackerOptions,
  type ReliabilityBin,
} from './performance-tracker.ts';
export {
  QuantumSignature,
  type CircuitReading,
  type SignatureSnapshot,
} from './quantum-signature.ts';
