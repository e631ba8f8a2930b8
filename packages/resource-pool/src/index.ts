export { concurrence } from './entanglement/concurrence.ts';
export {
  entanglementMap,
  entanglementOfFormation,
  entropyBits,
  sharedEbits,
} from './entanglement/ebits.ts';
export type { EntanglementMap } from './entanglement/ebits.ts';
export {
  entangle,
  STABILIZER_TOLERANCE,
  stabilizersOf,
  verifyEntanglement,
} from './entanglement/entangle.ts';
export type { EntanglementKind, PauliString } from './entanglement/entangle.ts';
export {
  entangleNoisily,
  swapEntanglement,
  teleport,
  teleportOver,
} from './entanglement/teleport.ts';
export type { TeleportOutcome } from './entanglement/teleport.ts';
export { ResourcePoolError } from './errors.ts';
export type { ResourcePoolErrorCode } from './errors.ts';
export type { QubitLease } from './qubit-lease.ts';
export { MAX_CAPACITY, QubitPool } from './qubit-pool.ts';
export type { OwnerLimits, PoolMetrics, QubitPoolOptions, QubitRequest } from './qubit-pool.ts';
export type { KrausOperators } from './registers/kraus.ts';
export { MAX_SYSTEM_QUBITS, Registers, SCHMIDT_TOLERANCE } from './registers/registers.ts';
export type { RegisterRunOptions, RegistersOptions } from './registers/registers.ts';
