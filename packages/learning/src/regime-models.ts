export { compareScores, type ScoreComparison } from './regime-models/diebold-mariano.ts';
export {
  filterHmm,
  fitHmm,
  type GaussianHmm,
  type HmmFit,
  type HmmFitOptions,
} from './regime-models/gaussian-hmm.ts';
export {
  QuantumRegimeFilter,
  type QuantumRegimeFilterOptions,
} from './regime-models/quantum-regime-filter.ts';
export {
  advance,
  hamiltonFilter,
  kimSmoother,
  stationaryDistribution,
  type FilteredRegimes,
  type RegimeChain,
} from './regime-models/regime-filter.ts';
export {
  filterAutoregression,
  filterRegression,
  logNormalDensity,
  presentRegimes,
  type SwitchingAutoregression,
  type SwitchingRegression,
} from './regime-models/switching-models.ts';
