import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Candles } from '@sema/qar';
import type { SweepResult } from './outcome.ts';
import type { SweepWork } from './sweep-task.ts';

/** What the thread is given, one at a time. */
export interface ThreadTask {
  readonly work: SweepWork;
  /** In memory that is shared. */
  readonly candles: Candles;
}

/** What it gives back: the result, or what was thrown. */
export type ThreadAnswer =
  | { readonly result: SweepResult }
  | { readonly fault: { readonly code: string; readonly message: string } };

/** What went wrong in the thread, told apart by its code as if it had been thrown here. */
export class WorkFault extends Error {
  override readonly name = 'WorkFault';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A thread does not inherit a loader of TypeScript, so the source form of one is given it. */
const BOOT = `
  const { script, loader } = require('node:worker_threads').workerData;
  import(loader).then(({ register }) => {
    register();
    return import(script);
  });
`;

/** Runs tasks in a thread of its own, so that what holds on to them here never waits. */
export class WorkThread implements Disposable {
  #worker: Worker | undefined;
  #isDisposed = false;

  /**
   * One task at a time. A thread that dies of its task is replaced by the next.
   *
   * @throws {WorkFault} with the code of what was thrown, or `THREAD_DIED`.
   */
  async perform(work: SweepWork, candles: Candles): Promise<SweepResult> {
    if (this.#isDisposed) throw new WorkFault('THREAD_DIED', 'the worker is stopping');
    const worker = (this.#worker ??= startedThread());
    const settled = new AbortController();
    const { signal } = settled;
    const task: ThreadTask = { work, candles };
    worker.postMessage(task);
    try {
      const [answer] = (await Promise.race([
        once(worker, 'message', { signal }),
        died(worker, signal),
        // Our own script sends nothing else.
      ])) as [ThreadAnswer];
      if ('fault' in answer) throw new WorkFault(answer.fault.code, answer.fault.message);
      return answer.result;
    } catch (error) {
      if (!(error instanceof WorkFault) || error.code === 'THREAD_DIED') this.#drop();
      throw error;
    } finally {
      settled.abort();
    }
  }

  #drop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#drop();
  }
}

async function died(worker: Worker, signal: AbortSignal): Promise<never> {
  // An error that the thread threw outside of a task, such as having no memory, is thrown here.
  const [code] = (await once(worker, 'exit', { signal })) as [number];
  throw new WorkFault('THREAD_DIED', `the thread ended with ${String(code)}`);
}

function startedThread(): Worker {
  const worker = startThread();
  // One that dies between two tasks is replaced at the next, which finds it ended.
  worker.on('error', () => undefined);
  return worker;
}

/** Both forms lie beside this module's root: the source in `src`, the built thread in `dist`. */
function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./sweep-thread.js', import.meta.url));
  }
  const script = new URL('../sweep-thread.ts', import.meta.url).href;
  const loader = import.meta.resolve('tsx/esm/api');
  const execArgv = ['--conditions=@sema/source'];
  return new Worker(BOOT, { eval: true, execArgv, workerData: { script, loader } });
}
