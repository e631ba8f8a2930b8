export type { Clock } from './clock.ts';
export { MEASUREMENT_LIMIT } from './entry.ts';
export { TimingBufferError } from './errors.ts';
export type { TimingBufferErrorCode } from './errors.ts';
export { MAX_CAPACITY_SLOTS, OverwritingRing } from './overwriting-ring.ts';
export type { RingRead } from './overwriting-ring.ts';
export { HISTOGRAM_BINS, WindowAggregator } from './window-aggregator.ts';
export type { WindowSummary } from './window-aggregator.ts';
