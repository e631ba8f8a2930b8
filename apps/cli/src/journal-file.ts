import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { pid } from 'node:process';
import { notWritable } from './cli-error.ts';

/** Bytes moved at a time. */
const BLOCK = 1 << 16;

/**
 * A journal being written. Between making it and `publish`, which both are steps that must not be
 * interrupted, its file has no name: a run that is cut short leaves nothing behind.
 */
export class JournalFile implements Disposable {
  readonly #path: string;
  readonly #partialPath: string;
  readonly #descriptor: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #closed = false;

  /** @throws {CliError} `NOT_WRITABLE` */
  constructor(path: string) {
    this.#path = path;
    this.#partialPath = `${path}.${String(pid)}.partial`;
    try {
      this.#descriptor = openSync(this.#partialPath, 'w+');
      rmSync(this.#partialPath);
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  /** Appends a line given without its line feed. */
  writeLine(line: string): void {
    this.#pending.push(line, '\n');
    this.#pendingLength += line.length + 1;
    if (this.#pendingLength >= BLOCK) this.#flush();
  }

  /** Puts the whole journal under its name at once, replacing an older one. */
  publish(): void {
    this.#flush();
    try {
      this.#copyTo(this.#partialPath);
      renameSync(this.#partialPath, this.#path);
    } catch (error) {
      rmSync(this.#partialPath, { force: true });
      throw notWritable(this.#path, error);
    } finally {
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  #flush(): void {
    try {
      writeAll(this.#descriptor, Buffer.from(this.#pending.join('')));
    } catch (error) {
      throw notWritable(this.#path, error);
    }
    this.#pending = [];
    this.#pendingLength = 0;
  }

  #copyTo(path: string): void {
    const target = openSync(path, 'w');
    try {
      const block = new Uint8Array(BLOCK);
      let position = 0;
      for (;;) {
        const length = readSync(this.#descriptor, block, 0, BLOCK, position);
        if (length === 0) break;
        writeAll(target, block.subarray(0, length));
        position += length;
      }
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
