import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { codeOf, StartError } from './start-error.ts';

const DATABASE = 'sema.sqlite';
const KEYS = 'keys';
const EXCHANGES = 'exchanges.json';

/**
 * Copies the data directory of a service, which may be running, into a folder that does not exist
 * yet. The database is as it was at one moment of the call, between two transactions; keys and
 * exchanges are copied beside it, readable for their owner alone. To restore, start a service on
 * that folder or on a copy of it.
 *
 * Copying the files of a running service would not do: what it wrote last is not in them yet.
 *
 * @throws {StartError} `DATA_NOT_WRITABLE` for a target that is there or cannot be made,
 *   `DATA_CORRUPT` for a source without a database or a copy that SQLite does not find whole
 */
export function backUp(dataDirectory: string, target: string): void {
  const source = join(dataDirectory, DATABASE);
  if (!existsSync(source)) {
    const next = 'name the folder that the service was given with --data';
    throw new StartError('DATA_CORRUPT', `there is no ${source}`, next);
  }
  makeFolder(target);
  copyFolder(join(dataDirectory, KEYS), join(target, KEYS));
  copyPrivate(join(dataDirectory, EXCHANGES), join(target, EXCHANGES));
  const copy = join(target, DATABASE);
  copyDatabase(source, copy);
  checkWhole(copy);
  flush(copy);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    throw new StartError(
      'DATA_NOT_WRITABLE',
      `the folder ${path} cannot be made (${codeOf(error)})`,
      'name a folder that is not there yet, in one that is',
      { cause: error },
    );
  }
}

function copyFolder(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from)) copyPrivate(join(from, name), join(to, name));
}

function copyPrivate(from: string, to: string): void {
  if (!existsSync(from)) return;
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}

function copyDatabase(source: string, copy: string): void {
  const database = new Sqlite(source);
  try {
    // One transaction that reads: a service that writes meanwhile neither waits nor is seen.
    database.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    throw damaged(source, codeOf(error), error);
  } finally {
    database.close();
  }
  chmodSync(copy, 0o600);
}

function checkWhole(path: string): void {
  const database = new Sqlite(path);
  try {
    const [row] = database.prepare('PRAGMA integrity_check').raw(true).all() as [string][];
    if (row?.[0] !== 'ok') throw damaged(path, row?.[0] ?? 'no answer');
  } finally {
    database.close();
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function damaged(path: string, why: string, cause?: unknown): StartError {
  const next = 'check the disk, and keep the back-ups from before';
  return new StartError('DATA_CORRUPT', `${path} is not whole: ${why}`, next, { cause });
}
