import type { WorkerHost } from './compile/team.ts';
import { SimulatorError } from './errors.ts';

/*
 * The part of the browser's interface that is used here. The type library for programs without a
 * document lacks it.
 */
declare class Worker {
  constructor(url: string);
  postMessage(message: unknown): void;
  terminate(): void;
}
declare const crossOriginIsolated: boolean | undefined;
declare const DedicatedWorkerGlobalScope: unknown;

/** Takes the arguments of `serve` from the first message, and ends with it. */
const ENTRY = `
onmessage = ({ data: { memory, control, thread } }) => {
  serve(memory, control, thread);
  close();
};`;

/**
 * Threads of a browser: Web Workers, from a page or from a worker. Memory is shared among them only
 * where `crossOriginIsolated` is true: the page comes with the headers
 * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`. A
 * content security policy must allow `worker-src blob:`.
 *
 * A page's own thread may not sleep and so spins while others finish the last tiles of a pass;
 * programs that run for longer than a frame belong into a worker, which sleeps.
 *
 * `start` throws {SimulatorError} `WORKERS_MISSING` where memory cannot be shared.
 */
export const webWorkers: WorkerHost = {
  get mayWait() {
    return typeof DedicatedWorkerGlobalScope !== 'undefined';
  },
  start(program, memory, control, thread) {
    if (typeof crossOriginIsolated !== 'undefined' && !crossOriginIsolated) {
      throw new SimulatorError(
        'WORKERS_MISSING',
        'the page is not cross-origin isolated, so its threads can share no memory',
      );
    }
    const url = URL.createObjectURL(new Blob([program, ENTRY], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.postMessage({ memory, control, thread });
    return {
      stop() {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  },
};
