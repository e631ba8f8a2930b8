import { Worker } from 'node:worker_threads';
import type { WorkerHost } from './compile/team.ts';

/** Threads of Node. They do not keep the process alive. */
export const nodeThreads: WorkerHost = {
  mayWait: true,
  start(program, memory, control, thread) {
    const call = `
      const { memory, control, thread } = require('node:worker_threads').workerData;
      serve(memory, control, thread);`;
    const workerData = { memory, control, thread };
    const worker = new Worker(program + call, { eval: true, workerData });
    worker.unref();
    return {
      stop() {
        void worker.terminate();
      },
    };
  },
};
