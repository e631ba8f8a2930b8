import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadTask } from './thread-task.ts';

/** A thread does not inherit the loader of TypeScript, so it is given one. */
const BOOT = `
  const { script, loader } = require('node:worker_threads').workerData;
  import(loader).then(({ register }) => {
    register();
    return import(script);
  });
`;

/** Starts the other thread of a row, once its code is loaded; it ends by itself. */
export async function startThread(task: ThreadTask): Promise<Worker> {
  const script = new URL('thread.ts', import.meta.url).href;
  const loader = import.meta.resolve('tsx/esm/api');
  const execArgv = ['--conditions=@sema/source'];
  const worker = new Worker(BOOT, { eval: true, execArgv, workerData: { script, loader } });
  await once(worker, 'message');
  worker.postMessage(task);
  return worker;
}
