import { PortError } from './port-error.ts';
import type { PortLimits } from './port-rules.ts';

/** What the ports of one process share: how much they keep, and whether they are open. */
export class PortState {
  readonly limits: PortLimits;
  #open = true;

  constructor(limits: PortLimits) {
    this.limits = limits;
  }

  /** @throws {PortError} `CLOSED` */
  checkOpen(): void {
    if (!this.#open) throw new PortError('CLOSED', 'the ports were closed');
  }

  close(): void {
    this.#open = false;
  }

  /** The work's result as a promise, and what it throws as its rejection. */
  answer<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      this.checkOpen();
      resolve(work());
    });
  }
}
