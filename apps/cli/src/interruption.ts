import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { CliError } from './cli-error.ts';

/**
 * Notices Ctrl-C during long work, which asks at every step that can be given up. A second Ctrl-C
 * ends the process at once.
 */
export class Interruption implements Disposable {
  readonly #next: string;
  #asked = false;
  readonly #note = (): void => {
    this.#asked = true;
    this[Symbol.dispose]();
  };

  /** @param next - what the reader can do then, as an imperative without its full stop. */
  constructor(next: string) {
    this.#next = next;
    process.on('SIGINT', this.#note);
    process.on('SIGTERM', this.#note);
  }

  /**
   * Lets signals in.
   *
   * @throws {CliError} `INTERRUPTED` once there was one.
   */
  async breathe(): Promise<void> {
    await setImmediate();
    if (!this.#asked) return;
    throw new CliError('INTERRUPTED', 'stopped by a signal; what was done is kept', this.#next);
  }

  [Symbol.dispose](): void {
    process.removeListener('SIGINT', this.#note);
    process.removeListener('SIGTERM', this.#note);
  }
}
