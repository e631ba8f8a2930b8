import { ServiceError } from '../service-error.ts';

/** Counts what is being answered, refuses beyond a limit, and closes when the service stops. */
export class Gate {
  readonly #most: number;
  #inside = 0;
  #closed = false;
  #emptied: (() => void) | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  get inside(): number {
    return this.#inside;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * @returns what to call once, on leaving.
   * @throws {ServiceError} `SERVICE_BUSY`, `SHUTTING_DOWN`
   */
  enter(): () => void {
    const retryAfterSeconds = 1;
    if (this.#closed) {
      throw new ServiceError('SHUTTING_DOWN', 'try again when it is back', { retryAfterSeconds });
    }
    if (this.#inside >= this.#most) {
      throw new ServiceError('SERVICE_BUSY', `${String(this.#most)} requests are being answered`, {
        retryAfterSeconds,
      });
    }
    this.#inside++;
    return () => {
      this.#inside--;
      if (this.#inside === 0) this.#emptied?.();
    };
  }

  /** Lets nobody in any more, and resolves when the last has left. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#inside === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }
}
