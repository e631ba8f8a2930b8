import type { Candles } from '@sema/qar';
import { PortError, type Ports, type Task } from '@sema/qar/ports';
import type { CandleShelf } from './candle-shelf.ts';
import { decodeOutcome, encodeFailure, encodeResult } from './outcome.ts';
import type { SweepFailure, SweepOutcome, SweepResult } from './outcome.ts';
import { patiently, type PatienceOptions } from './patience.ts';
import { decodeTask, outcomeName, sweepQueue, sweepSubject } from './sweep-task.ts';
import type { SweepTask, SweepWork } from './sweep-task.ts';

export type SweepPorts = Pick<Ports, 'bus' | 'queue' | 'blobs'>;

export interface WorkerOptions extends PatienceOptions {
  readonly ports: SweepPorts;
  readonly shelf: CandleShelf;
  /** Of the program; tasks of another version are left to others. */
  readonly version: string;
  /** Runs a task; ends early when `signal` aborts. */
  readonly perform: (work: SweepWork, candles: Candles) => Promise<SweepResult>;
  /** Longest wait for a task at a time. */
  readonly waitMs: number;
  /** How often a task under way is held on to. */
  readonly extendMs: number;
  /** After each task that came to its end here. */
  readonly onTask?: (task: SweepTask) => void;
}

/**
 * Takes one task after another until `signal` aborts. The outcome is kept before the task is done,
 * so a worker that is killed at any moment leaves either an outcome or a task for somebody else,
 * and a task that is run twice has one outcome: the same bytes under the same name.
 *
 * @throws {PortError} other than `UNAVAILABLE`, which is waited out.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const worker = new SweepWorker(options);
  const { ports, version, signal, waitMs } = options;
  while (!signal.aborted) {
    const task = await patiently(() => ports.queue.take(sweepQueue(version), waitMs), options).catch(
      (error: unknown) => endedBy(signal, error),
    );
    if (task !== undefined) await worker.handle(task);
  }
}

function endedBy(signal: AbortSignal, error: unknown): undefined {
  if (!signal.aborted) throw error;
}

class SweepWorker {
  readonly #options: WorkerOptions;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async handle(task: Task): Promise<void> {
    const { version, signal, extendMs } = this.#options;
    const sweepTask = decodeTask(task.bytes, version);
    // Nobody can do it, and nobody can be told.
    if (sweepTask === undefined) return letGo(() => task.done());
    const holding = setInterval(() => void letGo(() => task.extend()), extendMs);
    try {
      await this.#settle(sweepTask, task);
    } catch (error) {
      if (!signal.aborted) throw error;
      await letGo(() => task.release());
    } finally {
      clearInterval(holding);
    }
  }

  async #settle(sweepTask: SweepTask, task: Task): Promise<void> {
    const { signal, perform, shelf, onTask } = this.#options;
    const { work } = sweepTask;
    const known = await this.#outcome(sweepTask);
    if (!isSettled(known, sweepTask)) {
      const last = task.attempt >= sweepTask.attempts;
      if (task.attempt > sweepTask.attempts) {
        await this.#giveUp(sweepTask, lost(sweepTask));
      } else {
        let result: SweepResult;
        try {
          result = await perform(work, await this.#ask(() => shelf.take(work.candles)));
        } catch (error) {
          if (signal.aborted || !last) return await letGo(() => task.release());
          await this.#giveUp(sweepTask, failureOf(sweepTask, error));
          return await this.#finish(sweepTask, task);
        }
        await this.#put(sweepTask, encodeResult(result));
      }
    }
    await this.#finish(sweepTask, task);
    onTask?.(sweepTask);
  }

  async #finish(sweepTask: SweepTask, task: Task): Promise<void> {
    const { ports } = this.#options;
    const { sweep, id, round } = sweepTask;
    const said = Buffer.from(id);
    await this.#ask(() =>
      ports.bus.publish(sweepSubject(sweep), `${id}.${String(round)}`, said),
    );
    // Handed out once more it is found settled.
    await letGo(() => task.done());
  }

  async #outcome(task: SweepTask): Promise<SweepOutcome | undefined> {
    const { ports } = this.#options;
    const bytes = await this.#ask(() => ports.blobs.get(outcomeName(task)));
    return bytes === undefined ? undefined : decodeOutcome(bytes);
  }

  async #giveUp(task: SweepTask, failure: SweepFailure): Promise<void> {
    // Whoever was thought dead may have come to an end meanwhile.
    const known = await this.#outcome(task);
    if (!isSettled(known, task)) await this.#put(task, encodeFailure(failure));
  }

  async #put(task: SweepTask, bytes: Uint8Array): Promise<void> {
    const { ports } = this.#options;
    await this.#ask(() => ports.blobs.put(outcomeName(task), bytes));
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return patiently(ask, this.#options);
  }
}

/** Whether there is nothing more to do for a task in this round. */
export function isSettled(outcome: SweepOutcome | undefined, { round }: SweepTask): boolean {
  return outcome?.result !== undefined || (outcome?.failure.round ?? -1) >= round;
}

/** What the queue does not hear it will find out by its own clock. */
async function letGo(tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
  }
}

function lost({ round, attempts }: SweepTask): SweepFailure {
  const message = `${String(attempts)} workers took it and were not heard of again`;
  return { round, code: 'WORKER_LOST', message };
}

function failureOf({ round }: SweepTask, error: unknown): SweepFailure {
  const { message, code } = described(error);
  return { round, code, message };
}

function described(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'FAILED', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
  return { code, message: error.message };
}
