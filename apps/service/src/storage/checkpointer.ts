import { statSync } from 'node:fs';
import type { ComputePool } from '../compute/compute-pool.ts';
import { RESTING_LOG_BYTES } from './database.ts';
import type { Database } from './database.ts';

const EVERY_MS = 1000;
/** From here on the log is folded in whoever waits. */
const LARGEST_BYTES = 256 * 1_048_576;
/** Of the thread, before the rest is done here: each leaves what was written during it. */
const PASSES = 4;

/**
 * Folds the write-ahead log into the database while decisions go on. A thread does what there is,
 * and when it has caught up with the writers, the log starts from its beginning again. Under a load
 * without a pause it may never quite catch up; then the rest, by now little, is done here, at the
 * price of a flush of the disk during which nothing is decided: as seldom as the log may be long.
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
    const { file } = this.#database;
    const bytes = logBytes(file);
    if (bytes <= RESTING_LOG_BYTES) return;
    const isLong = bytes >= LARGEST_BYTES;
    try {
      for (let pass = 0; pass < (isLong ? PASSES : 1); pass++) {
        await this.#compute.do({ kind: 'checkpoint', databaseFile: file });
      }
    } finally {
      if (isLong) this.#database.checkpoint();
    }
  }
}

function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
