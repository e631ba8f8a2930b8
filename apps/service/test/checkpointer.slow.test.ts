import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ComputePool } from '../src/compute/compute-pool.ts';
import { Checkpointer } from '../src/storage/checkpointer.ts';
import { Database, RESTING_LOG_BYTES } from '../src/storage/database.ts';
import { temporaryDirectory } from './running-service.ts';

/** Kilobytes, as a journal line has. */
const LINE = 'x'.repeat(8192);
const BURST = 4000;

test('the write-ahead log is folded in beside who writes, and cut back', async () => {
  using directory = temporaryDirectory();
  using database = new Database(directory.path, { everyCommitToDisk: false });
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const compute = new ComputePool({ threads: 1, waiting: 4, timeoutMs: 600_000, onFailure });
  const add = database.query('INSERT INTO journal VALUES (?, ?, ?)');
  const logBytes = (): number => statSync(`${database.file}-wal`).size;
  let lines = 0;
  const write = (): void => {
    add.run(1, lines, LINE);
    lines++;
  };
  try {
    using _ = new Checkpointer(database, compute, onFailure);
    while (lines < BURST) write();
    expect(logBytes()).toBeGreaterThan(RESTING_LOG_BYTES);
    while (logBytes() > RESTING_LOG_BYTES) {
      write();
      await setTimeout(10);
    }
  } finally {
    await compute.close();
  }
  expect(failures).toEqual([]);
  expect(database.query<[number]>('SELECT count(*) FROM journal').first()).toEqual([lines]);
});
