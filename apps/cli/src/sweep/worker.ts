import type { Candles } from '@sema/qar';
import type { Ports, Task } from '@sema/qar/ports';
import { portErrorCode } from '../broker-ports.ts';
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
  /** As of `programId`; tasks of another are left to others. */
  readonly program: string;
  /** Runs a task; ends early when `signal` aborts. */
  readonly perform: (work: SweepWork, candles: Candles) => Promise<SweepResult>;
  /** Longest wait for a task at a time. */
  readonly waitMs: number;
  /** How often a task under way is held on to. */
  readonly extendMs: number;
  /** Whether no more tasks are to be taken. */
  readonly isDraining: () => boolean;
  /** After each task that came to its end here. */
  readonly onTask?: (task: SweepTask) => void;
}

/**
 * Takes one task after another until it drains or `signal` aborts. The outcome is kept before the task is done,
 * so a worker that is killed at any moment leaves either an outcome or a task for somebody else,
 * and a task that is run twice has one outcome: the same bytes under the same name.
 *
 * @throws {PortError} other than `UNAVAILABLE`, which is waited out.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const worker = new SweepWorker(options);
  const { ports, program, signal, waitMs, isDraining } = options;
  while (!signal.aborted && !isDraining()) {
    const task = await patiently(
      () => ports.queue.take(sweepQueue(program), waitMs),
      options,
    ).catch((error: unknown) => endedBy(signal, error));
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
    const { program, signal, extendMs } = this.#options;
    const sweepTask = decodeTask(task.bytes, program);
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
    if (!isSettled(await this.#outcome(sweepTask), sweepTask)) {
      const made = await this.#make(sweepTask, task.attempt);
      if (made === undefined) {
        await letGo(() => task.release());
        return;
      }
      await this.#keep(sweepTask, made);
    }
    const { ports, onTask } = this.#options;
    const { sweep, id, round } = sweepTask;
    const announcement = Buffer.from(id);
    await this.#ask(() =>
      ports.bus.publish(sweepSubject(sweep), `${id}.${String(round)}`, announcement),
    );
    // Handed out once more it is found settled.
    await letGo(() => task.done());
    onTask?.(sweepTask);
  }

  /** The outcome, or undefined where somebody else is to try. */
  async #make(
    { work, round, attempts }: SweepTask,
    attempt: number,
  ): Promise<SweepOutcome | undefined> {
    const { signal, perform, shelf } = this.#options;
    if (attempt > attempts) return { failure: lost(round, attempts) };
    try {
      const candles = await this.#ask(() => shelf.take(work.candles));
      return { result: await perform(work, candles) };
    } catch (error) {
      if (signal.aborted || attempt < attempts) return undefined;
      return { failure: { round, ...described(error) } };
    }
  }

  async #keep(sweepTask: SweepTask, { result, failure }: SweepOutcome): Promise<void> {
    const { ports } = this.#options;
    const name = outcomeName(sweepTask);
    if (failure === undefined) {
      await this.#ask(() => ports.blobs.put(name, encodeResult(result)));
      return;
    }
    // Whoever was thought dead may have come to an end meanwhile.
    if (isSettled(await this.#outcome(sweepTask), sweepTask)) return;
    await this.#ask(() => ports.blobs.put(name, encodeFailure(failure)));
  }

  async #outcome(task: SweepTask): Promise<SweepOutcome | undefined> {
    const { ports } = this.#options;
    const bytes = await this.#ask(() => ports.blobs.get(outcomeName(task)));
    return bytes === undefined ? undefined : decodeOutcome(bytes);
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
    if (portErrorCode(error) === undefined) throw error;
  }
}

function lost(round: number, attempts: number): SweepFailure {
  const message = `${String(attempts)} workers took it and were not heard of again`;
  return { round, code: 'WORKER_LOST', message };
}

function described(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'FAILED', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
  return { code, message: error.message };
}
