import type { Clock } from './clock.ts';
import { TimingBufferError } from './errors.ts';
import type { Waiter } from './orchestrator.ts';

/**
 * Time that moves only when told: waiting for a time is to be there. It makes whatever runs on it
 * deterministic, and an event that calls {@link advance} takes that long.
 */
export class VirtualClock implements Clock, Waiter {
  #nowNs = 0;

  nowNs(): number {
    return this.#nowNs;
  }

  /**
   * @param durationNs - whole nanoseconds, at least 0.
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE`
   */
  advance(durationNs: number): void {
    if (!(Number.isSafeInteger(durationNs) && durationNs >= 0)) {
      throw new TimingBufferError(
        'DURATION_OUT_OF_RANGE',
        `${String(durationNs)} is not a whole number of nanoseconds ≥ 0`,
      );
    }
    this.#nowNs += durationNs;
  }

  wait(untilNs: number): void {
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }
}
