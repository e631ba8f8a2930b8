import type { Scheduler } from '@sema/resource-pool';

/** Time that moves when a test says so. */
export class ManualScheduler implements Scheduler {
  #nowNs = 0;
  #order = 0;
  readonly #timers = new Map<number, { atNs: number; callback: () => void }>();

  nowNs(): number {
    return this.#nowNs;
  }

  schedule(delayNs: number, callback: () => void): () => void {
    const id = this.#order++;
    this.#timers.set(id, { atNs: this.#nowNs + delayNs, callback });
    return () => this.#timers.delete(id);
  }

  get timers(): number {
    return this.#timers.size;
  }

  advance(ns: number): void {
    const untilNs = this.#nowNs + ns;
    for (;;) {
      const due = [...this.#timers]
        .filter(([, { atNs }]) => atNs <= untilNs)
        .sort(([a, x], [b, y]) => x.atNs - y.atNs || a - b)[0];
      if (due === undefined) break;
      const [id, { atNs, callback }] = due;
      this.#timers.delete(id);
      this.#nowNs = atNs;
      callback();
    }
    this.#nowNs = untilNs;
  }
}
