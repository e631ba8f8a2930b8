export type { Clock } from './clock.ts';
export { MEASUREMENT_LIMIT } from './entry.ts';
export { TimingBufferError } from './errors.ts';
export type { TimingBufferErrorCode } from './errors.ts';
export { MAX_CAPACITY_SLOTS, OverwritingRing } from './overwriting-ring.ts';
export type { RingRead } from './overwriting-ring.ts';
export type { RingCursor } from './ring-cursor.ts';
export { MAX_WINDOW_ENTRIES, SlidingWindow } from './sliding-window.ts';
export type { SlidingWindowOptions } from './sliding-window.ts';
export { WindowAggregator } from './window-aggregator.ts';
export { HISTOGRAM_BINS, ReusableSummary } from './window-summary.ts';
export type { WindowSummary } from './window-summary.ts';
export { createSharedRing } from './shared-ring.ts';
export type { SharedRingOptions } from './shared-ring.ts';
export { SharedRingConsumer } from './shared-ring-consumer.ts';
export type { SharedRingConsumerOptions } from './shared-ring-consumer.ts';
export { SharedRingProducer } from './shared-ring-producer.ts';
export type { SharedRingProducerOptions } from './shared-ring-producer.ts';
export { sleepWait, spinWait, yieldWait } from './wait-strategy.ts';
export type { WaitStrategy } from './wait-strategy.ts';
export { DurationHistogram } from './duration-histogram.ts';
export {
  DECISION_CYCLE_NS,
  MARKET_SYNC_NS,
  Orchestrator,
  QUANTUM_BATCH_NS,
} from './orchestrator.ts';
export type {
  EventRequest,
  Occasion,
  OrchestratorMetrics,
  OrchestratorOptions,
  PeriodicRequest,
  Waiter,
} from './orchestrator.ts';
export { ArrivalPredictor, BatchPredictor } from './predictors.ts';
export type { BatchPredictorOptions, PredictorOptions } from './predictors.ts';
export { LAYERS_NS, RHYTHMS, RHYTHMS_NS, RhythmSchedule } from './rhythms.ts';
export type { Beat, BeatRequest, Rhythm, RhythmOptions } from './rhythms.ts';
export { VirtualClock } from './virtual-clock.ts';
