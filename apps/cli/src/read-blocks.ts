import { closeSync, openSync, readSync } from 'node:fs';
import { notReadable } from './cli-error.ts';

const BLOCK = 1 << 16;
/** A line longer than this is handed on in pieces; no journal line comes near it. */
const LONGEST_LINE = 1 << 20;

/**
 * A file's bytes in blocks of 64 kB. Each block is a view that the next one overwrites.
 *
 * @throws {CliError} `FILE_NOT_READABLE`
 */
export function* readBlocks(path: string): Generator<Uint8Array, void> {
  const descriptor = attempt(path, () => openSync(path, 'r'));
  try {
    const block = new Uint8Array(BLOCK);
    for (;;) {
      const length = attempt(path, () => readSync(descriptor, block));
      if (length === 0) return;
      yield block.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The lines of a text file without their line feeds. */
export function* readLines(path: string): Generator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for (const block of readBlocks(path)) {
    rest += decoder.decode(block, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) {
      yield rest;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** A folder opens like a file and fails at its first read, so both steps are guarded alike. */
function attempt<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw notReadable(path, error);
  }
}
