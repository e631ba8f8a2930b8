import { FrameDecider, QarError, verifyJournal } from '@sema/qar';
import Sqlite from 'libsql';
import { ServiceError } from '../service-error.ts';
import { systemClock } from '../system-clock.ts';
import { drawCircuit, runCircuit } from './circuits.ts';
import type { Results, Task } from './tasks.ts';

/** @throws {ServiceError} for what the client is to mend. */
export function perform(task: Task): Results[Task['kind']] {
  switch (task.kind) {
    case 'frame':
      return decideFrame(task);
    case 'verify':
      return verify(task);
    case 'circuit':
      return runCircuit(task);
    case 'draw':
      return drawCircuit(task);
    case 'checkpoint':
      return checkpoint(task.databaseFile);
  }
}

function decideFrame(task: Task & { readonly kind: 'frame' }): Results['frame'] {
  const { configuration, snapshot, columns, from } = task;
  const { length } = columns.time;
  const options = { clock: systemClock(), ...(snapshot !== undefined && { snapshot }) };
  try {
    using decider = new FrameDecider(configuration, options);
    const candles = { ...columns, length };
    return Array.from({ length: length - from }, (_, row) => decider.signal(candles, from + row));
  } catch (error) {
    if (!(error instanceof QarError) || error.code !== 'BAD_SNAPSHOT') throw error;
    throw new ServiceError('MODEL_NOT_USABLE', error.message, { cause: error });
  }
}

/** Reads the journal over a connection of its own, so that nobody waits meanwhile. */
function verify({ databaseFile, market, publicKey }: Task & { readonly kind: 'verify' }) {
  const database = new Sqlite(databaseFile, { readonly: true });
  try {
    const lines = database
      .prepare('SELECT line FROM journal WHERE market = ? ORDER BY position')
      .raw(true);
    return verifyJournal(texts(lines.iterate(market)), { publicKey });
  } finally {
    database.close();
  }
}

/** Writes what the write-ahead log holds into the database, beside whoever adds to the log. */
function checkpoint(databaseFile: string): undefined {
  const database = new Sqlite(databaseFile);
  try {
    database.pragma('synchronous = NORMAL');
    database.pragma('wal_checkpoint(PASSIVE)');
  } finally {
    database.close();
  }
}

function* texts(rows: Iterable<unknown>): Generator<string, void> {
  // The one column is text.
  for (const row of rows) yield (row as [string])[0];
}
