import type { Clock } from '../clock.ts';
import type { Waiter } from '../orchestrator.ts';
import { BatchPredictor } from '../predictors.ts';

const NS_PER_MS = 1_000_000;

export interface BlockingWaiterOptions {
  readonly clock: Clock;
  /**
   * The least and the most nanoseconds to spin at the end of a wait. Between them the waiter spins
   * as long as its own sleeps have lately overshot, and a margin. The least is what a good machine
   * needs, 20 000; the most bounds the share of a core that is spent.
   */
  readonly minSpinNs: number;
  readonly maxSpinNs: number;
}

export interface BlockingWaiter extends Waiter {
  wait(untilNs: number): void;
  /** How long the waiter would spin now. */
  readonly spinNs: number;
}

/**
 * Waits by blocking the thread: it sleeps first and spins last. For worker threads; the event loop
 * of the thread does not turn while it waits. Sleeping lets the system's scheduler think well of
 * the thread, so that it is on a core when it spins; a thread that only spins is the first to be
 * pre-empted.
 */
export function blockingWaiter({
  clock,
  minSpinNs,
  maxSpinNs,
}: BlockingWaiterOptions): BlockingWaiter {
  // Nobody writes this word or wakes who sleeps on it: waiting for it is sleeping.
  const word = new Int32Array(new SharedArrayBuffer(4));
  const overshoot = new BatchPredictor({ weight: 1 / 16, margin: 4 });
  const spinNs = (): number =>
    Math.min(maxSpinNs, Math.max(minSpinNs, overshoot.allowedNs() ?? maxSpinNs));
  return {
    get spinNs() {
      return spinNs();
    },
    wait(untilNs) {
      const startNs = clock.nowNs();
      const wakeNs = untilNs - spinNs();
      if (wakeNs > startNs) {
        Atomics.wait(word, 0, 0, (wakeNs - startNs) / NS_PER_MS);
        overshoot.observe(Math.max(0, clock.nowNs() - wakeNs));
      }
      while (clock.nowNs() < untilNs);
    },
  };
}
