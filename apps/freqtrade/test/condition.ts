import { sleep } from '../src/demo/child.ts';

const LOOK_EVERY_MS = 500;

/** Resolves when a condition holds. @throws {Error} when it does not for too long. */
export async function until(holds: () => boolean, mostMs: number): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    if (Date.now() - started > mostMs) throw new Error(`not within ${String(mostMs)} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}
