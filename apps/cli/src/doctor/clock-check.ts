import type { Clock } from '@sema/timing-buffer';
import type { Outcome } from './checks.ts';

const READINGS = 100_000;
/** Tries for a wall reading between two close monotonic ones, since a busy machine interrupts. */
const TRIES = 100;
/** Wall clocks tick once a millisecond, and a step by the time service is far larger. */
const MOST_DRIFT_MS = 10;
/** A wall clock that was never set starts at its maker's epoch. */
const EARLIEST = Date.UTC(2025, 0, 1);

/**
 * The monotonic clock never runs backwards, the wall clock keeps pace with it, and was set.
 *
 * @param wallMs - reads the wall clock, ms since the Unix epoch.
 */
export function checkClock(clock: Clock, wallMs: () => number): Outcome {
  const before = offsetMs(clock, wallMs);
  let last = clock.nowNs();
  const first = last;
  let backwards = 0;
  for (let i = 0; i < READINGS; i++) {
    const now = clock.nowNs();
    if (now < last) backwards++;
    last = now;
  }
  const driftMs = Math.abs(offsetMs(clock, wallMs) - before);
  if (backwards > 0) return failed(`ran backwards ${String(backwards)} times`);
  if (!(last > first)) return failed('stands still');
  if (!(driftMs <= MOST_DRIFT_MS)) {
    return failed(`the wall clock moved ${driftMs.toFixed(0)} ms against the monotonic one`);
  }
  const wall = wallMs();
  if (!(wall >= EARLIEST)) return failed(`the wall clock says ${new Date(wall).toISOString()}`);
  const readings = READINGS.toLocaleString('en-US');
  return {
    passed: true,
    found: `${readings} readings, never backwards; wall clock within ${driftMs.toFixed(1)} ms`,
  };
}

/** Wall less monotonic time, from the reading that was interrupted least. */
function offsetMs(clock: Clock, wallMs: () => number): number {
  let narrowest = Infinity;
  let offset = NaN;
  for (let i = 0; i < TRIES; i++) {
    const start = clock.nowNs();
    const wall = wallMs();
    const end = clock.nowNs();
    if (end - start >= narrowest) continue;
    narrowest = end - start;
    offset = wall - (start + end) / 2e6;
  }
  return offset;
}

function failed(found: string): Outcome {
  return { passed: false, found };
}
