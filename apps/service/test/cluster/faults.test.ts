import { beforeAll, expect, test } from 'vitest';
import { checkSchedule, quietStart } from './simulated-faults.ts';
import type { QuietStart } from './simulated-faults.ts';

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

/** Ends what hangs. */
const HANGS_MS = 300_000;

let start: QuietStart;
const failures: unknown[] = [];
beforeAll(async () => {
  start = await quietStart();
}, HANGS_MS);

test('orders and what became of them are among the decisions that are compared', () => {
  const disturbed = start.expected.flatMap((lines) => lines.slice(-20));
  expect(disturbed.filter((line) => line.includes('"kind":"order"')).length).toBeGreaterThan(1);
  expect(disturbed.filter((line) => line.includes('"cause":"order"')).length).toBeGreaterThan(1);
});

test.each(SEEDS)(
  'faults of seed %i: every candle is decided once, as one undisturbed node decides it',
  async (seed) => {
    failures.push(...(await checkSchedule(seed, start)));
  },
);

test('the schedules were such that owners met each other and lost the way', () => {
  const codes = new Set(
    failures.map((error) => error instanceof Error && 'code' in error && error.code),
  );
  expect([...codes].sort()).toEqual(['CONFLICT', 'UNAVAILABLE']);
});
