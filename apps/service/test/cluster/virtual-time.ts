import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@sema/timing-buffer';

/** Time that moves on only when nobody has anything left to do. */
export class VirtualTime {
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  nowMs = 0;
  readonly clock: Clock = { nowNs: () => this.nowMs * 1e6 };

  /** Resolves after so long, or as soon as the signal aborts. */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = (): void => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: this.nowMs + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', wake);
    });

  /** Lets time pass until the condition holds; fails when it does not within `limitMs`. */
  async until(what: string, condition: () => boolean, limitMs: number): Promise<void> {
    const limit = this.nowMs + limitMs;
    for (;;) {
      // Whatever can go on without time passing, does so before this resolves.
      await setImmediate();
      if (condition()) return;
      const next = Math.min(...this.#sleepers.map(({ at }) => at));
      if (!(next <= limit)) throw new Error(`${what}: not within ${String(limitMs)} ms`);
      this.nowMs = Math.max(this.nowMs, next);
      for (const { wake } of this.#sleepers.filter(({ at }) => at <= this.nowMs)) wake();
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    void this.sleep(ms);
    await this.until('time passes', () => this.nowMs >= end, ms);
  }
}
