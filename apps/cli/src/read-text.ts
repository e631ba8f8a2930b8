import { readFileSync } from 'node:fs';
import { notReadable } from './cli-error.ts';

/** @throws {CliError} `FILE_NOT_READABLE` */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw notReadable(path, error);
  }
}
