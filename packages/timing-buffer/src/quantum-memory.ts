export { type CheckLayout, repetitionLayout } from './quantum-memory/check-layout.ts';
export { NEUTRAL_ATOM, TRANSMON, TRAPPED_ION } from './quantum-memory/declared-hardware.ts';
export {
  cpmg,
  decouplingCircuit,
  dephasingExponent,
  filterFunction,
  FREE_PRECESSION,
  HAHN_ECHO,
  type PulseSequence,
  xy4,
} from './quantum-memory/decoupling.ts';
export { disentanglingCircuit } from './quantum-memory/encoding-circuit.ts';
export {
  type CycleNoise,
  cycleNoise,
  type Hardware,
  NOISELESS,
  type OperationCost,
  shortestCycleNs,
} from './quantum-memory/hardware.ts';
export { LookupDecoder } from './quantum-memory/lookup-decoder.ts';
export { type Decoding, MatchingDecoder } from './quantum-memory/matching-decoder.ts';
export { memoryCircuit } from './quantum-memory/memory-circuit.ts';
export {
  keptFidelity,
  type MemoryPlan,
  neededDistance,
  planMemory,
  type PlanOptions,
} from './quantum-memory/memory-plan.ts';
export {
  cardinalFidelity,
  type CoherenceTimes,
  idleRates,
  type PauliRates,
  repeatedRates,
  unprotectedFidelity,
} from './quantum-memory/pauli-rates.ts';
export {
  type Estimate,
  type MemoryCount,
  perCycleError,
  suppression,
} from './quantum-memory/per-cycle-error.ts';
export {
  bareProtection,
  cycleProtection,
  faultlessProtection,
  type Protection,
} from './quantum-memory/protection.ts';
export { rotatedSurfaceCode, rotatedSurfaceLayout } from './quantum-memory/rotated-surface.ts';
export { sampledErrorPerCycle, sampleMemory } from './quantum-memory/sampled-memory.ts';
export { splitErrors } from './quantum-memory/split-errors.ts';
export {
  bitFlipCode,
  FIVE_QUBIT_CODE,
  phaseFlipCode,
  type StabilizerCode,
  STEANE_CODE,
} from './quantum-memory/stabilizer-code.ts';
export {
  type BankMetrics,
  type BankOptions,
  type PreservedState,
  type RetrievedState,
  StateBanks,
} from './quantum-memory/state-banks.ts';
export {
  type KeptFidelity,
  trajectoryMemory,
  type TrajectoryMemoryOptions,
} from './quantum-memory/trajectory-memory.ts';
