import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { codeOf, StartError } from '../start-error.ts';
import { MIGRATIONS } from './migrations.ts';

/** What a column holds. Text never has a NUL in it: the driver would cut it off there. */
export type Cell = string | number | null | Uint8Array;

/** A prepared statement whose rows are arrays of cells, in the order of its columns. */
export interface Query<Row extends readonly Cell[]> {
  run(...values: readonly Cell[]): void;
  first(...values: readonly Cell[]): Row | undefined;
  all(...values: readonly Cell[]): Row[];
  each(...values: readonly Cell[]): Iterable<Row>;
}

const FILE = 'sema.sqlite';
/** What the write-ahead log is cut back to when it starts from its beginning again. */
export const RESTING_LOG_BYTES = 16 * 1_048_576;

/**
 * The service's one database, in one data directory that one process has open at a time.
 *
 * What a transaction wrote survives the end of this process however that comes; with
 * `everyCommitToDisk` it survives a power cut too, at the price of a disk flush per transaction.
 */
export class Database implements Disposable {
  readonly #database: Sqlite.Database;
  readonly #lock: Sqlite.Database;
  /** Where it is, for a reader with a connection of its own. */
  readonly file: string;
  readonly #begin: Query<[]>;
  readonly #commit: Query<[]>;
  #depth = 0;

  /** @throws {StartError} `DATA_IN_USE`, `DATA_CORRUPT`, `DATA_NEWER`, `DATA_NOT_WRITABLE` */
  constructor(directory: string, options: { readonly everyCommitToDisk: boolean }) {
    makeDirectory(directory);
    this.file = join(directory, FILE);
    this.#lock = lock(directory);
    try {
      this.#database = open(this.file, options.everyCommitToDisk);
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    this.#begin = this.query('BEGIN IMMEDIATE');
    this.#commit = this.query('COMMIT');
  }

  /** The caller names the columns it selects, and so knows what a row is. */
  query<Row extends readonly Cell[]>(sql: string): Query<Row> {
    const statement = this.#database.prepare(sql);
    if (statement.reader) statement.raw(true);
    return {
      run: (...values) => {
        statement.run(...values);
      },
      first: (...values) => statement.get(...values) as Row | undefined,
      all: (...values) => statement.all(...values) as Row[],
      each: (...values) => statement.iterate(...values) as Iterable<Row>,
    };
  }

  /** Runs `work` so that all it wrote is kept or, if it throws, none. May be nested. */
  transaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work();
    this.#begin.run();
    this.#depth++;
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Folds what the write-ahead log still holds into the database. */
  checkpoint(): void {
    this.#database.pragma('wal_checkpoint(PASSIVE)');
  }

  [Symbol.dispose](): void {
    if (!this.#database.open) return;
    // So that the one file holds it all, for whoever copies it now.
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.close();
    this.#lock.close();
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError(
      'DATA_NOT_WRITABLE',
      `the data directory ${directory} cannot be made (${codeOf(error)})`,
      'choose a writable folder with --data',
      { cause: error },
    );
  }
}

/** Held by the operating system for as long as this process lives, so it is never left behind. */
function lock(directory: string): Sqlite.Database {
  const path = join(directory, 'lock.sqlite');
  let held: Sqlite.Database | undefined;
  try {
    held = new Sqlite(path);
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return held;
  } catch (error) {
    held?.close();
    const code = codeOf(error);
    if (code.startsWith('SQLITE_BUSY')) {
      throw new StartError(
        'DATA_IN_USE',
        `another process has ${directory} open`,
        'stop it, or choose another folder with --data',
        { cause: error },
      );
    }
    throw new StartError(
      'DATA_NOT_WRITABLE',
      `${path} cannot be opened (${code})`,
      'check that the folder is writable and the disk not full',
      { cause: error },
    );
  }
}

function open(path: string, everyCommitToDisk: boolean): Sqlite.Database {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(path);
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${everyCommitToDisk ? 'FULL' : 'NORMAL'}`);
    // A commit that has to fold the log in first would keep a decision waiting: see Checkpointer.
    database.pragma('wal_autocheckpoint = 0');
    database.pragma(`journal_size_limit = ${String(RESTING_LOG_BYTES)}`);
    checkIntegrity(database, path);
    migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StartError ? error : corrupt(path, codeOf(error), error);
  }
}

function checkIntegrity(database: Sqlite.Database, path: string): void {
  const rows = database.prepare('PRAGMA quick_check(1)').raw(true).all();
  const [[finding] = []] = rows as [string][];
  if (finding !== 'ok') throw corrupt(path, finding ?? 'no answer');
}

function migrate(database: Sqlite.Database, path: string): void {
  const row = database.prepare('PRAGMA user_version').raw(true).get();
  const [version] = row as [number];
  if (version > MIGRATIONS.length) {
    throw new StartError(
      'DATA_NEWER',
      `${path} is of version ${String(version)}; this program reads up to ` +
        String(MIGRATIONS.length),
      'run the version of sema that wrote it, or a newer one',
    );
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[next]} PRAGMA user_version = ${next + 1}; COMMIT`);
  }
}

function corrupt(path: string, finding: string, cause?: unknown): StartError {
  return new StartError(
    'DATA_CORRUPT',
    `${path} is damaged: ${finding}`,
    'stop here and keep the file; restore the folder from a backup, or move it away to start ' +
      'empty. `sqlite3 FILE .recover` may save what is readable',
    { cause },
  );
}
