import { parentPort } from 'node:worker_threads';
import { ServiceError } from '../service-error.ts';
import { perform } from './perform.ts';
import type { Task, TaskAnswer } from './tasks.ts';

function answerTo(task: Task): TaskAnswer {
  try {
    return { done: perform(task) };
  } catch (error) {
    // Whatever is not the client's to mend ends this thread, and the service says so in its log.
    if (!(error instanceof ServiceError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(answerTo(task));
});
