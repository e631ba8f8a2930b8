export {
  type DemComponent,
  type DemError,
  demErrors,
  type DemInstruction,
  type DetectorErrorModel,
} from './stim/detector-error-model.ts';
export { extractErrors } from './stim/extract-errors.ts';
export { parseDetectorErrorModel } from './stim/parse-detector-error-model.ts';
export { parseStimCircuit } from './stim/parse-stim-circuit.ts';
export { STIM_LIMITS } from './stim/limits.ts';
export { StimError, type StimErrorCode } from './stim/refusal.ts';
export { type DetectorSamples, StimSampler } from './stim/sampler.ts';
export { decodeShots, ShotTable } from './stim/shot-table.ts';
export { simulateStim, type StimRun } from './stim/simulate.ts';
export type {
  PauliFactor,
  PauliProduct,
  StimCircuit,
  StimInstruction,
} from './stim/stim-circuit.ts';
