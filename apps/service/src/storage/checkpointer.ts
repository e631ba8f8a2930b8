import { statSync } from 'node:fs';
import type { ComputePool } from '../compute/compute-pool.ts';
import type { Database } from './database.ts';

const EVERY_MS = 1000;
/** A write-ahead log below this is left alone. */
const SMALLEST_BYTES = 16 * 1_048_576;
/** From here on it is folded in at once, whoever waits: threads have not kept up. */
const LARGEST_BYTES = 512 * 1_048_576;

/**
 * Folds the write-ahead log into the database while decisions go on. A thread does what there is;
 * what was written meanwhile is little, and then done here, so that the log starts from its
 * beginning again and does not grow.
 */
export class Checkpointer implements Disposable {
  readonly #database: Database;
  readonly #compute: ComputePool;
  readonly #timer: NodeJS.Timeout;
  #running = false;

  constructor(database: Database, compute: ComputePool, onFailure: (error: unknown) => void) {
    this.#database = database;
    this.#compute = compute;
    this.#timer = setInterval(() => {
      if (this.#running) return;
      this.#running = true;
      this.#checkpoint()
        .catch(onFailure)
        .finally(() => {
          this.#running = false;
        });
    }, EVERY_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #checkpoint(): Promise<void> {
    const bytes = logBytes(this.#database.file);
    if (bytes < SMALLEST_BYTES) return;
    if (bytes < LARGEST_BYTES) {
      await this.#compute.do({ kind: 'checkpoint', databaseFile: this.#database.file });
    }
    this.#database.checkpoint();
  }
}

function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
