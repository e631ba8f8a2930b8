import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Waiter } from '../orchestrator.ts';

const NS_PER_MS = 1_000_000;
/** Longer timeouts overflow Node's timers and fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export interface TimerWaiterOptions {
  readonly clock: Clock;
  /** Nanoseconds to spin at the end of a wait: 0 leaves it to the timer, late by up to 2 ms. */
  readonly spinNs: number;
}

/**
 * Waits on the event loop: a timer first, then turns of the loop for the last `spinNs`, so that
 * input and output go on. It gives the loop a turn also when the time is past.
 */
export function timerWaiter({ clock, spinNs }: TimerWaiterOptions): Waiter {
  return {
    async wait(untilNs) {
      // A timer may fire nearly a millisecond early, so it is asked again until the time is near.
      for (;;) {
        const sleepMs = (untilNs - spinNs - clock.nowNs()) / NS_PER_MS;
        if (sleepMs <= 0) break;
        await setTimeout(Math.min(LONGEST_MS, Math.max(1, Math.floor(sleepMs))));
      }
      do await setImmediate();
      while (clock.nowNs() < untilNs);
    },
  };
}
