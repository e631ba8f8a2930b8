import { hrtime } from 'node:process';
import type { Clock } from '@sema/timing-buffer';

/** The machine's monotonic clock, counted from now. */
export function systemClock(): Clock {
  const start = hrtime.bigint();
  return { nowNs: () => Number(hrtime.bigint() - start) };
}

/** The same, counted from a reading of `hrtime` that threads can share. */
export function clockFrom([startSeconds, startNs]: readonly [number, number]): Clock {
  return {
    nowNs() {
      const [seconds, ns] = hrtime();
      return (seconds - startSeconds) * 1e9 + (ns - startNs);
    },
  };
}
