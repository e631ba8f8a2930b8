import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { inProcessPorts, type OpenPorts } from '@sema/qar/ports';
import { dataDirectory } from '../data-directory.ts';
import { systemClock } from '../system-clock.ts';
import { FileBlobs } from './file-blobs.ts';

const TIMES = { leaseMs: 2000, silenceMs: 30_000 };

export interface OpenSweepPorts extends OpenPorts {
  /** Whether they end with this process, so that nobody else can take its tasks. */
  readonly isLocal: boolean;
  /** Longest wait for a task at a time: a worker that is to stop may wait as long. */
  readonly waitMs: number;
}

/** Those of the broker that SEMA_NATS_URL names; else of this process. */
export async function openSweepPorts(): Promise<OpenSweepPorts> {
  return localPorts();
}

/** Ports of this process alone, but that what is kept is kept in files. */
export function localPorts(folder = join(dataDirectory(), 'sweeps')): OpenSweepPorts {
  const ports = inProcessPorts({ ...TIMES, clock: systemClock(), sleep });
  return { ...ports, blobs: new FileBlobs(folder), isLocal: true, waitMs: 50 };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
