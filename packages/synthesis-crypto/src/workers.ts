export { WorkerPool } from './workers/worker-pool.ts';
export type { JobOptions, WorkerPoolMetrics, WorkerPoolOptions } from './workers/worker-pool.ts';
