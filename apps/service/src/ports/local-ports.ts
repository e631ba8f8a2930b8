import { setTimeout as wait } from 'node:timers/promises';
import { inProcessPorts } from '@sema/qar/ports';
import type { OpenPorts, PortLimits } from '@sema/qar/ports';
import { systemClock } from '../system-clock.ts';

/** The times that who keeps leases and tasks measures, ms. */
export interface PortTimes {
  /** How long a lease lasts without being renewed. */
  readonly leaseMs: number;
  /** How long a worker may be silent before its task is handed out again. */
  readonly silenceMs: number;
}

export const PORT_TIMES: PortTimes = { leaseMs: 2000, silenceMs: 30_000 };

/** Ports within this process, on the machine's clock. */
export function localPorts(
  options: Partial<PortTimes> & { readonly limits?: Partial<PortLimits> } = {},
): OpenPorts {
  return inProcessPorts({ ...PORT_TIMES, ...options, clock: systemClock(), sleep });
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
