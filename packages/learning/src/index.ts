export { coherentRotation, effectiveLosses } from './coherent-update.ts';
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
