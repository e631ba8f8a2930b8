import { statSync } from 'node:fs';
import { journalSegments } from '@sema/qar/session-files';
import { notReadable } from './cli-error.ts';
import { readLines } from './read-blocks.ts';

/**
 * The lines of a journal: one file, or the segments of a session's folder one after another.
 *
 * @throws {CliError} `FILE_NOT_READABLE`
 */
export function* journalLines(path: string): Generator<string, void> {
  const segments = isFolder(path) ? journalSegments(path) : [];
  if (segments.length === 0) yield* readLines(path);
  for (const segment of segments) yield* readLines(segment);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw notReadable(path, error);
  }
}
