import { CandleShelf } from './candle-shelf.ts';
import { coordinate, type CoordinatorOptions, type SweepOrder } from './coordinator.ts';
import type { PatienceOptions } from './patience.ts';
import type { SweepTask } from './sweep-task.ts';
import { WorkThread } from './work-thread.ts';
import { runWorker, type SweepPorts } from './worker.ts';

export interface TeamOptions extends PatienceOptions {
  readonly ports: SweepPorts;
  /** As of `programId`. */
  readonly program: string;
  /** Threads, each with one task at a time. */
  readonly workers: number;
  /** Longest wait for a task at a time. */
  readonly waitMs: number;
  readonly isDraining: () => boolean;
  readonly onTask?: (task: SweepTask) => void;
}

/** Well below the silence after which a queue hands a task out again. */
const EXTEND_MS = 5000;

/**
 * Takes tasks in as many threads until it is told to drain, which finishes those under way, or
 * `signal` aborts, which gives them back.
 *
 * @throws {PortError} other than `UNAVAILABLE`, which is waited out.
 */
export async function runTeam({ workers, signal, ...options }: TeamOptions): Promise<void> {
  const shelf = new CandleShelf(options.ports.blobs);
  const end = new AbortController();
  const stopping = AbortSignal.any([signal, end.signal]);
  const team = Array.from({ length: workers }, async () => {
    using thread = new WorkThread();
    stopping.addEventListener('abort', () => {
      thread[Symbol.dispose]();
    });
    await runWorker({
      ...options,
      shelf,
      signal: stopping,
      extendMs: EXTEND_MS,
      perform: (work, candles) => thread.perform(work, candles),
    });
  });
  try {
    await Promise.all(team);
  } finally {
    // Where one fails the others have nothing left to do here.
    end.abort();
    await Promise.allSettled(team);
  }
}

/**
 * Coordinates a sweep and works on it in threads of this process too.
 *
 * @throws {PortError} other than `UNAVAILABLE`; {SweepTooLarge}; and what `breathe` throws.
 */
export async function runSweep(
  order: SweepOrder,
  options: Omit<CoordinatorOptions, 'signal'> & Pick<TeamOptions, 'workers' | 'waitMs'>,
): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  let done = false;
  const team = runTeam({ ...options, signal, isDraining: () => done });
  const failing = team.then(() => new Promise<never>(() => undefined));
  try {
    await Promise.race([coordinate(order, { ...options, signal }), failing]);
    done = true;
    await team;
  } finally {
    stop.abort();
    await Promise.allSettled([team]);
  }
}
