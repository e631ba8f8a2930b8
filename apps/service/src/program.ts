import process from 'node:process';
import { StartError } from './start-error.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** @throws {RangeError} for what is no level of the log. */
export function logLevelOf(text: string): (typeof LEVELS)[number] {
  const level = LEVELS.find((known) => known === text);
  if (level === undefined) throw new RangeError(`--log-level is one of ${LEVELS.join(', ')}`);
  return level;
}

/** Runs a program; what it could not start for is said in words, with what to do then. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const next = error instanceof StartError ? `\n${error.next}` : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${next}\n`);
    process.exitCode = 3;
  }
}
