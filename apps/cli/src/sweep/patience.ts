import { setTimeout as delay } from 'node:timers/promises';
import { portErrorCode } from '../broker-ports.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

export interface PatienceOptions {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told at the first silence and not again until there was an answer. */
  readonly onSilence?: (message: string) => void;
}

/**
 * Asks a port until it answers: what a silent broker has acknowledged it still has when it is back,
 * so there is nothing better to do than to wait. Only for questions that can be asked twice.
 *
 * @throws {PortError} other than `UNAVAILABLE`, and that once `signal` aborts.
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  { signal, onSilence }: PatienceOptions,
): Promise<Answer> {
  let waitMs = FIRST_WAIT_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (portErrorCode(error) !== 'UNAVAILABLE' || signal.aborted) throw error;
      if (waitMs === FIRST_WAIT_MS && error instanceof Error) onSilence?.(error.message);
    }
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}
