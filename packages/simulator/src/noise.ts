export {
  amplitudeDamping,
  bitFlip,
  type Channel,
  depolarizing,
  krausChannel,
  pauliChannel,
  phaseDamping,
  phaseFlip,
  thermalRelaxation,
} from './noise/channels.ts';
export { densityExpectation } from './noise/density-expectation.ts';
export type {
  GateNoise,
  IdleNoise,
  NoiseModel,
  NoisyName,
  ReadoutError,
} from './noise/noise-model.ts';
export { outcomeProbabilities } from './noise/readout.ts';
export {
  basisDensityMatrix,
  type NoisyRunOptions,
  runDensityMatrix,
} from './noise/run-density-matrix.ts';
export {
  runTrajectory,
  trajectoryExpectation,
  type TrajectoryEstimate,
  type TrajectoryOptions,
} from './noise/run-trajectory.ts';
