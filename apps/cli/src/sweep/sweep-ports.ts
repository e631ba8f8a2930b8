import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { inProcessPorts, type OpenPorts } from '@sema/qar/ports';
import { brokerPorts } from '../broker-ports.ts';
import { dataDirectory } from '../data-directory.ts';
import { systemClock } from '../system-clock.ts';
import { FileBlobs } from './file-blobs.ts';

export interface OpenSweepPorts extends OpenPorts {
  /** Whether they end with this process, so that nobody else can take its tasks. */
  readonly isLocal: boolean;
  /** Longest wait for a task at a time: a worker that is to stop may wait as long. */
  readonly waitMs: number;
}

/** How long a lease lasts and a worker may be silent, though nobody else is here to see it. */
const TIMES = { leaseMs: 2000, silenceMs: 30_000 };

/**
 * Those of the broker that SEMA_NATS_URL names; else of this process.
 *
 * @throws {CliError} as `brokerPorts`
 */
export async function openSweepPorts(): Promise<OpenSweepPorts> {
  const { SEMA_NATS_URL: url } = env;
  if (url === undefined || url === '') return localPorts(join(dataDirectory(), 'sweeps'));
  return { ...(await brokerPorts()), isLocal: false, waitMs: 1000 };
}

/** Ports of this process alone, but that what is kept is kept in files. */
function localPorts(folder: string): OpenSweepPorts {
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
