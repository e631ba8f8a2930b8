import { readFileSync } from 'node:fs';
import { QarError, snapshotConfiguration, type EngineConfiguration } from '@sema/qar';
import { CliError, notReadable } from './cli-error.ts';

/** A model that decides and learns nothing, and the settings that it was made under. */
export interface FrozenModelFile {
  readonly snapshot: Uint8Array;
  readonly configuration: EngineConfiguration;
}

/**
 * Reads the snapshot of a run or of a service's market.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `NOT_A_MODEL`
 */
export function readFrozenModel(path: string): FrozenModelFile {
  let snapshot: Uint8Array;
  try {
    snapshot = readFileSync(path);
  } catch (error) {
    throw notReadable(path, error);
  }
  try {
    return { snapshot, configuration: snapshotConfiguration(snapshot) };
  } catch (error) {
    if (!(error instanceof QarError)) throw error;
    const next = 'give the snapshot.bin of a run, or one that a service gave';
    throw new CliError('NOT_A_MODEL', `${path}: ${error.message}`, next, { cause: error });
  }
}
