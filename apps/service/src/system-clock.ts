import { hrtime } from 'node:process';
import type { Clock } from '@sema/timing-buffer';

/** The machine's monotonic clock, counted from now. */
export function systemClock(): Clock {
  const start = hrtime.bigint();
  return { nowNs: () => Number(hrtime.bigint() - start) };
}
