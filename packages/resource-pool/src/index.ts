export {
  concurrence,
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
export type { QubitRequest } from './owner-accounts.ts';
export type { PoolEvent, PoolEventKind, PoolStatistics } from './pool-record.ts';
export { QubitBank } from './qubit-bank.ts';
export type { QubitBankOptions, StateLease } from './qubit-bank.ts';
export type { QubitLease } from './qubit-lease.ts';
export { MAX_CAPACITY, QubitPool } from './qubit-pool.ts';
export type { PoolMetrics, QubitPoolOptions, Rebalance, WaitingOptions } from './qubit-pool.ts';
export { quotasOf } from './quotas.ts';
export type { OwnerLimits } from './quotas.ts';
export type { KrausOperators } from './registers/kraus.ts';
export type { ReadableSystem, RegisterSystem } from './registers/register-system.ts';
export { MAX_SYSTEM_QUBITS, Registers, SCHMIDT_TOLERANCE } from './registers/registers.ts';
export type { RegisterRunOptions, RegistersOptions } from './registers/registers.ts';
export { SharedQubitPool } from './threads/shared-qubit-pool.ts';
export type { SharedPoolHandle, SharedPoolMetrics } from './threads/shared-qubit-pool.ts';
export type { PagingMetrics } from './virtual/page-table.ts';
export { MAX_VIRTUAL_QUBITS, VirtualQubits } from './virtual/virtual-qubits.ts';
export type { VirtualQubitsOptions } from './virtual/virtual-qubits.ts';
export { MAX_PRIORITY } from './waiting-line.ts';
export type { Scheduler, WaitingRequest } from './waiting-line.ts';
