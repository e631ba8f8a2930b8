import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';

/**
 * `always`: what was appended is on the disk, and survives a power cut. `never`: it is with the
 * operating system, and survives the end of this process, however that comes.
 */
export type SyncPolicy = 'always' | 'never';

const NEWLINE = 0x0a;
const BLOCK = 4096;

/** A file of lines that only grows. Opening it drops a last line that was not written whole. */
export class Appender implements Disposable {
  readonly #descriptor: number;
  readonly #sync: SyncPolicy;
  #bytes: number;
  #closed = false;

  constructor(path: string, sync: SyncPolicy) {
    this.#descriptor = openSync(path, 'a+');
    this.#sync = sync;
    const { size } = fstatSync(this.#descriptor);
    this.#bytes = endOfLastLine(this.#descriptor, size);
    if (this.#bytes === size) return;
    ftruncateSync(this.#descriptor, this.#bytes);
    fsyncSync(this.#descriptor);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends a line given without its line feed. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    if (this.#sync === 'always') fsyncSync(this.#descriptor);
    this.#bytes += bytes.length;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }
}

/** Bytes up to and with the last line feed. */
function endOfLastLine(descriptor: number, size: number): number {
  const block = Buffer.alloc(BLOCK);
  for (let end = size; end > 0; end -= BLOCK) {
    const start = Math.max(0, end - BLOCK);
    const length = readSync(descriptor, block, 0, end - start, start);
    const newline = block.subarray(0, length).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
  }
  return 0;
}
