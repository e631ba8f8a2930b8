/*
 * Runs on a page and, started by it, in a worker. The page posts what each found to the server that
 * it came from.
 */
import type { WorkerHost } from '@sema/simulator';
import { webWorkers } from '@sema/simulator/web-workers';
import { type Fingerprint, fingerprint } from './fingerprint.ts';

export interface Found extends Fingerprint {
  /** How many tiles other threads did. */
  readonly tilesOfOthers: number;
  readonly mayWait: boolean;
}

// The page's side of the browser, which Node's types lack.
declare class Worker {
  constructor(url: string);
  onmessage: (event: { readonly data: unknown }) => void;
  onerror: (event: { readonly message: string }) => void;
}
declare const document: { readonly currentScript: { readonly src: string } } | undefined;
declare function postMessage(message: unknown): void;

/** The last word of the control block, which a team leaves alone. */
const COUNT = 31;

/** Threads of the browser that count the tiles which they do. */
class CountingThreads implements WorkerHost {
  #words = new Int32Array(32);

  get mayWait(): boolean {
    return webWorkers.mayWait;
  }

  get tiles(): number {
    return this.#words[COUNT];
  }

  start: WorkerHost['start'] = (program, memory, control, thread) => {
    // A compiler hands over its WebAssembly memory, of which Node's types know nothing here.
    this.#words = new Int32Array((memory as { buffer: ArrayBuffer }).buffer, control, 32);
    const counting = `
      const add = Atomics.add;
      Atomics.add = (words, index, tiles) => {
        add(words, ${String(COUNT)}, tiles);
        return add(words, index, tiles);
      };`;
    return webWorkers.start(program + counting, memory, control, thread);
  };
}

async function find(): Promise<Found> {
  const workers = new CountingThreads();
  let runs = 0;
  const print = await fingerprint(workers, async () => {
    // A thread starts while this one waits for the next turn of its event loop.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return workers.tiles === 0 && ++runs < 2000;
  });
  return { ...print, tilesOfOthers: workers.tiles, mayWait: webWorkers.mayWait };
}

async function main(): Promise<void> {
  if (typeof document === 'undefined') {
    postMessage(await find());
    return;
  }
  const { src } = document.currentScript ?? { src: '' };
  const inWorker = new Promise((resolve, reject) => {
    const worker = new Worker(src);
    worker.onmessage = ({ data }) => {
      resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(message));
    };
  });
  const body = await Promise.all([find(), inWorker])
    .then(([page, worker]) => ({ page, worker }))
    .catch((error: unknown) => ({ error: String(error) }));
  await fetch('/found', { method: 'POST', body: JSON.stringify(body) });
}

void main();
