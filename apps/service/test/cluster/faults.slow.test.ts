import { expect, test } from 'vitest';
import { checkSchedule, quietStart } from './simulated-faults.ts';

/** After those that are run each time anything changes. */
const FIRST_SEED = 1000;
const SEEDS = Number(process.env.SEMA_CLUSTER_SEEDS ?? 100);

test(`${String(SEEDS)} seeds of simulated faults change no decision`, async () => {
  const start = await quietStart();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    await checkSchedule(seed, start).catch((error: unknown) => {
      throw new Error(`seed ${String(seed)}`, { cause: error });
    });
  }
  expect(SEEDS).toBeGreaterThan(0);
});
