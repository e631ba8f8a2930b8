export { ResourcePoolError } from './errors.ts';
export type { ResourcePoolErrorCode } from './errors.ts';
export type { QubitLease } from './qubit-lease.ts';
export { MAX_CAPACITY, QubitPool } from './qubit-pool.ts';
export type { OwnerLimits, PoolMetrics, QubitPoolOptions, QubitRequest } from './qubit-pool.ts';
