export { type Basis, decompose } from './optimiser/decompose.ts';
export { type GateCounts, gateCounts } from './optimiser/gate-counts.ts';
export { optimise } from './optimiser/optimise.ts';
