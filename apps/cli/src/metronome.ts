import { Worker } from 'node:worker_threads';
import type { TimingError } from '@sema/qar';

/** What the metronome's thread is given: the origin of the clock whose beats it keeps. */
export interface MetronomeTask {
  readonly origin: readonly [seconds: number, nanoseconds: number];
}

/** What it says at each beat of a rhythm. */
export interface MetronomeBeat {
  /** Of its waking, over all its waits so far. */
  readonly error: TimingError | undefined;
}

/** A thread does not inherit a loader of TypeScript, so the source form of one is given it. */
const BOOT = `
  const { script, loader } = require('node:worker_threads').workerData;
  import(loader).then(({ register }) => {
    register();
    return import(script);
  });
`;

/**
 * Beats kept by a thread of its own, so that they stay in time whatever the main thread does; that
 * sleeps between them.
 */
export class Metronome implements Disposable {
  readonly #worker: Worker;
  #error: TimingError | undefined;
  #isDisposed = false;

  /**
   * @param onBeat - called at each beat of a rhythm; beats that come while it runs follow it.
   * @param onFailure - called when the thread ends by itself.
   */
  constructor(task: MetronomeTask, onBeat: () => void, onFailure: (error: Error) => void) {
    this.#worker = startThread(task);
    this.#worker.on('message', ({ error }: MetronomeBeat) => {
      this.#error = error;
      onBeat();
    });
    this.#worker.once('error', onFailure);
    this.#worker.once('exit', () => {
      if (!this.#isDisposed) onFailure(new Error('the metronome ended'));
    });
  }

  /** How far its waking is from the time it is for; undefined before the first beat. */
  get timingError(): TimingError | undefined {
    return this.#error;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    void this.#worker.terminate();
  }
}

/** Both forms lie beside this module: the source in `src`, the built thread in `dist`. */
function startThread(task: MetronomeTask): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./metronome-worker.js', import.meta.url), { workerData: task });
  }
  const script = new URL('./metronome-worker.ts', import.meta.url).href;
  const loader = import.meta.resolve('tsx/esm/api');
  const execArgv = ['--conditions=@sema/source'];
  return new Worker(BOOT, { eval: true, execArgv, workerData: { ...task, script, loader } });
}
