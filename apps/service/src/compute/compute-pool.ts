import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ServiceError } from '../service-error.ts';
import type { Results, Task, TaskAnswer } from './tasks.ts';

export interface ComputeOptions {
  readonly threads: number;
  /** Tasks that may wait for a thread. */
  readonly waiting: number;
  /** After which a task is broken off. */
  readonly timeoutMs: number;
  readonly onFailure: (error: unknown) => void;
}

interface Job {
  readonly task: Task;
  readonly resolve: (answer: TaskAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A few threads for work that must not keep decisions waiting. They start when first needed. */
export class ComputePool {
  readonly #options: ComputeOptions;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  constructor(options: ComputeOptions) {
    this.#options = options;
  }

  /** Tasks that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws {ServiceError} `SERVICE_BUSY`, `TOOK_TOO_LONG`, and as `perform` does. */
  async do<Kind extends Task['kind']>(task: Task & { kind: Kind }): Promise<Results[Kind]> {
    if (this.#closed) throw new ServiceError('SHUTTING_DOWN', 'try again when it is back');
    if (this.#waiting.length >= this.#options.waiting) {
      throw new ServiceError('SERVICE_BUSY', 'too much work is waiting', { retryAfterSeconds: 2 });
    }
    const answer = await new Promise<TaskAnswer>((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
    if ('refused' in answer) throw new ServiceError(answer.refused.code, answer.refused.message);
    // The answer to a task is of its kind.
    return answer.done as Results[Kind];
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #next(): void {
    const [job] = this.#waiting;
    if (job === undefined || this.#closed) return;
    const worker = this.#idle.pop() ?? this.#newWorker();
    if (worker === undefined) return;
    this.#waiting.shift();
    this.#give(worker, job);
  }

  #newWorker(): Worker | undefined {
    if (this.#all.size >= this.#options.threads) return undefined;
    const worker = startWorker();
    // A thread that waits for work does not keep the process alive.
    worker.unref();
    this.#all.add(worker);
    return worker;
  }

  #give(worker: Worker, job: Job): void {
    const settle = (): void => {
      clearTimeout(timer);
      worker.off('message', answered).off('error', failed).off('exit', ended);
    };
    const answered = (answer: TaskAnswer): void => {
      settle();
      this.#idle.push(worker);
      job.resolve(answer);
      this.#next();
    };
    const lost = (error: unknown): void => {
      settle();
      this.#all.delete(worker);
      void worker.terminate();
      job.reject(error);
      this.#next();
    };
    const failed = (error: unknown): void => {
      this.#options.onFailure(error);
      lost(error);
    };
    const ended = (code: number): void => {
      lost(new Error(`a compute thread ended with ${String(code)}`));
    };
    const timer = setTimeout(() => {
      const seconds = String(this.#options.timeoutMs / 1000);
      lost(new ServiceError('TOOK_TOO_LONG', `it was broken off after ${seconds} s`));
    }, this.#options.timeoutMs);
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(job.task);
  }
}

function startWorker(): Worker {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return new Worker(new URL('./compute-worker.js', here));
  // From source, as in tests, the thread first needs the loader that reads it.
  const commonJs = createRequire(here).resolve('tsx/esm/api');
  const loader = pathToFileURL(commonJs.replace(/cjs$/, 'mjs')).href;
  const entry = new URL('./compute-worker.ts', here).href;
  const boot = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(entry)});
  });`;
  return new Worker(boot, { eval: true, execArgv: ['--conditions=@sema/source'] });
}
