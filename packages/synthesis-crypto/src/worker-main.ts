import { parentPort } from 'node:worker_threads';
import { serve } from './worker-main/serve.ts';

/** The script of a worker thread: `new Worker(new URL(import.meta.resolve('…/worker-main')))`. */
if (parentPort !== null) serve(parentPort);
