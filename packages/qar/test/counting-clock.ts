import type { Clock } from '@sema/timing-buffer';

/** A clock that moves on by 1 µs whenever it is read. */
export function countingClock(): Clock {
  let now = 0;
  return { nowNs: () => (now += 1000) };
}
