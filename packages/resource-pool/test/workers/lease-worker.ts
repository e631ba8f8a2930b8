import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { SharedQubitPool } from '@sema/resource-pool';
import type { SharedPoolHandle } from '@sema/resource-pool';

export interface LeaseTask {
  readonly handle: SharedPoolHandle;
  /** One word a qubit: the thread that holds it, or 0. */
  readonly holders: SharedArrayBuffer;
  /** One word an owner: what it holds. */
  readonly totals: SharedArrayBuffer;
  readonly owners: readonly { readonly name: string; readonly min: number; readonly max: number }[];
  readonly thread: number;
  readonly cycles: number;
}

/** What a thread saw; nothing but cycles when all is well. */
export interface LeaseReport {
  cycles: number;
  clashes: number;
  overLimit: number;
  timeouts: number;
}

/** Leases and returns at random, half of the time by failing, and marks what it holds. */
export function leaseAtRandom(task: LeaseTask): LeaseReport {
  const pool = new SharedQubitPool(task.handle);
  const holders = new Int32Array(task.holders);
  const totals = new Int32Array(task.totals);
  const report = { cycles: 0, clashes: 0, overLimit: 0, timeouts: 0 };
  const clock = { nowNs: () => performance.now() * 1e6 };
  let state = task.thread;
  const below = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  while (report.cycles < task.cycles) {
    const index = below(task.owners.length);
    const { name, max } = task.owners[index];
    const min = 1 + below(3);
    const request = { owner: name, min, max: min + below(max) };
    const waits = below(2) === 0;
    const found = waits ? pool.acquireBlocking(request, 30_000, clock) : pool.tryAcquire(request);
    if (found === undefined) {
      if (waits) report.timeouts += 1;
      continue;
    }
    try {
      using lease = found;
      report.cycles += 1;
      for (const qubit of lease.qubits) {
        if (Atomics.compareExchange(holders, qubit, 0, task.thread) !== 0) report.clashes += 1;
      }
      if (Atomics.add(totals, index, lease.size) + lease.size > max) report.overLimit += 1;
      for (let spin = below(50); spin > 0; spin -= 1) Atomics.load(holders, 0);
      Atomics.sub(totals, index, lease.size);
      for (const qubit of lease.qubits) {
        if (Atomics.compareExchange(holders, qubit, task.thread, 0) !== task.thread) {
          report.clashes += 1;
        }
      }
      if (below(2) === 0) throw new RangeError('an owner that fails');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return report;
}

if (!isMainThread && parentPort !== null) {
  // The test posts nothing else.
  parentPort.postMessage(leaseAtRandom(workerData as LeaseTask));
}
