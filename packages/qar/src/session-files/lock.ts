import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { kill, pid } from 'node:process';
import { QarError } from '../errors.ts';

/** Keeps a folder to one process. A lock whose process has ended is taken over. */
export class Lock implements Disposable {
  readonly #path: string;

  /** @throws {QarError} `SESSION_IN_USE` */
  constructor(path: string) {
    this.#path = path;
    if (this.#take()) return;
    const holder = holderOf(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new QarError('SESSION_IN_USE', `process ${holder} holds ${path}`);
    }
    rmSync(path, { force: true });
    if (!this.#take()) throw new QarError('SESSION_IN_USE', `another process holds ${path}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }

  #take(): boolean {
    try {
      writeFileSync(this.#path, String(pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }
}

/** The process that a lock names, if it was written whole. */
function holderOf(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(holder) && holder > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: number): boolean {
  // This very process holds nothing: it would have to have been opened twice.
  try {
    kill(holder, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
