import { InProcessBlobs } from './in-process-blobs.ts';
import { InProcessLeases } from './in-process-leases.ts';
import { InProcessQueue } from './in-process-queue.ts';
import type { QueueTimes } from './in-process-queue.ts';
import { InProcessBus, InProcessJournal } from './in-process-records.ts';
import { PORT_LIMITS } from './port-rules.ts';
import type { PortLimits } from './port-rules.ts';
import { PortState } from './port-state.ts';
import type { OpenPorts } from './ports.ts';
import { Wakeups } from './wakeups.ts';

export interface InProcessPortsOptions extends QueueTimes {
  /** How long a lease lasts without being renewed, ms. */
  readonly leaseMs: number;
  /** Those not given are {@link PORT_LIMITS}. */
  readonly limits?: Partial<PortLimits>;
}

/**
 * The ports of a single process: all that is kept is in memory and goes with it. Everybody who is
 * handed the same object shares one world.
 */
export function inProcessPorts(options: InProcessPortsOptions): OpenPorts {
  const state = new PortState({ ...PORT_LIMITS, ...options.limits });
  const followers = new Wakeups();
  const workers = new Wakeups();
  return {
    bus: new InProcessBus(state, followers),
    journal: new InProcessJournal(state),
    queue: new InProcessQueue(state, workers, options),
    leases: new InProcessLeases(state, options.clock, options.leaseMs),
    blobs: new InProcessBlobs(state),
    close() {
      state.close();
      followers.wakeAll();
      workers.wakeAll();
      return Promise.resolve();
    },
  };
}
