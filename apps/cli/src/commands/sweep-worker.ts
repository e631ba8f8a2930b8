import { availableParallelism } from 'node:os';
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { brokerPorts } from '../broker-ports.ts';
import { parseCount } from '../option-values.ts';
import { count } from '../figures.ts';
import { output, warn, type OutputOptions } from '../output.ts';
import { programId } from '../sweep/program-id.ts';
import { runTeam } from '../sweep/run-sweep.ts';

interface WorkerFlags extends OutputOptions {
  readonly workers: number;
}

const ABOUT = `
Takes tasks of any sweep at the broker that SEMA_NATS_URL names, and of no other version of Sema.
Ctrl-C finishes those under way; twice, it gives them back. One that is killed loses nothing: what it
had taken is handed to another after half a minute.

Example:
  $ SEMA_NATS_URL=nats://broker:4222 sema sweep worker --workers 8

Exit codes: 0 told to stop · 2 wrong usage · 3 there is no broker`;

/** A worker that is to stop may wait for a task so long. */
const WAIT_MS = 1000;
const MOST_WORKERS = 256;

export function sweepWorkerCommand(): Command {
  return new Command('worker')
    .description('do the tasks of sweeps that other machines started')
    .option('--workers <count>', 'threads, each with one task at a time', parseThreads, cores())
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(work);
}

async function work(flags: WorkerFlags): Promise<void> {
  const { workers } = flags;
  const ports = await brokerPorts();
  const program = await programId();
  const out = output(flags);
  const stop = new AbortController();
  let signals = 0;
  const note = (): void => {
    if (++signals === 1) warn('finishing the tasks under way; once more gives them back');
    else stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, note);
  let done = 0;
  out.say(`waiting for tasks of ${program}, ${count(workers)} at a time`);
  try {
    await runTeam({
      ports,
      program,
      workers,
      waitMs: WAIT_MS,
      signal: stop.signal,
      isDraining: () => signals > 0,
      onSilence: (message) => {
        warn(`the broker does not answer (${message}); waiting for it`);
      },
      onTask: () => done++,
    });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, note);
    await ports.close();
  }
  out.say(`did ${count(done)} tasks`);
  out.json({ program, done });
}

/** As many as there are processors. */
export function cores(): number {
  return Math.min(MOST_WORKERS, availableParallelism());
}

/** @throws {InvalidArgumentError} of commander. */
export function parseThreads(text: string): number {
  const value = parseCount(text);
  if (value <= MOST_WORKERS) return value;
  throw new InvalidArgumentError(`It must be at most ${String(MOST_WORKERS)}.`);
}
