import { parentPort } from 'node:worker_threads';
import { errorCode } from './cli-error.ts';
import { performWork } from './sweep/outcome.ts';
import type { ThreadAnswer, ThreadTask } from './sweep/work-thread.ts';

async function answer({ work, candles }: ThreadTask): Promise<ThreadAnswer> {
  try {
    return { result: await performWork(work, candles) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { fault: { code: errorCode(error) ?? 'FAILED', message } };
  }
}

parentPort?.on('message', (task) => {
  // Whoever starts this thread gives it tasks of this form.
  void answer(task as ThreadTask).then((given) => parentPort?.postMessage(given));
});
