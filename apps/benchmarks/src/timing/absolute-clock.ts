import { hrtime } from 'node:process';
import type { Clock } from '@sema/timing-buffer';

/** The machine's monotonic clock with the machine's own origin, which all threads share. */
export function absoluteClock(): Clock {
  return {
    nowNs() {
      const [seconds, ns] = hrtime();
      return seconds * 1e9 + ns;
    },
  };
}
