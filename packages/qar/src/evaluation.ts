export { optimalMeanBlock, pairedInterval, stationaryBootstrap } from './evaluation/bootstrap.ts';
export type { BootstrapOptions, PairedInterval, Resampler } from './evaluation/bootstrap.ts';
export { normalCdf, normalQuantile } from './evaluation/normal.ts';
export { overfittingProbability } from './evaluation/overfitting.ts';
export type { Overfitting } from './evaluation/overfitting.ts';
export { netReturns, randomEntries, shuffledDrawdown } from './evaluation/randomised.ts';
export type {
  PositionRecord,
  Randomisation,
  RandomisationOptions,
} from './evaluation/randomised.ts';
export {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeMoments,
} from './evaluation/sharpe.ts';
export type { SharpeMoments, TrialSpread } from './evaluation/sharpe.ts';
export { combinatorialSplits, walkForward } from './evaluation/splits.ts';
export type {
  CombinatorialOptions,
  CombinatorialSplits,
  RowRange,
  Split,
  WalkForwardOptions,
} from './evaluation/splits.ts';
export { realityCheck, superiorPredictiveAbility } from './evaluation/superiority.ts';
export type { Superiority, SuperiorityOptions } from './evaluation/superiority.ts';
