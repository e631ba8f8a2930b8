import { Worker } from 'node:worker_threads';
import type { WorkerHost } from './compile/team.ts';

/** Threads of Node. They do not keep the process alive. */
export const nodeThreads: WorkerHost = {
  mayWait: true,
  start(program, memory, control, thread) {
    // Neither `require` nor `import`: the text may be run as a script or, with flags that
    // threads inherit, as a module.
    const call = `
      const { workerData } = process.getBuiltinModule('node:worker_threads');
      serve(workerData.memory, workerData.control, workerData.thread);`;
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
