import { readFileSync } from 'node:fs';
import { verifyJournal, type EngineConfiguration } from '@sema/qar';
import { decodeSnapshot } from '@sema/serializer';
import { CliError, notReadable } from './cli-error.ts';
import { readHeader } from './journal-header.ts';
import type { CandleFile } from './read-candles.ts';
import { readLines } from './read-blocks.ts';

/** A run that `--until` stopped, ready to go on. */
export interface StoppedRun {
  /** Path of its unsealed journal. */
  readonly journal: string;
  readonly snapshot: Uint8Array;
  readonly configuration: EngineConfiguration;
  /** Base64url; the journal can only go on with the same key. */
  readonly publicKey: string;
}

/**
 * Opens the folder of a stopped run over the same candle file, after checking its journal whole.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `NOT_A_JOURNAL`, `OTHER_DATA`, `JOURNAL_NOT_VALID`,
 * `JOURNAL_SEALED`
 * @throws {SerializerError} when the snapshot is damaged.
 */
export function openStoppedRun(
  files: { readonly journal: string; readonly snapshot: string },
  file: CandleFile,
): StoppedRun {
  const { journal } = files;
  const header = readHeader(journal);
  if (header.data.hash !== file.hash) {
    throw new CliError(
      'OTHER_DATA',
      `${journal} was written over ${header.data.name} with SHA-256 ${String(header.data.hash)}; ` +
        `${file.path} has ${file.hash}`,
      'resume with the very file the run began with',
    );
  }
  const verdict = verifyJournal(readLines(journal));
  if (!verdict.valid) {
    throw new CliError(
      'JOURNAL_NOT_VALID',
      `${journal}:${String(verdict.line)}: ${verdict.reason}`,
      'start the run again without --resume',
    );
  }
  if (verdict.sealed) {
    throw new CliError(
      'JOURNAL_SEALED',
      `${journal} is complete: there is nothing left to decide`,
      'start a new run without --resume',
    );
  }
  const snapshot = readSnapshot(files.snapshot);
  if (decodeSnapshot(snapshot).lastHash !== verdict.lastHash) {
    throw new CliError(
      'JOURNAL_NOT_VALID',
      `${files.snapshot} was not taken at the end of ${journal}`,
      'start the run again without --resume',
    );
  }
  return {
    journal,
    snapshot,
    configuration: header.configuration,
    publicKey: verdict.publicKey,
  };
}

function readSnapshot(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw notReadable(path, error);
  }
}
