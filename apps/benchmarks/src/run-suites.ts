import process from 'node:process';
import type { SuiteResult } from './document.ts';
import type { Suite } from './harness.ts';
import { resultTable } from './result-table.ts';
import { systemClock } from './system-clock.ts';

export interface RunOptions {
  readonly quick: boolean;
  readonly plots: string | undefined;
  readonly print: (line: string) => void;
}

/** Runs suites one after another, for two at once would time each other, and prints their tables. */
export async function runSuites(
  suites: readonly Suite[],
  options: RunOptions,
): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const suite of suites) results.push(await runSuite(suite, options));
  return results;
}

/** A suite that fails says so and leaves the others their turn. */
async function runSuite(
  { name, title, run }: Suite,
  { quick, plots, print }: RunOptions,
): Promise<SuiteResult> {
  const clock = systemClock();
  const reasons = new Set<string>();
  const skipped = (reason: string): void => {
    if (!reasons.has(reason)) complain(`${name}: SKIPPED ${reason}`);
    reasons.add(reason);
  };
  const seconds = (): number => Math.round(clock.nowNs() / 1e8) / 10;
  try {
    const rows = await run({ clock: systemClock(), quick, plots, skipped, say: complain });
    print(`\n${name}: ${title} (${String(seconds())} s)`);
    for (const line of resultTable(rows)) print(line);
    return { name, title, seconds: seconds(), skipped: [...reasons], failure: null, rows };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    complain(`${name}: FAILED ${failure}`);
    const [why] = failure.split('\n', 1);
    return { name, title, seconds: seconds(), skipped: [...reasons], failure: why, rows: [] };
  }
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
