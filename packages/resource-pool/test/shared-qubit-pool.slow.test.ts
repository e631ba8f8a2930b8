import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SharedQubitPool } from '@sema/resource-pool';
import type { LeaseReport, LeaseTask } from './workers/lease-worker.ts';

const THREADS = 4;
const CYCLES = 50_000;
const OWNERS = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};

/** A worker does not inherit Vitest's loader, so it is given one that reads TypeScript. */
const BOOT = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(require('node:worker_threads').workerData.script);
  });
`;

function runThread(task: LeaseTask): Promise<LeaseReport> {
  return new Promise((resolve, reject) => {
    const script = new URL('./workers/lease-worker.ts', import.meta.url).href;
    const worker = new Worker(BOOT, {
      eval: true,
      workerData: { ...task, script },
      execArgv: ['--conditions=@sema/source'],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('four threads lease 200 000 times, half failing, and share or lose no qubit', async () => {
  const pool = SharedQubitPool.create(25, { owners: OWNERS });
  const holders = new SharedArrayBuffer(4 * 25);
  const totals = new SharedArrayBuffer(4 * 3);
  const owners = Object.entries(OWNERS).map(([name, limits]) => ({ name, ...limits }));
  const reports = await Promise.all(
    Array.from({ length: THREADS }, (_, index) =>
      runThread({
        handle: pool.handle,
        holders,
        totals,
        owners,
        thread: index + 1,
        cycles: CYCLES,
      }),
    ),
  );
  for (const report of reports) {
    expect(report).toEqual({ cycles: CYCLES, clashes: 0, overLimit: 0, timeouts: 0 });
  }
  expect(pool.metrics).toMatchObject({ inUse: 0, acquired: THREADS * CYCLES });
  expect(new Int32Array(holders).every((holder) => holder === 0)).toBe(true);
  expect(pool.tryAcquire({ owner: 'lmsr', min: 12, max: 12 })?.size).toBe(12);
});
