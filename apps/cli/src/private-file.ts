import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, errorCode, notWritable } from './cli-error.ts';

/** Read and write for the owner, nothing for anybody else. */
const PRIVATE = 0o600;

/**
 * Writes a new file that only its owner can read.
 *
 * @throws {CliError} `ALREADY_THERE`, `NOT_WRITABLE`
 */
export function createPrivateFile(path: string, text: string): void {
  createFile(path, text, PRIVATE);
  chmodSync(path, PRIVATE);
}

/** Writes a new file. @throws {CliError} `ALREADY_THERE`, `NOT_WRITABLE` */
export function createFile(path: string, text: string, mode = 0o666): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx', mode });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw notWritable(path, error);
    const next = 'move it away, or choose another path';
    throw new CliError('ALREADY_THERE', `${path} is there already`, next, { cause: error });
  }
}
