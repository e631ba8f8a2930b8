import type { NatsConnection, Subscription } from 'nats';

/** Tells that a subject was spoken on; not what was said. */
export class Hints implements Disposable {
  readonly #subscription: Subscription;
  #count = 0;
  #wake: (() => void) | undefined;

  constructor(connection: NatsConnection, subject: string) {
    this.#subscription = connection.subscribe(subject, {
      callback: () => {
        this.#count++;
        this.#wake?.();
      },
    });
  }

  /** How often so far. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when it is spoken on, and says so; or when the time is up or the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    const before = this.#count;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve(this.#count !== before);
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
  }
}
