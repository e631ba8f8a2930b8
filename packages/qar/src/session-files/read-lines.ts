import { closeSync, openSync, readSync } from 'node:fs';

const BLOCK = 1 << 16;

/** The lines of a text file that ends with a line feed, in constant memory. */
export function* readLines(path: string): Generator<string, void> {
  const descriptor = openSync(path, 'r');
  try {
    const decoder = new TextDecoder();
    const block = new Uint8Array(BLOCK);
    let rest = '';
    for (;;) {
      const length = readSync(descriptor, block);
      if (length === 0) break;
      rest += decoder.decode(block.subarray(0, length), { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(descriptor);
  }
}
